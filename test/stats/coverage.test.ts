import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Coverage } from '../../src/stats/coverage.ts'
import { HOUR, MINUTE, NOON } from '../support/events.ts'

describe('the times at which nobody listened', () => {
  it('are those before the first stream, between two, and after the last', () => {
    const coverage = new Coverage()
    coverage.up(NOON)
    coverage.down(NOON + HOUR)
    coverage.up(NOON + HOUR + 5 * MINUTE)
    coverage.down(NOON + 3 * HOUR)
    expect(coverage.uncovered(NOON - HOUR, NOON + 4 * HOUR)).toEqual([
      { from: NOON - HOUR, to: NOON },
      { from: NOON + HOUR, to: NOON + HOUR + 5 * MINUTE },
      { from: NOON + 3 * HOUR, to: NOON + 4 * HOUR },
    ])
  })

  it('are all of a span without a stream, and none of one that is heard whole', () => {
    const coverage = new Coverage()
    expect(coverage.uncovered(NOON, NOON + HOUR)).toEqual([{ from: NOON, to: NOON + HOUR }])
    coverage.up(NOON - HOUR)
    expect(coverage.uncovered(NOON, NOON + HOUR)).toEqual([])
  })

  it('are, with the times that were heard, the whole span', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 3 * HOUR }), { maxLength: 12 })
    fc.assert(
      fc.property(lengths, fc.integer({ min: -2 * HOUR, max: 20 * HOUR }), (all, start) => {
        const coverage = new Coverage()
        let now = NOON
        for (const [i, length] of all.entries()) {
          if (i % 2 === 0) coverage.up(now)
          else coverage.down(now)
          now += length
        }
        const [from, to] = [NOON + start, NOON + start + 9 * HOUR]
        const unheard = coverage.uncovered(from, to)
        const sum = unheard.reduce((total, gap) => total + gap.to - gap.from, 0)
        expect(sum + coverage.coveredMs(from, to)).toBe(to - from)
        for (const gap of unheard) expect(gap.to).toBeGreaterThan(gap.from)
      }),
    )
  })
})

describe('the times of which forwards are not known yet', () => {
  it('are those that LND’s history was not read for, and an outage that goes on', () => {
    const coverage = new Coverage()
    coverage.up(NOON)
    coverage.down(NOON + HOUR)
    coverage.up(NOON + 2 * HOUR)
    const [before, gap] = coverage.gaps
    if (!before || !gap) throw new Error('there are two gaps to fill')
    coverage.filled(before, before.to)
    const unread = () => coverage.unread(NOON - HOUR, NOON + 5 * HOUR)
    expect(unread()).toEqual([{ from: NOON + HOUR, to: NOON + 2 * HOUR }])
    coverage.filled(gap, NOON + 90 * MINUTE)
    expect(unread()).toEqual([{ from: NOON + 90 * MINUTE, to: NOON + 2 * HOUR }])
    coverage.filled(gap, gap.to)
    expect(unread()).toEqual([])
    coverage.down(NOON + 4 * HOUR)
    expect(unread()).toEqual([{ from: NOON + 4 * HOUR, to: NOON + 5 * HOUR }])
  })
})
