import { describe, expect, it, vi } from 'vitest'
import { KINDS } from '../../src/alerts/kinds.ts'
import { Rung } from '../../src/alerts/rung.ts'
import { Spikes } from '../../src/analyzer/spikes/spikes.ts'
import { rushAt, trafficWithRush } from '../../src/demo/traffic-demo.ts'
import { createWorld } from '../../src/demo/world.ts'
import { Memory } from '../../src/stats/memory.ts'

vi.setConfig({ testTimeout: 60_000 })

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const PAST = 4 * 24 * HOUR
// Two minutes of life at the demo's pace.
const LIFE = 80 * MINUTE
const MERCHANT = 'channel:871200x900x1'

describe('the rush of the demo', () => {
  it.each([3, 12])('rings once and is over within two minutes of life, at %i h UTC', (hour) => {
    const present = Date.UTC(2026, 10, 26) + hour * HOUR
    const spikes = spikesOfDemo(present).filter(({ subject }) => subject === MERCHANT)

    expect(spikes.map(({ kind }) => kind)).toEqual(['spike.local'])
    const [{ firedAt = 0, resolvedAt = Number.POSITIVE_INFINITY } = {}] = spikes
    expect(firedAt).toBeGreaterThan(present + 2 * MINUTE)
    expect(firedAt).toBeLessThan(present + 8 * MINUTE)
    expect(resolvedAt).toBeLessThan(present + LIFE)
  })

  it('rings within four minutes for each crowd that is asked for', () => {
    const present = Date.UTC(2026, 10, 26) + 3 * HOUR
    const asked = [1, 2, 3, 4].map((n) => present + n * HOUR)
    const fired = spikesOfDemo(present, asked).map(({ firedAt }) => firedAt)

    for (const at of asked) {
      expect(fired.some((time) => time > at && time <= at + 4 * MINUTE)).toBe(true)
    }
  })
})

/** Plays the demo's past and life, with more crowds at these times. */
function spikesOfDemo(present: number, asked: readonly number[] = []) {
  const from = present - PAST
  const world = createWorld({ seed: 1, startAt: from, traffic: trafficWithRush(present) })
  const memory = new Memory({ maxChannels: 100, retentionDays: 400 }, from)
  memory.streamUp(from)
  const observed = (begin: number, end: number) => memory.coverage.coveredMs(begin, end)
  const spikes = new Spikes({ channels: memory.book, observed, now: from })
  memory.listen((outcome, at) => spikes.take(outcome, at))
  const rung = new Rung(KINDS, (scid) => memory.book.get(scid)?.channel?.peer.pubkey)
  const end = Math.max(present, ...asked) + LIFE
  for (let now = from; now < end; now += MINUTE) {
    if (asked.includes(now)) world.rush(rushAt(now, asked.indexOf(now)))
    if (now % (10 * MINUTE) === 0) memory.updateChannels(world.channels(), now)
    for (const event of world.advance(now)) memory.record(event, event.at)
    // As the demo does: nobody looks while the past is raced through.
    if (now > present) rung.minute(now, spikes.readings(now), new Set())
  }
  return rung.all()
}
