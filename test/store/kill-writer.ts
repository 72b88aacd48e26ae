import { systemClock } from '../../src/clock.ts'
import { createLog } from '../../src/log.ts'
import { openStore } from '../../src/store/open-store.ts'
import { startSaving } from '../../src/store/saver.ts'

// Saves batches of documents that all carry the same number, as fast as it can, until it is killed.
// Every third batch deletes half of them. Prints each number once it is on disk.
const DOCUMENTS = 20
const clock = systemClock
const log = createLog('silent')
const store = await openStore({ url: process.argv[2] ?? '', clock })
let number = Number((await store.read('batch:0')) ?? 0)
const saver = startSaving({
  clock,
  log,
  everyMs: 1_000_000,
  write: (docs) => store.write(docs),
  collect: () => {
    number++
    return Array.from({ length: DOCUMENTS }, (_, i) => ({
      key: `batch:${i}`,
      value: i >= DOCUMENTS / 2 && number % 3 === 0 ? undefined : number,
    }))
  },
})
for (;;) {
  await saver.flush()
  process.stdout.write(`${number}\n`)
}
