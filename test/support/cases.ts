import { type ChannelCase, DAY_MS, WEEK_MS } from '../../src/analyzer/case.ts'
import { spreadOf } from '../../src/analyzer/gain.ts'
import type { EstimatedDemand, Missed, WindowDemand } from '../../src/analyzer/views.ts'
import type { Channel, Policy } from '../../src/lightning/channel.ts'
import {
  FAILURE_DETAILS,
  failureClass,
  failureCode,
  WIRE_FAILURES,
} from '../../src/lightning/failure.ts'
import { BOB, channel, HOUR, NOON } from './events.ts'

export const SAT = 1000

/** Returns the failure code of a class by its name. */
export function codeOf(name: string): number {
  const number = (names: Readonly<Record<number, string>>) =>
    Object.entries(names).find(([, term]) => term === name)?.[0]
  const detail = number(FAILURE_DETAILS)
  return detail === undefined
    ? failureCode(Number(number(WIRE_FAILURES)), 1)
    : failureCode(15, Number(detail))
}

export type GivenDemand = Partial<EstimatedDemand> & { inflow?: number; failure?: string }

/** A demand of 500,000 sat that offered 250 sat, refused for lack of balance, with a chance of 0.4. */
export function demand(given: GivenDemand = {}): WindowDemand {
  const { inflow = 1, failure = 'INSUFFICIENT_BALANCE', ...rest } = given
  const at = rest.at ?? NOON
  const one: EstimatedDemand = {
    id: 1,
    at,
    lastAt: at,
    peer: 2,
    fromPeer: 1,
    asked: 2,
    from: 1,
    failureCode: codeOf(failure),
    isLiquidity: failure === 'INSUFFICIENT_BALANCE',
    kind: 'payment',
    attempts: 3,
    amountMsat: rest.wantedMsat ?? 500_000 * SAT,
    wantedMsat: 500_000 * SAT,
    feeMsat: 250 * SAT,
    askedMsat: 500_000 * SAT,
    askedFeeMsat: 250 * SAT,
    offeredMsat: 750 * SAT,
    servedShare: 0,
    chance: 0.4,
    leftOut: undefined,
    ...rest,
  }
  const counts = one.leftOut === undefined
  return { demand: one, inflow, expectedMsat: counts ? one.feeMsat * one.chance * inflow : 0 }
}

/** So many demands spread evenly over the week before noon, oldest first. */
export function demands(count: number, given: GivenDemand = {}): WindowDemand[] {
  return Array.from({ length: count }, (_, i) =>
    demand({ ...given, id: i + 1, at: NOON - WEEK_MS + ((i + 0.5) * WEEK_MS) / count }),
  )
}

/** What demands make up, with an interval from a third to the double. */
export function missedOf(all: readonly WindowDemand[]): Missed {
  const { expected } = spreadOf(all)
  return {
    expectedMsat: BigInt(Math.round(expected)),
    lowMsat: BigInt(Math.round(expected / 3)),
    highMsat: BigInt(Math.round(expected * 2)),
  }
}

export const POLICY: Policy = {
  baseFeeMsat: 0n,
  feeRatePpm: 500,
  inboundBaseFeeMsat: 0n,
  inboundFeeRatePpm: 0,
  minHtlcMsat: 1000n,
  maxHtlcMsat: 4_900_000_000n,
  timeLockDelta: 80,
  disabled: false,
  updatedAt: NOON - 30 * DAY_MS,
}

/** A channel of 5M sat that is drained: what our side holds is a little above the reserve. */
export function drained(given: Partial<Channel> = {}): Channel {
  return channel(BOB, { localMsat: 80_000_000n, remoteMsat: 4_918_000_000n, ...given })
}

/** A drained channel at the end of a week that was watched whole, and earned 1,000 sat. */
export function aCase(given: Partial<ChannelCase> = {}): ChannelCase {
  const all = given.demands ?? []
  const liquidity = all.filter((one) => one.demand.isLiquidity)
  const other = all.filter((one) => !one.demand.isLiquidity)
  const classes = new Map<number, number>()
  for (const { demand: one } of all) {
    classes.set(one.failureCode, (classes.get(one.failureCode) ?? 0) + one.attempts)
  }
  const missed = {
    liquidity: missedOf(liquidity),
    other: missedOf(other),
    liquidityDemands: liquidity.length,
    otherDemands: other.length,
  }
  return {
    scid: BOB,
    alias: 'bob',
    pubkey: '02ab',
    window: '7d',
    span: { from: NOON - WEEK_MS, to: NOON, coveredMs: WEEK_MS - HOUR },
    knownMs: given.span?.coveredMs ?? WEEK_MS - HOUR,
    now: NOON,
    channel: drained(),
    closedAt: undefined,
    ownPolicy: POLICY,
    feeChangedAt: undefined,
    offlineSince: undefined,
    idleMs: 0,
    outgoing: {
      settled: 20,
      failedDownstream: 30,
      volumeMsat: 2_000_000_000n,
      earnedMsat: 1_000_000n,
    },
    incoming: {
      settled: 40,
      failedDownstream: 10,
      volumeMsat: 2_500_000_000n,
      earnedMsat: 800_000n,
    },
    refused: [...classes].map(([code, attempts]) => ({
      failure: failureClass(code),
      attempts,
      offeredMsat: 0n,
      volumeMsat: 0n,
    })),
    demands: all,
    foldedDemands: 0,
    missed,
    remembered: missed,
    spendableAt: () => 10_000 * SAT,
    coveredUntil: (at) => at - (NOON - WEEK_MS),
    parallels: [],
    sources: [],
    pastCostPpm: undefined,
    ...given,
  }
}
