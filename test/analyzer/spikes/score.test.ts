import { describe, expect, it } from 'vitest'
import { scoreOf } from '../../../src/analyzer/spikes/score.ts'
import { Track } from '../../../src/analyzer/spikes/track.ts'

const NOW = 30_000_000
const SEEN = [5, 15, 60] as const

/** A channel known for a week to refuse and accept ten demands an hour, with counts by minutes ago. */
function tracked(
  failed: Readonly<Record<number, number>>,
  passed: Readonly<Record<number, number>>,
) {
  const track = new Track(NOW)
  Object.assign(track, { failed: 1_680, passed: 1_680, exposure: 10_080, observed: 10_080 })
  for (const [ago, count] of Object.entries(failed)) track.add('failed', NOW - Number(ago), count)
  for (const [ago, count] of Object.entries(passed)) track.add('passed', NOW - Number(ago), count)
  return track
}

describe(scoreOf, () => {
  it('is none below five failures, whatever the odds', () => {
    expect(scoreOf(tracked({ 0: 4 }, {}), NOW, SEEN).count).toBe(0)
  })

  it('is lower the more was accepted, which tells of more demand', () => {
    const scores = [0, 5, 20].map((passed) =>
      scoreOf(tracked({ 0: 6, 1: 6 }, { 0: passed }), NOW, SEEN),
    )
    const [none, some, many] = scores.map(({ count }) => count)
    expect(none).toBeGreaterThan(some ?? Infinity)
    expect(some).toBeGreaterThan(many ?? Infinity)
  })

  it('doubts demand in five minutes no more than the quarter of an hour allows', () => {
    const quiet = scoreOf(tracked({ 0: 7, 1: 7 }, { 2: 1 }), NOW, SEEN)
    expect(quiet).toMatchObject({ countWindow: 5 })
    expect(quiet.count).toBeGreaterThan(8)
    const busy = scoreOf(tracked({ 0: 7, 1: 7 }, { 2: 1, 8: 6 }), NOW, SEEN)
    expect(busy.count).toBeLessThan(quiet.count - 1)
  })

  it('names the window that stands out, the shortest of those that do alike', () => {
    const before = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [15 + i, 1]))
    expect(scoreOf(tracked(before, {}), NOW, SEEN).countWindow).toBe(60)
    expect(scoreOf(tracked({ 0: 30 }, {}), NOW, SEEN).countWindow).toBe(5)
  })
})
