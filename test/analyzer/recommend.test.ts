import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChannelCase, DAY_MS, WEEK_MS } from '../../src/analyzer/case.ts'
import { avoidOf, recommend } from '../../src/analyzer/recommend.ts'
import type { Recommendation, WindowDemand } from '../../src/analyzer/views.ts'
import { aCase, demand, demands, drained, POLICY, SAT } from '../support/cases.ts'
import { ALICE, BOB, CAROL, channel, HOUR, MINUTE, NOON, pending } from '../support/events.ts'

/** A channel of which nearly all is ours and of which nobody wants anything. */
const IDLE = channel(BOB, { localMsat: 4_500_000_000n, remoteMsat: 498_000_000n })
const QUIET = { settled: 0, failedDownstream: 0, volumeMsat: 0n, earnedMsat: 0n }

function told(given: Partial<ChannelCase>): Recommendation {
  return recommend(aCase(given))
}

function amount(recommendation: Recommendation): bigint | undefined {
  return recommendation.type === 'rebalance_in' ? recommendation.amountMsat : undefined
}

describe('rebalance in', () => {
  it('moves in what last week asked for, at what it pays at most, from where balance lies idle', () => {
    const source = { scid: CAROL, alias: 'carol', spendableMsat: 3_000_000_000n }
    const said = told({ demands: demands(14), sources: [source] })
    // 14 demands of 500,000 sat, of which 0.4 settle: 13 use up 2.6M sat before the last one comes.
    expect(said).toMatchObject({
      type: 'rebalance_in',
      amountMsat: 3_100_000_000n,
      gain: { expectedMsat: 1_400_000n },
      sources: [source],
      pastCostPpm: undefined,
    })
    expect(said.type === 'rebalance_in' && said.maxPpm).toBeGreaterThan(250)
    expect(said.type === 'rebalance_in' && said.maxPpm).toBeLessThan(500)
    expect(avoidOf(said)).toBe('lower_fee')
  })

  it('moves less where it costs what only the first sats are worth', () => {
    // A third of the demand offers twice the fee and comes first.
    const rich = demands(14).map((one, i) =>
      i < 5 ? demand({ at: one.demand.at, feeMsat: 500 * SAT }) : one,
    )
    const free = told({ demands: rich })
    const dear = told({ demands: rich, pastCostPpm: 450 })
    expect(amount(free)).toBeGreaterThan(amount(dear) ?? Infinity)
  })

  it('does not say so where moving it costs more than it earns', () => {
    const said = told({ demands: demands(14), pastCostPpm: 900 })
    expect(said).toEqual({ type: 'leave_alone', reason: 'not-worth-it' })
    expect(avoidOf(said)).toBe('rebalance_in')
  })

  it('does not bother anybody for a few sats a week', () => {
    expect(told({ demands: demands(14, { feeMsat: SAT }) })).toMatchObject({
      type: 'leave_alone',
      reason: 'not-worth-it',
    })
  })

  it('works on a recording that knows no balances', () => {
    const unknown = { channel: undefined, ownPolicy: undefined, spendableAt: () => undefined }
    expect(told({ demands: demands(14), ...unknown })).toMatchObject({ type: 'rebalance_in' })
  })
})

