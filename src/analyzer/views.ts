import type { Scid } from '../lightning/scid.ts'
import type { Span, Window } from '../stats/views.ts'

/**
 * What would have been earned, in msat: an expectation with its 80 % interval (one time in ten the
 * truth lies below `lowMsat`, one time in ten above `highMsat`).
 */
export type Missed = { expectedMsat: bigint; lowMsat: bigint; highMsat: bigint }

/** How a demand came: once, again and again by a timer, or as one of several amounts tried. */
export type DemandKind = 'payment' | 'timer' | 'search'

/**
 * One buyer's demand that we refused for one class of reason, as the estimate sees it. All its
 * attempts within seconds or minutes are one demand; its money belongs to the channel that was
 * asked for by its best offer.
 */
export type EstimatedDemand = {
  /** Stable name of the demand, for buttons; undefined while it is still going on. */
  id: number | undefined
  /** Epoch ms of its first and last attempt. */
  at: number
  lastAt: number
  /** The peer asked for, and the neighbour that brought the best offer, by their peer numbers. */
  peer: number
  fromPeer: number
  /** The channel asked for, and the one that brought it, by serial (see OwnChannel). */
  asked: number
  from: number
  /** See `failureCode`. */
  failureCode: number
  /** Lack of balance, or too large for our limit and for our balance alike. */
  isLiquidity: boolean
  kind: DemandKind
  /** Attempts refused for this class. */
  attempts: number
  /** Float64 msat: what one HTLC of it was for: the amount of the session's first attempt. */
  amountMsat: number
  /** Float64 msat: the amount that was wanted to pass and did not, all parts together. */
  wantedMsat: number
  /** Float64 msat: the fee offered for that, before any chance: never the sum over retries. */
  feeMsat: number
  /** Float64 msat: the same before what settled after all was taken off. */
  askedMsat: number
  askedFeeMsat: number
  /** Float64 msat: the fees of all its attempts, retries included. */
  offeredMsat: number
  /** Share of the whole demand that settled through us after all, 0 … 1. */
  servedShare: number
  /** P(it would have settled had we forwarded it). */
  chance: number
  /** Not counted: an operator said so, or an own policy change within the hour explains it. */
  leftOut: 'ignored' | 'policy-change' | undefined
}

/** A demand within a window: there its neighbour may have had less left to send. */
export type WindowDemand = {
  demand: EstimatedDemand
  /** P(the neighbour still had the amount on its side). */
  inflow: number
  /** fee · chance · inflow (of a timer, times its rounds), Float64 msat. */
  expectedMsat: number
}

/** What a channel missed over a window, by the channel that was asked for. */
export type ChannelMissed = {
  /** Lack of balance: what moving sats there would have brought. */
  liquidity: Missed
  /** Every other class: other remedies, never added to the first. */
  other: Missed
  /** Distinct demands with money in them, of both. */
  liquidityDemands: number
  otherDemands: number
}

/** The words for how sure a figure is. */
export type ConfidenceLevel = 'high' | 'medium' | 'low' | 'too-little-data'

export type Confidence = { level: ConfidenceLevel; reasons: readonly ConfidenceReason[] }

/** What a confidence rests on; the sentence is made in messages/. */
export type ConfidenceReason =
  | { kind: 'demands'; demands: number; days: number }
  | { kind: 'one-demand'; sharePct: number }
  /** Of a node's figure: one channel makes up most of it and is less sure than the whole looks. */
  | { kind: 'one-channel'; sharePct: number }
  /** Most of it is above 1M sat: the honest range then (0.5 to 2.8 times), said, not applied. */
  | { kind: 'large-amounts'; sharePct: number; lowMsat: bigint; highMsat: bigint }
  | { kind: 'short-coverage'; coveredMs: number }
  /** Undefined: nothing was earned at all. */
  | { kind: 'far-above-earned'; timesEarned: number | undefined }
  | { kind: 'folded'; demands: number }

/** Urgency 0 … 100 and its parts, all whole numbers, which add up to it. */
export type Urgency = {
  total: number
  /** Of 40: what a week of the best step is expected to bring. */
  gain: number
  /** Of 20: how sure the figure is. */
  confidence: number
  /** Of 20: on how many of the window's days it happened. */
  recurrence: number
  /** Of 10: how soon the next demand is to be expected. */
  soon: number
  /** Of 10: how little mending it costs. */
  ease: number
}

