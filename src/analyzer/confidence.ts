import { type ChannelCase, daysOf, LEAST_COVERED_MS, LEAST_DEMANDS } from './case.ts'
import { scaled } from './gain.ts'
import type { Confidence, ConfidenceLevel, ConfidenceReason, WindowDemand } from './views.ts'

// So many demands on so many days leave little to chance: 20 coin flips of p = 0.25 scatter by 40 %.
const HIGH = { demands: 20, days: 4 }
const MEDIUM = { demands: 10, days: 2 }
const ONE_DEMAND_SHARE = 0.5
const ONE_CHANNEL_SHARE = 0.5
// Above 1M sat payments settle less often when refused than when forwarded, and scatter more.
const LARGE_MSAT = 1_000_000_000
const LARGE_SHARE = 0.5
const LARGE_RANGE = { low: 0.5, high: 2.8 }
const FAR_ABOVE = 10

/** What a confidence rests on, of a channel or of the whole node. */
export type Grounds = Pick<ChannelCase, 'demands' | 'missed' | 'knownMs' | 'foldedDemands'> & {
  outgoing: Pick<ChannelCase['outgoing'], 'earnedMsat'>
}

/**
 * Returns how sure a figure is and why. Liquidity is judged where there is any of it, as
 * the figure that is shown first; otherwise the other classes.
 */
export function confidenceOf(one: Grounds): Confidence {
  const isLiquidity = one.missed.liquidity.expectedMsat > 0n
  const counted = one.demands.filter(
    ({ demand }) => demand.isLiquidity === isLiquidity && demand.leftOut === undefined,
  )
  const reasons = [
    ...coverageReasons(one, counted),
    ...shareReasons(one, counted, isLiquidity),
    ...earnedReason(one),
  ]
  return { level: levelOf(counted, reasons, one.knownMs), reasons }
}

const LEVELS: readonly ConfidenceLevel[] = ['too-little-data', 'low', 'medium', 'high']

/** A channel's part in the node's figure. */
export type Part = { missed: Pick<ChannelCase['missed'], 'liquidity'>; confidence: Confidence }

/**
 * Returns how sure a node's figure is: no surer than the channel that makes up most of it. A part with
 * too little data leaves it unsure; the rest is still a figure.
 */
export function asSureAsItsParts(whole: Confidence, parts: readonly Part[]): Confidence {
  const worthOf = ({ missed }: Part) => Number(missed.liquidity.expectedMsat)
  const sum = parts.reduce((all, part) => all + worthOf(part), 0)
  const most = parts.find((part) => worthOf(part) > ONE_CHANNEL_SHARE * sum)
  if (most === undefined) return whole
  const least = Math.max(LEVELS.indexOf('low'), LEVELS.indexOf(most.confidence.level))
  const level = LEVELS[least] ?? 'low'
  if (LEVELS.indexOf(whole.level) <= least) return whole
  const sharePct = percent(worthOf(most) / sum)
  return { level, reasons: [...whole.reasons, { kind: 'one-channel', sharePct }] }
}

function coverageReasons(one: Grounds, counted: readonly WindowDemand[]): ConfidenceReason[] {
  const reasons: ConfidenceReason[] = [
    { kind: 'demands', demands: counted.length, days: daysOf(counted) },
  ]
  const { knownMs } = one
  if (knownMs < LEAST_COVERED_MS) reasons.push({ kind: 'short-coverage', coveredMs: knownMs })
  if (one.foldedDemands > 0) reasons.push({ kind: 'folded', demands: one.foldedDemands })
  return reasons
}

function shareReasons(
  one: Grounds,
  counted: readonly WindowDemand[],
  isLiquidity: boolean,
): ConfidenceReason[] {
  const whole = counted.reduce((sum, { expectedMsat }) => sum + expectedMsat, 0)
  if (whole <= 0) return []
  const reasons: ConfidenceReason[] = []
  const largest = Math.max(...counted.map(({ expectedMsat }) => expectedMsat)) / whole
  if (largest > ONE_DEMAND_SHARE) reasons.push({ kind: 'one-demand', sharePct: percent(largest) })
  const large = counted.filter(({ demand }) => demand.wantedMsat > LARGE_MSAT)
  const share = large.reduce((sum, { expectedMsat }) => sum + expectedMsat, 0) / whole
  if (share > LARGE_SHARE) {
    const missed = isLiquidity ? one.missed.liquidity : one.missed.other
    reasons.push({
      kind: 'large-amounts',
      sharePct: percent(share),
      lowMsat: scaled(missed, LARGE_RANGE.low).expectedMsat,
      highMsat: scaled(missed, LARGE_RANGE.high).expectedMsat,
    })
  }
  return reasons
}

function earnedReason({ missed, outgoing }: Grounds): ConfidenceReason[] {
  const earned = Number(outgoing.earnedMsat)
  const expected = Number(missed.liquidity.expectedMsat)
  if (expected <= FAR_ABOVE * earned) return []
  const timesEarned = earned > 0 ? Math.round(expected / earned) : undefined
  return [{ kind: 'far-above-earned', timesEarned }]
}

function levelOf(
  counted: readonly WindowDemand[],
  reasons: readonly ConfidenceReason[],
  knownMs: number,
): ConfidenceLevel {
  const has = (kind: ConfidenceReason['kind']) => reasons.some((reason) => reason.kind === kind)
  if (knownMs < LEAST_COVERED_MS || counted.length < LEAST_DEMANDS) return 'too-little-data'
  if (has('one-demand') || has('far-above-earned')) return 'low'
  const reaches = (least: { demands: number; days: number }) =>
    counted.length >= least.demands && daysOf(counted) >= least.days
  if (reaches(HIGH) && !has('large-amounts') && !has('folded')) return 'high'
  return reaches(MEDIUM) ? 'medium' : 'low'
}

function percent(share: number): number {
  return Math.round(share * 100)
}
