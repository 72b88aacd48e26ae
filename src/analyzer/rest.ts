import { failureClass, failureFamily } from '../lightning/failure.ts'
import {
  attemptsOf,
  type ChannelCase,
  DAY_MS,
  LEAST_COVERED_MS,
  LEAST_DEMANDS,
  liquidityDemands,
} from './case.ts'
import { FULL_CLASSES, PEER_CLASSES } from './mend.ts'
import { hasMaxByBalance } from './raise-limit.ts'
import type { EstimatedDemand, Recommendation, RestReason } from './views.ts'

// Payers learn a new policy within a day; LND has no grace period for the old one.
const POLICY_SPREADS_MS = DAY_MS
const STALE_CLASSES = ['FEE_INSUFFICIENT', 'INCORRECT_CLTV_EXPIRY', 'AMOUNT_BELOW_MINIMUM']
const WHOLE = 0.99

export function closed(one: ChannelCase): Recommendation | undefined {
  return one.closedAt === undefined ? undefined : leave('closed')
}

/**
 * Most refusals came within the hour after our own change: the network has yet to learn of it. Lack
 * of balance, where there is enough of it to tell, has nothing to do with that and does not wait.
 */
export function feeJustChanged(one: ChannelCase): Recommendation | undefined {
  if (liquidityDemands(one).length >= LEAST_DEMANDS) return undefined
  const until = (one.feeChangedAt ?? -Infinity) + POLICY_SPREADS_MS
  if (one.now >= until || !mostAre(one, (demand) => demand.leftOut === 'policy-change'))
    return undefined
  return { type: 'wait', reason: 'fee-just-changed', until }
}

export function nothingRefused(one: ChannelCase): Recommendation | undefined {
  const isQuiet = one.demands.length === 0 && one.refused.length === 0
  return isQuiet && one.knownMs >= LEAST_COVERED_MS ? leave('no-refusals') : undefined
}

/** Neither lack of balance nor the rest was asked for often enough, or for long enough, to tell. */
export function tooLittleData(one: ChannelCase): Recommendation | undefined {
  const counted = one.demands.filter(({ demand }) => demand.leftOut !== 'ignored')
  const liquidity = counted.filter(({ demand }) => demand.isLiquidity).length
  const other = Math.max(counted.length - liquidity, attemptsOf(one, FULL_CLASSES))
  const { knownMs } = one
  if (knownMs >= LEAST_COVERED_MS && Math.max(liquidity, other) >= LEAST_DEMANDS) return undefined
  return { type: 'too_little_data', coveredMs: Math.round(knownMs), demands: counted.length }
}

/** They came again and were served after all: through us, by this channel or another of the peer's. */
export function served(one: ChannelCase): Recommendation | undefined {
  return mostAre(one, ({ servedShare }) => servedShare >= WHOLE) ? leave('served') : undefined
}

export function stalePolicies(one: ChannelCase): Recommendation | undefined {
  return mostAre(one, isOfClass(STALE_CLASSES)) ? leave('stale-policies') : undefined
}

export function nodeTrouble(one: ChannelCase): Recommendation | undefined {
  const isOfNode = ({ failureCode }: EstimatedDemand) =>
    failureFamily(failureClass(failureCode)) === 'node'
  return mostAre(one, isOfNode) ? leave('node-trouble') : undefined
}

/** The peer was away for moments, or gave no answer: no balance lacked, and none would have helped. */
export function outageOver(one: ChannelCase): Recommendation | undefined {
  if (!mostAre(one, isOfClass([...PEER_CLASSES, ...FULL_CLASSES]))) return undefined
  return leave('peer-was-away')
}

export function maxFollowsBalance(one: ChannelCase): Recommendation | undefined {
  if (!hasMaxByBalance(one) || !mostAre(one, isOfClass(['HTLC_EXCEEDS_MAX']))) return undefined
  return leave('max-follows-balance')
}

export function probes(one: ChannelCase): Recommendation | undefined {
  return mostAre(one, ({ kind }) => kind === 'search') ? leave('probes') : undefined
}

function leave(reason: RestReason): Recommendation {
  return { type: 'leave_alone', reason }
}

function mostAre(one: ChannelCase, is: (demand: EstimatedDemand) => boolean): boolean {
  const counted = one.demands.filter(({ demand }) => demand.leftOut !== 'ignored')
  return 2 * counted.filter(({ demand }) => is(demand)).length > counted.length
}

function isOfClass(classes: readonly string[]): (demand: EstimatedDemand) => boolean {
  return ({ failureCode }) => classes.includes(failureClass(failureCode))
}
