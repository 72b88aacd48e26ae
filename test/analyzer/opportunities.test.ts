import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BY_URGENCY,
  forecastOf,
  mostUrgent,
  nodeOpportunity,
  opportunityOf,
} from '../../src/analyzer/opportunities.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { aCase, demands, SAT } from '../support/cases.ts'
import { ALICE, BOB, CAROL, NOON } from '../support/events.ts'

function missing(scid: Scid, feeSat: number, count = 28) {
  return opportunityOf(aCase({ scid, demands: demands(count, { feeMsat: feeSat * SAT }) }))
}

describe(opportunityOf, () => {
  it('says what was missed, how sure that is, what to do and what not', () => {
    expect(missing(BOB, 250)).toMatchObject({
      scid: BOB,
      refusedAttempts: 84,
      missed: { liquidity: { expectedMsat: 2_800_000n } },
      confidence: { level: 'high' },
      recommendation: { type: 'rebalance_in' },
      avoid: 'lower_fee',
    })
  })

  it('has no urgency where there is too little to go by', () => {
    expect(missing(BOB, 250, 3)).toMatchObject({
      recommendation: { type: 'too_little_data', demands: 3 },
      urgency: { total: 0 },
      avoid: undefined,
    })
  })
})

describe(forecastOf, () => {
  it('remembers the amount and what it earns in a week', () => {
    const one = missing(BOB, 250)
    if (one.recommendation.type !== 'rebalance_in') throw new Error(one.recommendation.type)
    const { amountMsat, gain } = one.recommendation
    expect(forecastOf(one, NOON)).toMatchObject({ type: 'rebalance_in', at: NOON, amountMsat })
    expect(forecastOf(one, NOON)?.expectedMsat).toBeGreaterThanOrEqual(gain.expectedMsat)
  })

  it('is none where nothing is promised', () => {
    expect(forecastOf(missing(BOB, 250, 3), NOON)).toBeUndefined()
  })
})

describe(mostUrgent, () => {
  it('ranks by urgency, then by what was missed, and never leaves two in doubt', () => {
    const all = [missing(ALICE, 5), missing(CAROL, 500), missing(BOB, 50)]
    expect(mostUrgent(all, 2).map(({ scid }) => scid)).toEqual([CAROL, BOB])
    const scids = fc.uniqueArray(fc.constantFrom<Scid>('1x1x1', '2x1x1', '3x1x1', '4x1x1', '5x1x1'))
    fc.assert(
      fc.property(scids, (some) => {
        const same = some.map((scid) => missing(scid, 50))
        expect(mostUrgent(same, 3)).toEqual(same.toSorted(BY_URGENCY).slice(0, 3))
      }),
    )
  })
})

describe(nodeOpportunity, () => {
  it('names the step that brings most, and never the sum as attainable', () => {
    const all = [missing(ALICE, 300), missing(CAROL, 500), missing(BOB, 400)]
    const { best, upToMsat } = nodeOpportunity(all)
    expect(best?.scid).toBe(CAROL)
    const sum = all.reduce((total, { missed }) => total + missed.liquidity.expectedMsat, 0n)
    expect(Number(upToMsat)).toBeCloseTo(0.71 * Number(sum), -3)
  })

  it('is at least what one channel missed, and what the best step brings', () => {
    const all = [missing(ALICE, 10), missing(CAROL, 500)]
    const most = all[1]?.missed.liquidity.expectedMsat
    expect(nodeOpportunity(all).upToMsat).toBe(most)

    const only = missing(BOB, 200)
    const { recommendation, missed } = only
    if (recommendation.type !== 'rebalance_in') throw new Error(recommendation.type)
    const gain = recommendation.gain.expectedMsat
    const { expectedMsat } = missed.liquidity
    expect(nodeOpportunity([only]).upToMsat).toBe(gain > expectedMsat ? gain : expectedMsat)
  })

  it('has no best step where none is to be taken', () => {
    expect(nodeOpportunity([missing(BOB, 200, 3)]).best).toBeUndefined()
    expect(nodeOpportunity([])).toEqual({ best: undefined, upToMsat: 0n })
  })
})
