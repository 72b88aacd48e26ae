import { describe, expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { Memory } from '../../src/stats/memory.ts'
import { nodeView } from '../../src/stats/memory-views.ts'
import type { Window } from '../../src/stats/views.ts'
import { keepMemory } from '../../src/store/memory-keeper.ts'
import { openStore } from '../../src/store/open-store.ts'
import { pastTraffic } from '../../src/wiring/past-traffic.ts'
import { DAY, event, HOUR, MINUTE, NOON } from '../support/events.ts'
import { temporaryFolder } from '../support/folder.ts'
import { manualClock } from '../support/manual-clock.ts'

const LIMITS = { maxChannels: 100, retentionDays: 400 }
const log = createLog('silent')

/** A forward each 37 minutes for some days, each of another size. */
async function forwardFor(
  days: number,
  parts: { memory: Memory; clock: ReturnType<typeof manualClock>; save(): Promise<void> },
) {
  const { memory, clock, save } = parts
  const settled: { at: number; earnedMsat: number }[] = []
  for (let i = 0; i * 37 * MINUTE < days * DAY; i++) {
    const at = clock.now()
    const earnedMsat = 1_000 + (i % 17) * 100
    const amounts = { outgoingMsat: 1_000_000, incomingMsat: 1_000_000 + earnedMsat }
    const ids = { incomingHtlcId: i, outgoingHtlcId: i, at }
    memory.record(event({ kind: 'forward', ...ids, ...amounts }), at)
    memory.record(event({ kind: 'settle', ...ids }), at)
    settled.push({ at, earnedMsat })
    await clock.advance(37 * MINUTE)
    if (i % 8 === 0) await save()
  }
  return settled
}

describe(pastTraffic, () => {
  it('adds up what was forwarded in the span before a window, from a real disk', async () => {
    await using folder = await temporaryFolder()
    const clock = manualClock(NOON)
    await using store = await openStore({ url: `sqlite://${folder.path}/a.sqlite`, log, clock })
    const memory = new Memory(LIMITS, NOON)
    // That its history goes back for long enough is a question of its own.
    memory.streamUp(NOON)
    for (const gap of memory.coverage.gaps) memory.finishGap(gap)
    await using saver = keepMemory(memory, store, { clock, log })
    const save = () => saver.flush()
    const settled = await forwardFor(70, { memory, clock, save })
    const past = pastTraffic(memory, store, save)
    for (const hours of [0, 1, 7, 20]) {
      await clock.advance(hours * HOUR)
      await save()
      for (const window of ['24h', '7d', '30d'] as const satisfies Window[]) {
        const { from: to } = nodeView(memory, window, clock.now()).span
        const before = await past.before(window, to)
        const length = to - (before?.from ?? 0)
        const within = settled.filter(({ at }) => at >= to - length && at < to)
        const earned = within.reduce((sum, { earnedMsat }) => sum + earnedMsat, 0)
        expect(before, `${window} after ${hours} h`).toMatchObject({
          to,
          settled: within.length,
          volumeMsat: BigInt(within.length) * 1_000_000n,
          earnedMsat: BigInt(earned),
        })
        const days = { '24h': 1, '7d': 7, '30d': 30 }[window]
        expect(length).toBeGreaterThanOrEqual(days * DAY)
        expect(length).toBeLessThan((window === '7d' ? days + 1 : days) * DAY + 1)
      }
    }
  }, 60_000)

  it('knows nothing of a span that LND was not listened to and its history not read', async () => {
    const memory = new Memory(LIMITS, NOON)
    const past = pastTraffic(memory, { readMember: async () => new Map() }, async () => undefined)
    expect(await past.before('24h', NOON - DAY)).toBeUndefined()
    memory.streamUp(NOON)
    // The history of the 30 days before the first start is still to be read.
    expect(past.isBeingFilled(NOON - DAY, NOON)).toBe(true)
    expect(await past.before('24h', NOON - DAY)).toBeUndefined()
    for (const gap of memory.coverage.gaps) memory.finishGap(gap)
    expect(past.isBeingFilled(NOON - DAY, NOON)).toBe(false)
    expect(await past.before('24h', NOON - DAY)).toMatchObject({ settled: 0 })
    // What lies before those 30 days nobody asked for.
    expect(await past.before('30d', NOON - 30 * DAY)).toBeUndefined()
  })
})
