import { rm, writeFile } from 'node:fs/promises'
import type { Clock } from '../../../src/clock.ts'
import { createLog } from '../../../src/log.ts'
import { keepMemory, loadMemory } from '../../../src/store/memory-keeper.ts'
import { openStore } from '../../../src/store/open-store.ts'
import {
  ALICE,
  BOB,
  CAROL,
  channel,
  DAY,
  HOUR,
  MINUTE,
  NOON,
  offered,
  refused,
  settled,
} from '../../support/events.ts'
import { figuresOf } from './figures.ts'

// Makes a database file in the form of the program that runs it, and beside it what it says:
//   npx tsx test/store/forms/make.ts test/store/forms/form-N.sqlite
// Run it in the last commit of a form, before the next form comes, and commit both files: the
// upgrade test reads every form-*.sqlite of this folder, and a kept file is never made again.

const LIMITS = { maxChannels: 100, retentionDays: 400 }
const END = NOON + 20 * MINUTE
const PUBKEY = `02${'ab'.repeat(32)}`
const CHAT = { version: 1, id: 77, title: 'me', timeZone: 'Europe/Berlin', pairedAt: NOON }

const [path = ''] = process.argv.slice(2)
let now = NOON - 3 * DAY
const clock: Clock = {
  now: () => now,
  monotonic: () => now,
  // Nobody is woken: the file is saved once an hour of its own time, by hand.
  sleep: (_ms, signal) => new Promise((wake) => signal?.addEventListener('abort', () => wake())),
}
const log = createLog('warn')

await rm(path, { force: true })
{
  await using store = await openStore({ url: `sqlite://${path}`, log, clock })
  await store.claim(PUBKEY)
  await store.write([{ key: 'chat:77', value: CHAT }])
  const memory = await loadMemory(store, LIMITS, now)
  await using saver = keepMemory(memory, store, { clock, log })
  memory.streamUp(now)
  memory.updateChannels([channel(ALICE), channel(BOB), channel(CAROL)], now)
  for (let id = 0; now < END; now += 20 * MINUTE) {
    memory.record(offered(id, { at: now }), now)
    memory.record(settled(id++, { at: now }), now)
    memory.record(refused(id++, { at: now, outgoing: CAROL }), now)
    if (now % HOUR === 0) await saver.flush()
  }
  // In flight when the file was closed.
  memory.record(offered(100_000, { at: now }), now)
  await saver.flush()
  const figures = JSON.stringify(figuresOf(memory, now), undefined, 2)
  await writeFile(path.replace(/\.sqlite$/, '.json'), `${figures}\n`)
}
// The lock of the process, and of no use to anyone else.
await rm(`${path}.lock`, { force: true })
