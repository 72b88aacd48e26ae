import { writeSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createLog } from '../../src/log.ts'
import { openStore } from '../../src/store/open-store.ts'
import { startSaving } from '../../src/store/saver.ts'
import { batchOf, HEAD } from './kill-batch.ts'

// Saves one batch after the other, as fast as it can, until it is killed, and prints the number of
// each once it is on disk. The saver's own round runs between, at every turn of the event loop.
const log = createLog('error')
const hurried = { now: () => 0, monotonic: () => 0, sleep: () => nextTurn() }
const store = await openStore({ url: process.argv[2] ?? '', log })
let number = Number((await store.read(HEAD)) ?? 0)
let isDirty = false
const saver = startSaving({
  clock: hurried,
  log,
  write: (docs) => store.write(docs),
  collect: () => {
    const docs = isDirty ? batchOf(number) : []
    isDirty = false
    return docs
  },
})
for (;;) {
  number++
  isDirty = true
  const saved = number
  await saver.flush()
  writeSync(1, `${saved}\n`)
}
