import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, WEEK_MS } from '../../src/analyzer/case.ts'
import { hasMoney } from '../../src/analyzer/gain.ts'
import { bendOf, type RefillQuestion, refillCurve } from '../../src/analyzer/refill.ts'
import type { WindowDemand } from '../../src/analyzer/views.ts'
import { demand, demands, missedOf, SAT } from '../support/cases.ts'
import { HOUR, NOON } from '../support/events.ts'

const MILLION = 1_000_000 * SAT

function question(all: WindowDemand[], given: Partial<RefillQuestion> = {}): RefillQuestion {
  return {
    demands: all,
    missed: missedOf(all),
    spendableAt: () => 0,
    roomMsat: 20_000_000_000n,
    span: { from: NOON - WEEK_MS, to: NOON, coveredMs: WEEK_MS },
    coveredUntil: (at) => at - (NOON - WEEK_MS),
    ...given,
  }
}

function points(all: WindowDemand[], given: Partial<RefillQuestion> = {}) {
  return refillCurve(question(all, given)).map(({ amountMsat, gain }) => [
    Number(amountMsat) / MILLION,
    Number(gain.expectedMsat) / SAT,
  ])
}

describe(refillCurve, () => {
  it('doubles from a quarter of a million sat to what serves all, within the room', () => {
    const sure = { chance: 1, wantedMsat: MILLION, feeMsat: 100 * SAT }
    expect(points(demands(6, sure))).toEqual([
      [0.25, 0],
      [0.5, 0],
      [1, 100],
      [2, 200],
      [4, 400],
      [6, 600],
    ])
    expect(points(demands(6, sure), { roomMsat: 3_000_000_000n }).at(-1)).toEqual([3, 300])
    expect(points(demands(6, sure), { roomMsat: 0n })).toEqual([])
  })

  it('serves who finds enough with what the channel had at that time', () => {
    const all = [demand({ chance: 1, wantedMsat: MILLION, feeMsat: 100 * SAT })]
    expect(points(all, { spendableAt: () => 0.8 * MILLION })[0]).toEqual([0.2, 100])
    expect(points(all, { spendableAt: () => undefined })[0]).toEqual([0.25, 0])
  })

  it('uses up what is expected of a demand, not what it asks for', () => {
    // Five with a chance of 0.2 each use up 1M sat in all; the last still needs its 1M whole.
    const all = demands(5, { chance: 0.2, wantedMsat: MILLION, feeMsat: 100 * SAT })
    expect(points(all).at(-1)).toEqual([1.8, 100])
  })

  it('leaves a large one that comes early unserved where it does not fit, and serves the rest', () => {
    const large = demand({ at: NOON - 6 * DAY_MS, chance: 1, wantedMsat: 5 * MILLION })
    const small = demands(2, { chance: 1, wantedMsat: MILLION, feeMsat: 300 * SAT })
    const all = [large, ...small].toSorted((a, b) => a.demand.at - b.demand.at)
    const steps = points(all)
    expect(steps.find(([amount]) => amount === 2)).toEqual([2, 600])
    // 4M sat serve no more; nor, the large one having used them up, would 5M serve these two.
    expect(steps.find(([amount]) => amount === 4)).toEqual([4, 600])
  })

  it('takes a balance that seems to have sufficed for one that was known too late', () => {
    const all = [demand({ wantedMsat: MILLION })]
    expect(points(all, { spendableAt: () => 3 * MILLION })).toHaveLength(1)
  })

  it('earns no more than the amount can when it is sold once, at the best fees offered', () => {
    const dear = demands(2, { wantedMsat: MILLION, feeMsat: 700 * SAT })
    const cheap = demands(6, { wantedMsat: MILLION, feeMsat: 300 * SAT })
    const all = [...dear, ...cheap].toSorted((a, b) => a.demand.at - b.demand.at)
    // 1,280 sat expected of 3.2M, and twice that at best: 3.8M sat sell for 2 · 700 + 1.8 · 300.
    const missed = { expectedMsat: 1_280_000n, lowMsat: 600_000n, highMsat: 2_560_000n }
    const last = refillCurve(question(all, { missed, roomMsat: 4_000_000_000n })).at(-1)
    expect(last?.amountMsat).toBe(3_800_000_000n)
    expect(last?.gain).toEqual({ ...missed, highMsat: 1_940_000n })
  })

  it('sells a payment whole where the own balance makes up a part of it, or none of it', () => {
    const all = [demand({ chance: 0.4, wantedMsat: MILLION, feeMsat: 100 * SAT })]
    const missed = { expectedMsat: 40_000n, lowMsat: 0n, highMsat: 110_000n }
    const spendableAt = () => 0.8 * MILLION
    const [step] = refillCurve(question(all, { missed, spendableAt }))
    expect(step?.gain).toEqual({ ...missed, highMsat: 100_000n })
  })

  it('sells a timer round after round', () => {
    const timer = demand({ chance: 0.5, kind: 'timer', wantedMsat: MILLION, feeMsat: 100 * SAT })
    const all = [{ ...timer, expectedMsat: 4 * timer.expectedMsat }]
    const missed = { expectedMsat: 200_000n, lowMsat: 100_000n, highMsat: 900_000n }
    const steps = refillCurve(question(all, { missed, roomMsat: 8_000_000_000n }))
    expect(steps.at(-1)?.gain.highMsat).toBe(200_000n)
  })

  it('lasts until it was used up, or at the pace of the window', () => {
    const daily = demands(7, { chance: 1, wantedMsat: MILLION, feeMsat: 100 * SAT })
    const steps = refillCurve(question(daily))
    const lasts = (amount: number) =>
      (steps.find((step) => Number(step.amountMsat) === amount * MILLION)?.usedUpInMs ?? 0) / DAY_MS
    expect(lasts(2)).toBeCloseTo(1.5)
    expect(lasts(7)).toBeCloseTo(6.5)
    const rare = [demand({ chance: 0.5, wantedMsat: MILLION })]
    expect(refillCurve(question(rare)).at(-1)?.usedUpInMs).toBe(2 * WEEK_MS)
  })

  it('is used up when what is left serves only the smallest', () => {
    const large = demand({ at: NOON - 6 * DAY_MS, chance: 1, wantedMsat: 0.95 * MILLION })
    const small = demand({ at: NOON - HOUR, chance: 1, wantedMsat: 0.05 * MILLION })
    const steps = refillCurve(question([large, small], { roomMsat: 1_000_000_000n }))
    expect(steps.at(-1)?.usedUpInMs).toBe(DAY_MS)
  })

  it('counts uncovered time out', () => {
    const span = { from: NOON - WEEK_MS, to: NOON, coveredMs: WEEK_MS / 2 }
    const rare = [demand({ chance: 0.5, wantedMsat: MILLION })]
    expect(refillCurve(question(rare, { span })).at(-1)?.usedUpInMs).toBe(WEEK_MS)

    // Listened to for the last three days only: the first half of these demands took a day and a half.
    const late = demands(6, { chance: 1, wantedMsat: MILLION }).map(({ demand: one }, i) =>
      demand({ ...one, at: NOON - 3 * DAY_MS + (i * DAY_MS) / 2 }),
    )
    const coveredUntil = (at: number) => Math.max(0, at - (NOON - 3 * DAY_MS))
    const three = {
      span: { ...span, coveredMs: 3 * DAY_MS },
      coveredUntil,
      roomMsat: 4_000_000_000n,
    }
    expect(refillCurve(question(late, three)).at(-1)?.usedUpInMs).toBe(1.5 * DAY_MS)
  })

  it('may cost half way between the low end and the expectation, over what it lasts', () => {
    const all = demands(10, { chance: 1, wantedMsat: MILLION / 10, feeMsat: 100 * SAT })
    const sharp = { expectedMsat: 1_000_000n, lowMsat: 900_000n, highMsat: 1_100_000n }
    const vague = { ...sharp, lowMsat: 0n }
    const maxPpm = (missed: typeof sharp) => refillCurve(question(all, { missed })).at(-1)?.maxPpm
    expect(maxPpm(sharp)).toBe(950)
    expect(maxPpm(vague)).toBe(500)
  })

  it('counts no demand beyond a month for an amount that lasts longer', () => {
    const all = [demand({ chance: 0.01, wantedMsat: MILLION, feeMsat: 10_000 * SAT })]
    const missed = { expectedMsat: 100_000n, lowMsat: 100_000n, highMsat: 100_000n }
    // 100 sat a week for 30 days, on 1M sat that would last for 700 days.
    expect(refillCurve(question(all, { missed })).at(-1)?.maxPpm).toBe(425)
  })

  it('may cost a round figure, never more than it is worth', () => {
    const all = demands(10, { chance: 1, wantedMsat: MILLION / 10, feeMsat: 100 * SAT })
    const maxPpm = (worth: bigint) => {
      const missed = { expectedMsat: worth, lowMsat: worth, highMsat: worth }
      return refillCurve(question(all, { missed })).at(-1)?.maxPpm
    }
    expect([572_900n, 104_900n, 100_000n, 99_900n, 43_000n].map(maxPpm)).toEqual([
      570, 100, 100, 99, 43,
    ])
  })
})