describe('change the fee', () => {
  const oneWay = { incoming: { ...QUIET, volumeMsat: 100_000_000n } }

  it('raises it where a drained channel is asked for and neither balance nor a cheap way comes back', () => {
    const said = told({ demands: demands(14), pastCostPpm: 900, ...oneWay })
    expect(said).toMatchObject({ type: 'raise_fee', fromPpm: 500, toPpm: 600 })
    // 2M sat went out: 100 ppm more on it is 200 sat, if everybody stays.
    expect(said).toMatchObject({
      gain: { expectedMsat: 100_000n, lowMsat: 0n, highMsat: 200_000n },
    })
    expect(avoidOf(said)).toBe('lower_fee')
  })

  it('waits for the last change to show before the next', () => {
    const changed = { feeChangedAt: NOON - 2 * DAY_MS }
    expect(told({ demands: demands(14), pastCostPpm: 900, ...oneWay, ...changed })).toMatchObject({
      type: 'leave_alone',
    })
  })

  it('does not raise it where balance flows back by itself', () => {
    expect(told({ demands: demands(14), pastCostPpm: 900 }).type).toBe('leave_alone')
  })

  it('lowers it where most of the channel is ours and nothing went out for a week', () => {
    const said = told({ channel: IDLE, outgoing: QUIET, idleMs: WEEK_MS })
    expect(said).toEqual({
      type: 'lower_fee',
      fromPpm: 500,
      toPpm: 400,
      localSharePct: 90,
      idleMs: WEEK_MS,
    })
  })

  it.each([
    ['it has idled for six days only', { idleMs: 6 * DAY_MS }],
    ['half of it is ours', { channel: channel(BOB) }],
    ['its peer is away', { channel: { ...IDLE, active: false } }],
    ['its fee was changed within the week', { feeChangedAt: NOON - 5 * DAY_MS }],
    ['nothing settles beyond the peer', { outgoing: { ...QUIET, failedDownstream: 200 } }],
    ['it is free already', { ownPolicy: { ...POLICY, feeRatePpm: 0 } }],
    ['our own policy is not known', { ownPolicy: undefined }],
    ['a payment was refused for lack of balance', { demands: [demand()] }],
    ['our max_htlc refused something', { demands: [demand({ failure: 'HTLC_EXCEEDS_MAX' })] }],
  ])('does not lower it when %s', (_, given) => {
    const said = told({ channel: IDLE, outgoing: QUIET, idleMs: WEEK_MS, ...given })
    expect(said.type).not.toBe('lower_fee')
  })

  it('never lowers it for offers below our fee', () => {
    const low = demands(30, { failure: 'FEE_INSUFFICIENT' })
    const said = told({ demands: low })
    expect(said).toEqual({ type: 'leave_alone', reason: 'stale-policies' })
    expect(avoidOf(said)).toBe('lower_fee')
  })
})

describe('raise a limit', () => {
  const above = demands(8, { failure: 'HTLC_EXCEEDS_MAX', wantedMsat: 1_500_000 * SAT })
  const full = channel(BOB, { localMsat: 4_000_000_000n, remoteMsat: 998_000_000n })
  const ownPolicy = { ...POLICY, maxHtlcMsat: 1_000_000_000n }

  it('raises max_htlc where it refused what the balance would have carried', () => {
    const said = told({ demands: above, channel: full, ownPolicy })
    expect(said).toMatchObject({
      type: 'raise_max_htlc',
      fromMsat: 1_000_000_000n,
      toMsat: 1_500_000_000n,
    })
    expect(avoidOf(said)).toBe('rebalance_in')
  })

  it('leaves alone a max_htlc that a tool sets by the balance', () => {
    const local = channel(BOB, { localMsat: 1_200_000_000n, remoteMsat: 3_798_000_000n })
    const said = told({ demands: above, channel: local, ownPolicy })
    expect(said).toEqual({ type: 'leave_alone', reason: 'max-follows-balance' })
    expect(avoidOf(said)).toBe('raise_max_htlc')
  })

  it('treats what is above max_htlc and above the balance as lack of balance', () => {
    const both = demands(14, { failure: 'HTLC_EXCEEDS_MAX', isLiquidity: true })
    expect(told({ demands: both }).type).toBe('rebalance_in')
  })

  it('has nothing to say where max_htlc was raised since', () => {
    const said = told({ demands: above, channel: full })
    expect(said.type).not.toBe('raise_max_htlc')
  })

  it('adds a channel where what is asked for fits into none that there is', () => {
    const said = told({ demands: demands(8, { wantedMsat: 6_000_000 * SAT }) })
    expect(said).toMatchObject({
      type: 'add_capacity',
      addMsat: 6_300_000_000n,
      holdableMsat: 4_900_000_000n,
      largestMsat: 6_000_000_000n,
      demands: 8,
    })
    expect(avoidOf(said)).toBe('rebalance_in')
  })

  it('adds none where another channel to the peer could hold it', () => {
    const parallel = { scid: ALICE, spendableMsat: 0n, holdableMsat: 9_900_000_000n }
    const said = told({
      demands: demands(8, { wantedMsat: 6_000_000 * SAT }),
      parallels: [parallel],
    })
    expect(said.type).toBe('leave_alone')
  })
})

