import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChannelCase, DAY_MS, WEEK_MS } from '../../src/analyzer/case.ts'
import { recommend } from '../../src/analyzer/recommend.ts'
import { explainChange, urgencyOf, weeklyGain } from '../../src/analyzer/urgency.ts'
import type { ConfidenceLevel, Recommendation, Urgency } from '../../src/analyzer/views.ts'
import { aCase, demand, demands, SAT } from '../support/cases.ts'
import { HOUR, NOON } from '../support/events.ts'

function gaining(sat: number): Recommendation {
  const msat = BigInt(Math.round(sat * SAT))
  const gain = { expectedMsat: msat, lowMsat: msat / 2n, highMsat: msat * 2n }
  return { type: 'mend_peer', gain, demands: 9, isOnline: true }
}

function urgent(sat: number, given: Partial<ChannelCase> = {}, level: ConfidenceLevel = 'high') {
  return urgencyOf(aCase({ demands: demands(28), ...given }), gaining(sat), level)
}

describe(urgencyOf, () => {
  it('counts each tenfold of the weekly gain as much, up to 10,000 sat', () => {
    expect([10, 100, 1_000, 10_000, 90_000].map((sat) => urgent(sat).gain)).toEqual([
      4, 14, 27, 40, 40,
    ])
  })

  it('counts how sure the figure is', () => {
    const levels = ['high', 'medium', 'low', 'too-little-data'] as const
    expect(levels.map((level) => urgent(10_000, {}, level).confidence)).toEqual([20, 12, 5, 0])
  })

  it('counts on how many days of the week it happened', () => {
    const once = Array.from({ length: 9 }, (_, i) => demand({ at: NOON - HOUR + i * 1000 }))
    expect(urgent(10_000).recurrence).toBe(20)
    expect(urgent(10_000, { demands: once }).recurrence).toBe(3)
  })

  it('counts how likely the next comes within a day, and less so after a silence', () => {
    expect(urgent(10_000).soon).toBe(10)
    expect(urgent(10_000, { demands: demands(3) }).soon).toBe(4)
    const silent = demands(28).filter((one) => one.demand.at < NOON - 4 * DAY_MS)
    expect(urgent(10_000, { demands: silent }).soon).toBe(2)
  })

  it('counts how little mending costs: of a rebalance, what is left below the ceiling', () => {
    const said = recommend(aCase({ demands: demands(28, { feeMsat: 9_000 * SAT }) }))
    if (said.type !== 'rebalance_in') throw new Error(said.type)
    const ease = (pastCostPpm: number | undefined) =>
      urgencyOf(aCase({ demands: demands(28) }), { ...said, pastCostPpm }, 'high').ease
    expect([ease(undefined), ease(0), ease(said.maxPpm / 4), ease(said.maxPpm)]).toEqual([
      5, 10, 8, 0,
    ])
  })

  it('does not call urgent what earns 2 sat a week, be it sure, daily and easy', () => {
    expect(urgent(2).total).toBeLessThan(5)
  })

  it('is nothing where nothing is to be done', () => {
    const rest: Recommendation = { type: 'leave_alone', reason: 'downstream' }
    expect(urgencyOf(aCase({ demands: demands(28) }), rest, 'high').total).toBe(0)
  })

  it('has parts within their bounds that add up to a whole number', () => {
    const level = fc.constantFrom('high', 'medium', 'low', 'too-little-data' as const)
    const sat = fc.double({ min: 0, max: 1e9, noNaN: true })
    const times = fc.array(fc.integer({ min: NOON - WEEK_MS, max: NOON }), { maxLength: 40 })
    fc.assert(
      fc.property(level as fc.Arbitrary<ConfidenceLevel>, sat, times, (sure, gain, at) => {
        const all = at.toSorted((a, b) => a - b).map((each) => demand({ at: each }))
        const { total, ...parts } = urgent(gain, { demands: all }, sure)
        const most = { gain: 40, confidence: 20, recurrence: 20, soon: 10, ease: 10 }
        for (const [part, points] of Object.entries(parts)) {
          expect(Number.isInteger(points)).toBe(true)
          expect(points).toBeGreaterThanOrEqual(0)
          expect(points).toBeLessThanOrEqual(most[part as keyof typeof most])
        }
        expect(Object.values(parts).reduce((sum, points) => sum + points, 0)).toBe(total)
      }),
    )
  })
})

describe(weeklyGain, () => {
  it('is never more than an amount moved in can earn when it is sold once', () => {
    const said = recommend(aCase({ demands: demands(28) }))
    if (said.type !== 'rebalance_in') throw new Error(said.type)
    const gain = { expectedMsat: 200_000n, lowMsat: 100_000n, highMsat: 390_000n }
    const one = { ...said, gain, mostMsat: 400_000n, usedUpInMs: 6 * DAY_MS }
    const twice = { expectedMsat: 400_000n, lowMsat: 200_000n, highMsat: 400_000n }
    expect(weeklyGain(one, 3 * DAY_MS)).toEqual(twice)
  })

  it('scales a loss of three days to a week, its interval too', () => {
    expect(weeklyGain(gaining(300), 3 * DAY_MS)).toEqual({
      expectedMsat: 700_000n,
      lowMsat: 350_000n,
      highMsat: 1_400_000n,
    })
  })

  it('does not let an amount earn again that is used up in two days', () => {
    const said = recommend(aCase({ demands: demands(28) }))
    if (said.type !== 'rebalance_in') throw new Error(said.type)
    const weekly = (days: number) =>
      weeklyGain({ ...said, mostMsat: 10n ** 9n, usedUpInMs: days * DAY_MS }, 3 * DAY_MS)
        .expectedMsat
    expect(weekly(2)).toBe(said.gain.expectedMsat)
    expect(Number(weekly(5))).toBeCloseTo((Number(said.gain.expectedMsat) * 5) / 3, 0)
  })
})

describe(explainChange, () => {
  const parts = { gain: 20, confidence: 12, recurrence: 10, soon: 5, ease: 5 }
  function standing(rank: number, changed: Partial<Urgency> = {}) {
    const all = { ...parts, ...changed }
    const total = all.gain + all.confidence + all.recurrence + all.soon + all.ease
    return { rank, urgency: { ...all, total } }
  }

  it('names the part that moved most', () => {
    const after = standing(1, { gain: 32, recurrence: 8, soon: 8 })
    expect(explainChange(standing(4), after)).toEqual({
      kind: 'moved',
      from: 4,
      to: 1,
      by: 'gain',
      points: 13,
    })
    expect(explainChange(after, standing(4, { recurrence: 12 }))).toMatchObject({ by: 'gain' })
    expect(explainChange(standing(2), standing(5, { confidence: 5 }))).toMatchObject({
      by: 'confidence',
      points: -7,
    })
  })

  it('says that others moved where its own urgency hardly did, or the other way', () => {
    expect(explainChange(standing(4), standing(2, { soon: 6 }))).toMatchObject({ by: 'others' })
    expect(explainChange(standing(4), standing(3, { gain: 15 }))).toMatchObject({ by: 'others' })
  })

  it('says who is new, gone, or where it was', () => {
    expect(explainChange(undefined, standing(3))).toEqual({ kind: 'new', rank: 3 })
    expect(explainChange(standing(3), undefined)).toEqual({ kind: 'gone', was: 3 })
    expect(explainChange(standing(3), standing(3, { gain: 1 }))).toEqual({ kind: 'same', rank: 3 })
    expect(explainChange(undefined, undefined)).toBeUndefined()
  })
})
