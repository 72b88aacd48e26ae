import { type ChannelCase, DAY_MS, daysOf, WEEK_MS } from './case.ts'
import { atMost, NOTHING, scaled } from './gain.ts'
import type {
  ConfidenceLevel,
  Missed,
  RankChange,
  Recommendation,
  Standing,
  Urgency,
  UrgencyPart,
  WindowDemand,
} from './views.ts'

const NONE: Urgency = { total: 0, gain: 0, confidence: 0, recurrence: 0, soon: 0, ease: 0 }
const MOST = { gain: 40, confidence: 20, recurrence: 20, soon: 10, ease: 10 } as const
const PARTS = Object.keys(MOST) as UrgencyPart[]

// What nodes earn on a channel spans from tens to ten thousands of sats a week.
const LEAST_GAIN_MSAT = 10_000
const FULL_GAIN_MSAT = 10_000_000
// Days are told apart from the third covered day on.
const LEAST_DAYS = 3
const SURE: Readonly<Record<ConfidenceLevel, number>> = {
  high: 1,
  medium: 0.6,
  low: 0.25,
  'too-little-data': 0,
}
// A changed setting costs nothing; a call to the peer needs the peer; a channel costs chain fees and days.
const EASE: Readonly<Record<Recommendation['type'], number>> = {
  raise_max_htlc: 1,
  raise_fee: 1,
  lower_fee: 1,
  free_slots: 0.8,
  mend_peer: 0.6,
  rebalance_in: 0.5,
  add_capacity: 0.2,
  wait: 0,
  leave_alone: 0,
  too_little_data: 0,
}
// Its own urgency moved by less than this: the others did.
const NOTICEABLE = 3

/**
 * Returns how urgent a recommendation is, 0 … 100. The gain counts by its logarithm: each tenfold is
 * worth as much, from 10 to 10,000 sat a week. The other parts count as far as there is something
 * to gain: sure, daily and easy is of no matter for 2 sat a week. Where nothing is to be done there
 * is no urgency; idle balance, whose worth nobody can tell, has its ease alone.
 */
export function urgencyOf(
  one: ChannelCase,
  recommendation: Recommendation,
  level: ConfidenceLevel,
): Urgency {
  if (!('gain' in recommendation)) {
    return urgency({ ...NONE, ease: MOST.ease * EASE[recommendation.type] })
  }
  const weight = gainShare(Number(weeklyGain(recommendation, one.span.coveredMs).expectedMsat))
  const counted = one.demands.filter(({ demand }) => demand.leftOut === undefined)
  return urgency({
    gain: weight * MOST.gain,
    confidence: weight * MOST.confidence * SURE[level],
    recurrence: weight * MOST.recurrence * recurrenceOf(counted, one.span.coveredMs),
    soon: weight * MOST.soon * chanceWithinDay(counted, one),
    ease: weight * MOST.ease * easeOf(recommendation),
  })
}

/**
 * Returns what a week of a recommendation is expected to bring: an amount moved in earns until it is
 * used up, all else as long as it lasts.
 */
export function weeklyGain(recommendation: Recommendation, coveredMs: number): Missed {
  if (!('gain' in recommendation) || coveredMs <= 0) return NOTHING
  const isRefill = recommendation.type === 'rebalance_in'
  const lasts = isRefill ? recommendation.usedUpInMs : Infinity
  const earnedIn = Math.max(1, Math.min(coveredMs, lasts))
  const gain = scaled(recommendation.gain, Math.min(WEEK_MS, lasts) / earnedIn)
  return isRefill ? atMost(gain, recommendation.mostMsat) : gain
}

/** Returns why a channel's rank changed between two digests; undefined when it was in neither. */
export function explainChange(
  before: Standing | undefined,
  after: Standing | undefined,
): RankChange | undefined {
  if (!before && !after) return undefined
  if (!before) return { kind: 'new', rank: after?.rank ?? 0 }
  if (!after) return { kind: 'gone', was: before.rank }
  if (before.rank === after.rank) return { kind: 'same', rank: after.rank }
  const moved = { kind: 'moved', from: before.rank, to: after.rank } as const
  const points = after.urgency.total - before.urgency.total
  const isUp = after.rank < before.rank
  // Less urgent than before and yet higher up, or hardly changed: others made room or overtook.
  if (Math.abs(points) < NOTICEABLE || points > 0 !== isUp)
    return { ...moved, by: 'others', points }
  return { ...moved, by: mainPart(before.urgency, after.urgency, Math.sign(points)), points }
}

/** The part that moved most in the direction of the whole. */
function mainPart(before: Urgency, after: Urgency, direction: number): UrgencyPart {
  const by = (part: UrgencyPart) => direction * (after[part] - before[part])
  return PARTS.reduce((most, part) => (by(part) > by(most) ? part : most))
}

/** Whole parts, and their sum. */
function urgency(parts: Record<UrgencyPart, number>): Urgency {
  const whole = { ...NONE }
  for (const part of PARTS) {
    whole[part] = Math.round(parts[part])
    whole.total += whole[part]
  }
  return whole
}

function gainShare(weeklyMsat: number): number {
  const share =
    Math.log1p(weeklyMsat / LEAST_GAIN_MSAT) / Math.log1p(FULL_GAIN_MSAT / LEAST_GAIN_MSAT)
  return Math.min(1, share)
}

function recurrenceOf(demands: readonly WindowDemand[], coveredMs: number): number {
  return Math.min(1, daysOf(demands) / Math.max(LEAST_DAYS, coveredMs / DAY_MS))
}

/**
 * P(the next demand comes within a day), for demands that come at random: 1 − e^(−1 day / gap). The
 * gap is the mean of the window, or the silence since the last where that is longer.
 */
function chanceWithinDay(demands: readonly WindowDemand[], { now, span }: ChannelCase): number {
  const last = demands.at(-1)
  if (!last) return 0
  const gap = Math.max(span.coveredMs / demands.length, now - last.demand.lastAt)
  return -Math.expm1(-DAY_MS / gap)
}

/** Of a rebalance whose cost is known: how far below the ceiling it lies. */
function easeOf(recommendation: Recommendation): number {
  if (recommendation.type !== 'rebalance_in' || recommendation.pastCostPpm === undefined) {
    return EASE[recommendation.type]
  }
  return Math.max(0, 1 - recommendation.pastCostPpm / Math.max(1, recommendation.maxPpm))
}