describe('mend the peer, free slots', () => {
  const lost = demands(9, { failure: 'UNKNOWN_NEXT_PEER' })
  const full = demands(6, { failure: 'HTLC_ADD_FAILED' })

  it('says to mend a peer that is away, before anything that its channel may lack', () => {
    const said = told({ demands: [...lost, ...demands(14)], offlineSince: NOON - HOUR })
    expect(said).toMatchObject({ type: 'mend_peer', isOnline: false, demands: 9 })
    expect(avoidOf(said)).toBe('rebalance_in')
  })

  it('gives a peer that has just gone twenty minutes', () => {
    const said = told({ demands: demands(14), offlineSince: NOON - 5 * MINUTE })
    expect(said.type).toBe('rebalance_in')
  })

  it('says to mend a peer that came and went on several days', () => {
    const said = told({ demands: lost })
    // Nine payments of 250 sat with a chance of 0.4.
    expect(said).toMatchObject({
      type: 'mend_peer',
      isOnline: true,
      gain: { expectedMsat: 900_000n },
    })
  })

  it('leaves alone what one outage that is over refused, and speaks of no balance', () => {
    const one = lost.map((each, i) => demand({ ...each.demand, at: NOON - HOUR + i * MINUTE }))
    expect(told({ demands: one })).toEqual({ type: 'leave_alone', reason: 'peer-was-away' })
  })

  it('says to free slots where half of them are taken even now', () => {
    const busy = drained({
      maxPendingHtlcs: 30,
      pendingHtlcs: Array.from({ length: 16 }, (_, i) => pending({ incoming: false, htlcId: i })),
    })
    expect(told({ demands: full, channel: busy })).toMatchObject({
      type: 'free_slots',
      pending: 16,
      slots: 30,
    })
  })

  it('counts attempts where LND gave no amounts, and expects no sum of them', () => {
    const busy = drained({ maxPendingHtlcs: 1, pendingHtlcs: [pending({ incoming: false })] })
    const refused = [{ failure: 'HTLC_ADD_FAILED', attempts: 40, offeredMsat: 0n, volumeMsat: 0n }]
    expect(told({ refused, channel: busy })).toMatchObject({
      type: 'free_slots',
      demands: 40,
      gain: { expectedMsat: 0n },
    })
  })

  it('takes a peer that leaves HTLCs hanging for one to mend where slots are free', () => {
    expect(told({ demands: full })).toMatchObject({ type: 'mend_peer', isOnline: true, demands: 6 })
  })
})

describe('wait', () => {
  const early = demands(12, { failure: 'FEE_INSUFFICIENT', leftOut: 'policy-change' })

  it('waits a day for payers to learn a fee that has just changed', () => {
    const said = told({ demands: early, feeChangedAt: NOON - 2 * HOUR })
    expect(said).toEqual({ type: 'wait', reason: 'fee-just-changed', until: NOON + 22 * HOUR })
    expect(avoidOf(said)).toBe('lower_fee')
  })

  it('does not let lack of balance wait for that', () => {
    const said = told({ demands: [...early, ...demands(10)], feeChangedAt: NOON - 2 * HOUR })
    expect(said.type).toBe('rebalance_in')
  })

  it('does not wait for a change of last week', () => {
    const said = told({ demands: early, feeChangedAt: NOON - 6 * DAY_MS })
    expect(said).toEqual({ type: 'leave_alone', reason: 'stale-policies' })
  })

  it('waits where the balance that lacked is there again', () => {
    const said = told({ demands: demands(14), channel: channel(BOB) })
    expect(said).toEqual({ type: 'wait', reason: 'transient', until: undefined })
    expect(avoidOf(said)).toBe('rebalance_in')
  })

  it('does not take what a night filled for enough where a day of demand uses up more', () => {
    const busy = demands(140, { wantedMsat: 200_000 * SAT })
    const said = told({ demands: busy, channel: drained({ localMsat: 500_000_000n }) })
    expect(said.type).toBe('rebalance_in')
  })

  it('does not call a peer about what it cost next to nothing to miss', () => {
    const away = demands(8, { failure: 'UNKNOWN_NEXT_PEER', feeMsat: 2 * SAT })
    expect(told({ demands: [...away, ...demands(20)] }).type).toBe('rebalance_in')
    expect(told({ demands: away })).toEqual({ type: 'leave_alone', reason: 'peer-was-away' })
  })
})