describe(bendOf, () => {
  it('bends where the next sats earn much less than those before', () => {
    const rich = demands(4, { chance: 1, wantedMsat: MILLION / 4, feeMsat: 300 * SAT })
    const poor = demands(6, { chance: 1, wantedMsat: MILLION, feeMsat: 30 * SAT })
    const late = poor.map((one, i) => demand({ ...one.demand, at: NOON - HOUR + i * 60_000 }))
    expect(bendOf(refillCurve(question([...rich, ...late])))?.amountMsat).toBe(1_000_000_000n)
  })

  it('goes to the end of a straight curve', () => {
    const all = demands(8, { chance: 1, wantedMsat: MILLION / 4, feeMsat: 100 * SAT })
    expect(bendOf(refillCurve(question(all)))?.amountMsat).toBe(2_000_000_000n)
  })

  it('bends nowhere where nothing is earned', () => {
    expect(bendOf(refillCurve(question(demands(3, { chance: 0 }))))).toBeUndefined()
    expect(bendOf([])).toBeUndefined()
  })
})

function anyDemands(): fc.Arbitrary<WindowDemand[]> {
  const one = fc.record({
    at: fc.integer({ min: NOON - WEEK_MS, max: NOON }),
    wantedMsat: fc.integer({ min: 1, max: 30_000_000_000 }),
    feeMsat: fc.integer({ min: 0, max: 90_000_000 }),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
    inflow: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  return fc
    .array(one, { maxLength: 25 })
    .map((all) => all.map(demand).filter(hasMoney))
    .map((all) => all.toSorted((a, b) => a.demand.at - b.demand.at))
}

describe('every refill curve', () => {
  const anyRoom = fc.option(fc.bigInt({ min: 0n, max: 50_000_000_000n }), { nil: undefined })
  const anyBalance = fc.option(fc.integer({ min: 0, max: 5_000_000_000 }), { nil: undefined })

  it('rises with the amount and never above what was missed', () => {
    fc.assert(
      fc.property(anyDemands(), anyRoom, anyBalance, (all, roomMsat, balance) => {
        const missed = missedOf(all)
        const asked = question(all, { roomMsat, missed, spendableAt: () => balance })
        let before = { amountMsat: 0n, gain: { expectedMsat: 0n, lowMsat: 0n, highMsat: 0n } }
        for (const step of refillCurve(asked)) {
          expect(step.amountMsat).toBeGreaterThan(before.amountMsat)
          for (const end of ['expectedMsat', 'lowMsat', 'highMsat'] as const) {
            expect(step.gain[end]).toBeGreaterThanOrEqual(before.gain[end])
            expect(step.gain[end]).toBeLessThanOrEqual(missed[end])
          }
          expect(step.gain.lowMsat).toBeLessThanOrEqual(step.gain.expectedMsat)
          expect(step.gain.expectedMsat).toBeLessThanOrEqual(step.gain.highMsat)
          before = step
        }
        if (roomMsat !== undefined) expect(before.amountMsat).toBeLessThanOrEqual(roomMsat)
      }),
    )
  })

  it('ends at all that was missed where there is room for it', () => {
    fc.assert(
      fc.property(anyDemands(), (all) => {
        const last = refillCurve(question(all, { roomMsat: undefined })).at(-1)
        const { expectedMsat, lowMsat, highMsat } = missedOf(all)
        expect(last?.gain ?? missedOf([])).toMatchObject({ expectedMsat, lowMsat })
        const fees = all.reduce((sum, one) => sum + one.demand.feeMsat, 0)
        const most = Math.min(Number(highMsat), Math.round(fees))
        expect(Number(last?.gain.highMsat ?? 0n)).toBeLessThanOrEqual(most)
      }),
    )
  })
})
