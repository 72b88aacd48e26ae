import { createLog } from '../../src/log.ts'
import { openStore } from '../../src/store/open-store.ts'

// A process that holds a store until it is killed.
const store = await openStore({ url: process.argv[2] ?? '', log: createLog('error') })
await store.write([{ key: 'held:1', value: true }])
process.stdout.write('held\n')
setInterval(() => undefined, 60_000)