describe('leave it alone', () => {
  it('says that nothing was refused', () => {
    expect(told({})).toEqual({ type: 'leave_alone', reason: 'no-refusals' })
  })

  it('leaves a closed channel alone, whatever it missed', () => {
    expect(told({ demands: demands(14), closedAt: NOON - DAY_MS })).toEqual({
      type: 'leave_alone',
      reason: 'closed',
    })
  })

  it('leaves alone what came again and was served, through whichever channel', () => {
    const served = demands(9, { servedShare: 1, wantedMsat: 0, feeMsat: 0 })
    const said = told({ demands: served })
    expect(said).toEqual({ type: 'leave_alone', reason: 'served' })
    expect(avoidOf(said)).toBe('rebalance_in')
  })

  it('leaves alone a channel beside which another to the peer holds what is asked for', () => {
    const parallel = { scid: ALICE, spendableMsat: 2_000_000_000n, holdableMsat: 4_900_000_000n }
    expect(told({ demands: demands(14), parallels: [parallel] })).toEqual({
      type: 'leave_alone',
      reason: 'same-peer',
    })
  })

  it('moves nothing towards a peer beyond which nothing settles', () => {
    const outgoing = { settled: 1, failedDownstream: 199, volumeMsat: 5_000n, earnedMsat: 5n }
    expect(told({ demands: demands(14), outgoing })).toEqual({
      type: 'leave_alone',
      reason: 'downstream',
    })
  })

  it('does not bank on one payment that makes up most of the figure', () => {
    const whale = demand({ wantedMsat: 4_000_000 * SAT, feeMsat: 40_000 * SAT, chance: 0.1 })
    const said = told({ demands: [...demands(6, { feeMsat: 100 * SAT }), whale] })
    expect(said).toEqual({ type: 'leave_alone', reason: 'one-whale' })
    expect(avoidOf(said)).toBe('rebalance_in')
  })

  it('takes a timer that asks for hours for more than one payment', () => {
    const timer = demand({ kind: 'timer', attempts: 40, feeMsat: 4_000 * SAT, chance: 0.5 })
    const said = told({ demands: [...demands(6, { feeMsat: 100 * SAT }), timer] })
    expect(said.type).toBe('rebalance_in')
  })

  it('leaves probes alone, whose chance makes them worth next to nothing', () => {
    const searches = demands(40, { kind: 'search', chance: 0.001 })
    expect(told({ demands: searches })).toEqual({ type: 'leave_alone', reason: 'probes' })
  })

  it("points at the node where it is the node's own trouble", () => {
    expect(told({ demands: demands(9, { failure: 'EXPIRY_TOO_SOON' }) })).toEqual({
      type: 'leave_alone',
      reason: 'node-trouble',
    })
  })
})

