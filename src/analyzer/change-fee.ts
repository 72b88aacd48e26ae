import { type Channel, spendableMsat } from '../lightning/channel.ts'
import { failureFamily } from '../lightning/failure.ts'
import {
  type ChannelCase,
  DAY_MS,
  daysOf,
  LEAST_DEMANDS,
  liquidityDemands,
  WEEK_MS,
} from './case.ts'
import { toMsat } from './gain.ts'
import type { Recommendation } from './views.ts'
import { isDryBeyond } from './without-use.ts'

// Traffic takes days to follow a fee (lnd#5060: a week): one change is judged before the next.
const RAISE_REST_MS = 3 * DAY_MS
const LOWER_REST_MS = WEEK_MS
// A modest step: who stays away from a price is in no stream, so that the effect has to be watched.
const RAISE_SHARE = 0.2
const RAISE_LEAST_PPM = 10
const LOWER_SHARE = 0.2
const DRAINED_SHARE = 0.1
const FLOW_BACK_SHARE = 0.2
const RAISE_DAYS = 3
const IDLE_SHARE = 0.7
const IDLE_MS = WEEK_MS

/**
 * Raises the fee where balance is scarce: drained, asked for on several days, and little comes back
 * by itself. The balance that there is sells at the higher price, as far as payers stay: anything
 * from nothing to all of the step on what was earned, half of it to be expected.
 */
export function raiseFee(one: ChannelCase): Recommendation | undefined {
  const demands = liquidityDemands(one)
  if (demands.length < LEAST_DEMANDS || daysOf(demands) < RAISE_DAYS) return undefined
  if (!one.ownPolicy || !one.channel || hasChangedWithin(one, RAISE_REST_MS)) return undefined
  if (!isDrained(one.channel) || !isOneWay(one)) return undefined
  const fromPpm = one.ownPolicy.feeRatePpm
  const toPpm = fromPpm + Math.max(RAISE_LEAST_PPM, Math.round(fromPpm * RAISE_SHARE))
  const most = (Number(one.outgoing.volumeMsat) * (toPpm - fromPpm)) / 1_000_000
  return {
    type: 'raise_fee',
    fromPpm,
    toPpm,
    gain: { expectedMsat: toMsat(most / 2), lowMsat: 0n, highMsat: toMsat(most) },
    demandsPerWeek: (demands.length * WEEK_MS) / Math.max(1, one.span.coveredMs),
  }
}

/**
 * Lowers the fee only for balance that nobody wants: most of the channel ours, nothing out for a
 * week although it could. Rests on no refusal; where lack of balance, our own limits or the peer
 * refused anything, or nothing settles beyond the peer, the fee was not what kept payments away.
 */
export function lowerFee(one: ChannelCase): Recommendation | undefined {
  const { channel, ownPolicy, idleMs } = one
  if (!channel?.active || !ownPolicy || ownPolicy.disabled || ownPolicy.feeRatePpm === 0)
    return undefined
  if (idleMs < IDLE_MS || one.outgoing.settled > 0 || hasChangedWithin(one, LOWER_REST_MS))
    return undefined
  const local = Number(channel.localMsat) / Number(channel.capacityMsat)
  if (local < IDLE_SHARE || isRefusedOtherwise(one) || isDryBeyond(one)) return undefined
  const fromPpm = ownPolicy.feeRatePpm
  return {
    type: 'lower_fee',
    fromPpm,
    toPpm: fromPpm - Math.max(1, Math.round(fromPpm * LOWER_SHARE)),
    localSharePct: Math.round(local * 100),
    idleMs,
  }
}

function hasChangedWithin({ feeChangedAt, now }: ChannelCase, ms: number): boolean {
  return feeChangedAt !== undefined && now - feeChangedAt < ms
}

function isDrained(channel: Channel): boolean {
  return Number(spendableMsat(channel)) < DRAINED_SHARE * Number(channel.capacityMsat)
}

function isOneWay({ outgoing, incoming }: ChannelCase): boolean {
  return Number(incoming.volumeMsat) <= FLOW_BACK_SHARE * Number(outgoing.volumeMsat)
}

function isRefusedOtherwise({ refused, demands }: ChannelCase): boolean {
  return (
    demands.some(({ demand }) => demand.isLiquidity) ||
    refused.some(({ failure }) => ['liquidity', 'limit', 'peer'].includes(failureFamily(failure)))
  )
}