export type UrgencyPart = Exclude<keyof Urgency, 'total'>

/** Where a channel stood in a digest. */
export type Standing = { rank: number; urgency: Urgency }

/** Why a channel's rank is not what it was: `others` moved where its own urgency hardly did. */
export type RankChange =
  | { kind: 'new'; rank: number }
  | { kind: 'gone'; was: number }
  | { kind: 'same'; rank: number }
  | { kind: 'moved'; from: number; to: number; by: UrgencyPart | 'others'; points: number }

export const RECOMMENDATION_TYPES = [
  'rebalance_in',
  'raise_fee',
  'lower_fee',
  'raise_max_htlc',
  'add_capacity',
  'mend_peer',
  'free_slots',
  'wait',
  'leave_alone',
  'too_little_data',
] as const
export type RecommendationType = (typeof RECOMMENDATION_TYPES)[number]

/** One point of a refill curve: what moving so much into a channel was worth over the window. */
export type RefillPoint = { amountMsat: bigint; gain: Missed }

/** A channel of ours whose balance lies idle: most of it ours, and nothing went out for a week. */
export type IdleSource = { scid: Scid; alias: string; spendableMsat: bigint }

/** Why nothing should be done, or not yet. */
export type RestReason =
  | 'no-refusals'
  | 'served'
  | 'downstream'
  | 'probes'
  | 'one-whale'
  | 'not-worth-it'
  | 'closed'
  | 'fee-just-changed'
  | 'transient'
  | 'peer-was-away'
  | 'stale-policies'
  | 'node-trouble'
  | 'same-peer'
  | 'max-follows-balance'

/** The one thing to do about a channel, with the figures that it rests on. */
export type Recommendation =
  | {
      type: 'rebalance_in'
      amountMsat: bigint
      /** The highest cost in ppm of the amount at which it still pays. */
      maxPpm: number
      /** What the amount is expected to earn until it is used up, at most over the window. */
      gain: Missed
      /** The most that the amount can earn, sold once at the best fees offered. */
      mostMsat: bigint
      /** How long the amount lasts at this demand, in ms. */
      usedUpInMs: number
      curve: readonly RefillPoint[]
      sources: readonly IdleSource[]
      /** What such a rebalance has cost before, in ppm, where it is known. */
      pastCostPpm: number | undefined
    }
  | { type: 'raise_fee'; fromPpm: number; toPpm: number; gain: Missed; demandsPerWeek: number }
  | { type: 'lower_fee'; fromPpm: number; toPpm: number; localSharePct: number; idleMs: number }
  /** Undefined: our own policy is not known. */
  | { type: 'raise_max_htlc'; fromMsat: bigint | undefined; toMsat: bigint; gain: Missed }
  | {
      type: 'add_capacity'
      /** The size of a channel that holds nine in ten of the amounts asked for in vain. */
      addMsat: bigint
      /** The most that any channel to the peer can send at once, reserves kept. */
      holdableMsat: bigint
      largestMsat: bigint
      demands: number
      gain: Missed
    }
  | {
      type: 'mend_peer'
      gain: Missed
      demands: number
      /** It answers now: what was refused was refused while it came and went. */
      isOnline: boolean
    }
  | { type: 'free_slots'; gain: Missed; demands: number; pending: number; slots: number }
  | { type: 'wait'; reason: RestReason; until: number | undefined }
  | { type: 'leave_alone'; reason: RestReason }
  | { type: 'too_little_data'; coveredMs: number; demands: number }

/** A channel as the analyzer sees it over a window: what it missed and the one thing to do. */
export type Opportunity = {
  scid: Scid
  alias: string
  pubkey: string | undefined
  window: Window
  span: Span
  refusedAttempts: number
  missed: ChannelMissed
  confidence: Confidence
  urgency: Urgency
  recommendation: Recommendation
  /** The window that the recommendation rests on: a week at least. */
  advice: { window: Window; span: Span }
  /** What not to do, in the same terms; undefined where nothing suggests itself. */
  avoid: RecommendationType | undefined
}

/** The node's line: what one step would bring, and the most that all of them might. */
export type NodeOpportunity = {
  best: Opportunity | undefined
  /** "Up to about": never the sum over channels, which is not attainable. */
  upToMsat: bigint
}