describe('too little data', () => {
  it('says so with counts below five demands', () => {
    expect(told({ demands: demands(4) })).toEqual({
      type: 'too_little_data',
      coveredMs: WEEK_MS - HOUR,
      demands: 4,
    })
  })

  it('says so below 72 covered hours, however many asked', () => {
    const span = { from: NOON - WEEK_MS, to: NOON, coveredMs: 71 * HOUR }
    expect(told({ demands: demands(40), span })).toEqual({
      type: 'too_little_data',
      coveredMs: 71 * HOUR,
      demands: 40,
    })
  })

  it('does not count what an operator ignores', () => {
    const ignored = demands(14, { leftOut: 'ignored' })
    expect(told({ demands: ignored })).toMatchObject({ type: 'too_little_data', demands: 0 })
  })

  it('does not add up four of one kind and four of another', () => {
    const mixed = [...demands(4), ...demands(4, { failure: 'FEE_INSUFFICIENT' })]
    expect(told({ demands: mixed })).toMatchObject({ type: 'too_little_data', demands: 8 })
  })
})

const FAILURES = [
  'INSUFFICIENT_BALANCE',
  'HTLC_EXCEEDS_MAX',
  'FEE_INSUFFICIENT',
  'UNKNOWN_NEXT_PEER',
  'HTLC_ADD_FAILED',
]

function anyDemand(): fc.Arbitrary<WindowDemand> {
  return fc
    .record({
      failure: fc.constantFrom(...FAILURES),
      at: fc.integer({ min: NOON - WEEK_MS, max: NOON }),
      wantedMsat: fc.integer({ min: 1, max: 9_000_000_000 }),
      feeMsat: fc.integer({ min: 0, max: 50_000_000 }),
      chance: fc.double({ min: 0, max: 1, noNaN: true }),
      inflow: fc.double({ min: 0, max: 1, noNaN: true }),
      servedShare: fc.constantFrom(0, 0.5, 1),
      leftOut: fc.constantFrom(undefined, 'ignored' as const, 'policy-change' as const),
    })
    .map(demand)
}

function anyCase(): fc.Arbitrary<ChannelCase> {
  return fc
    .record({
      demands: fc.array(anyDemand(), { maxLength: 30 }),
      localMsat: fc.bigInt({ min: 0n, max: 4_998_000_000n }),
      idleMs: fc.integer({ min: 0, max: 30 * DAY_MS }),
      pastCostPpm: fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined }),
      isQuiet: fc.boolean(),
    })
    .map(({ demands: all, localMsat, isQuiet, ...rest }) =>
      aCase({
        demands: all.toSorted((a, b) => a.demand.at - b.demand.at),
        channel: channel(BOB, { localMsat, remoteMsat: 4_998_000_000n - localMsat }),
        ...(isQuiet ? { outgoing: QUIET } : {}),
        ...rest,
      }),
    )
}

describe(recommend, () => {
  it('never says to lower a fee where anything was refused for lack of balance', () => {
    const isLack = (one: ChannelCase) =>
      one.refused.some((r) => r.failure === 'INSUFFICIENT_BALANCE')
    fc.assert(fc.property(anyCase(), (one) => !isLack(one) || recommend(one).type !== 'lower_fee'))
  })

  it('forecasts an interval around what it expects, never more than was missed', () => {
    fc.assert(
      fc.property(anyCase(), (one) => {
        const said = recommend(one)
        if (!('gain' in said)) return
        expect(said.gain.lowMsat).toBeGreaterThanOrEqual(0n)
        expect(said.gain.lowMsat).toBeLessThanOrEqual(said.gain.expectedMsat)
        if (said.type === 'raise_fee') return
        const { liquidity, other } = one.missed
        const most = liquidity.expectedMsat > other.expectedMsat ? liquidity : other
        expect(said.gain.expectedMsat).toBeLessThanOrEqual(most.expectedMsat)
        expect(said.gain.highMsat).toBeLessThanOrEqual(most.highMsat)
      }),
    )
  })

  it('never moves in more than the peer has, nor from the channel itself', () => {
    fc.assert(
      fc.property(anyCase(), (one) => {
        const moved = amount(recommend(one))
        if (moved === undefined) return
        expect(moved).toBeLessThanOrEqual((one.channel?.remoteMsat ?? 0n) - 50_000_000n)
      }),
    )
  })
})
