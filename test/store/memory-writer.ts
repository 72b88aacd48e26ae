import { systemClock as clock } from '../../src/clock.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { createLog } from '../../src/log.ts'
import { nodeView } from '../../src/stats/memory-views.ts'
import { keepMemory, loadMemory } from '../../src/store/memory-keeper.ts'
import { openStore } from '../../src/store/open-store.ts'

// Remembers forwards as fast as it can, each settled one an HTLC id further on, until it is killed.
// Prints how many had settled whenever they are on disk; what was in flight then settles first.
const CHANNELS = 40
const log = createLog('silent')
const scid = (n: number): Scid => `${800_000 + (n % CHANNELS)}x1x0`
const store = await openStore({ url: process.argv[2] ?? '', log })
const memory = await loadMemory(store, { maxChannels: 100, retentionDays: 400 }, clock.now())
const saver = keepMemory(memory, store, { clock, log })
if (!memory.coverage.isUp) memory.streamUp(clock.now())
let settled = nodeView(memory, '30d', clock.now()).forwards.settled
for (;;) {
  for (let i = 0; i < 200; i++) {
    memory.record(event(settled, 'forward'), clock.now())
    if (i === 100) await saver.flush()
    memory.record(event(settled, 'settle'), clock.now())
    settled++
  }
  await saver.flush()
  process.stdout.write(`${settled}\n`)
}

function event(id: number, kind: 'forward' | 'settle'): HtlcEvent {
  return {
    kind,
    role: 'forward',
    at: clock.now(),
    incoming: scid(id),
    outgoing: scid(id * 7 + 1),
    incomingHtlcId: id,
    outgoingHtlcId: id,
    incomingMsat: 100_001_000,
    outgoingMsat: 100_000_000,
    wireFailure: 0,
    failureDetail: 0,
    settled: false,
  }
}
