import { openStore } from '../../src/store/open-store.ts'

// A process that holds a store until it is killed.
const store = await openStore({ url: process.argv[2] ?? '', clock: { now: () => 0 } })
await store.write([{ key: 'held', value: true }])
process.stdout.write('held\n')
setInterval(() => undefined, 1000)
