import type { ChannelCase } from './case.ts'
import { lowerFee, raiseFee } from './change-fee.ts'
import { freeSlots, mendPeer, peerAway } from './mend.ts'
import { addCapacity, raiseMaxHtlc } from './raise-limit.ts'
import { rebalanceIn } from './rebalance-in.ts'
import {
  closed,
  feeJustChanged,
  maxFollowsBalance,
  nodeTrouble,
  nothingRefused,
  outageOver,
  probes,
  served,
  stalePolicies,
  tooLittleData,
} from './rest.ts'
import type { Recommendation, RecommendationType, RestReason } from './views.ts'
import { withoutUse } from './without-use.ts'

/** One rule: what to do about a channel, or undefined where the rule has nothing to say. */
type Rule = (one: ChannelCase) => Recommendation | undefined

// What makes all else moot, from certainty to doubt: a closed channel; refusals that our own new fee
// explains; balance that idles (it rests on time, not on demands, and never on a refusal); nothing
// refused; too little to go by; a peer that is away, into whose channel nothing can be moved.
const FIRST: readonly Rule[] = [
  closed,
  feeJustChanged,
  lowerFee,
  nothingRefused,
  tooLittleData,
  peerAway,
]

// What brings money: the one that brings most is recommended; of equals the cheaper to do. Those for
// lack of balance are out of question where it would be of no use to mend it.
const REMEDIES: readonly Rule[] = [raiseMaxHtlc, mendPeer, freeSlots]
const BALANCE_REMEDIES: readonly Rule[] = [rebalanceIn, raiseFee, addCapacity]

// Why there is nothing to do: each speaks for most of the demands.
const LAST: readonly Rule[] = [
  served,
  stalePolicies,
  nodeTrouble,
  outageOver,
  maxFollowsBalance,
  probes,
]

/** Returns the one thing to do about a channel. */
export function recommend(one: ChannelCase): Recommendation {
  const first = firstOf(FIRST, one)
  if (first) return first
  const useless = withoutUse(one)
  const remedies = useless ? REMEDIES : [...REMEDIES, ...BALANCE_REMEDIES]
  return (
    bestOf(remedies, one) ??
    firstOf(LAST, one) ??
    useless ?? { type: 'leave_alone', reason: 'not-worth-it' }
  )
}

/** Returns what the figures invite and would be a mistake; undefined where nothing suggests itself. */
export function avoidOf(recommendation: Recommendation): RecommendationType | undefined {
  if ('reason' in recommendation) return MISTAKES_AT_REST[recommendation.reason]
  return MISTAKES[recommendation.type]
}

const MISTAKES: Readonly<Partial<Record<RecommendationType, RecommendationType>>> = {
  rebalance_in: 'lower_fee',
  raise_fee: 'lower_fee',
  lower_fee: 'rebalance_in',
  raise_max_htlc: 'rebalance_in',
  add_capacity: 'rebalance_in',
  mend_peer: 'rebalance_in',
  free_slots: 'rebalance_in',
}

const MISTAKES_AT_REST: Readonly<Partial<Record<RestReason, RecommendationType>>> = {
  served: 'rebalance_in',
  downstream: 'rebalance_in',
  probes: 'rebalance_in',
  'one-whale': 'rebalance_in',
  'not-worth-it': 'rebalance_in',
  transient: 'rebalance_in',
  'peer-was-away': 'rebalance_in',
  'same-peer': 'rebalance_in',
  'max-follows-balance': 'raise_max_htlc',
  'fee-just-changed': 'lower_fee',
  'stale-policies': 'lower_fee',
}

function firstOf(rules: readonly Rule[], one: ChannelCase): Recommendation | undefined {
  for (const rule of rules) {
    const found = rule(one)
    if (found) return found
  }
  return undefined
}

function bestOf(rules: readonly Rule[], one: ChannelCase): Recommendation | undefined {
  let best: Recommendation | undefined
  for (const rule of rules) {
    const found = rule(one)
    if (found && (!best || worthMsat(found) > worthMsat(best))) best = found
  }
  return best
}

/** Its gain, less what it costs: of a rebalance half of what may be paid where no cost is known. */
function worthMsat(recommendation: Recommendation): number {
  if (!('gain' in recommendation)) return 0
  const gain = Number(recommendation.gain.expectedMsat)
  if (recommendation.type !== 'rebalance_in') return gain
  const { maxPpm, pastCostPpm = maxPpm / 2 } = recommendation
  return gain * (1 - pastCostPpm / maxPpm)
}
