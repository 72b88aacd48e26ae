import { type ChannelCase, DAY_MS, LEAST_COVERED_MS, LEAST_DEMANDS } from './case.ts'
import { scaled } from './gain.ts'
import type {
  Confidence,
  ConfidenceLevel,
  ConfidenceReason,
  Missed,
  WindowDemand,
} from './views.ts'

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

/** What a confidence rests on besides the demands, of a channel or of the whole node. */
export type Grounds = Pick<ChannelCase, 'missed' | 'knownMs' | 'foldedDemands'> & {
  outgoing: Pick<ChannelCase['outgoing'], 'earnedMsat'>
}

/** Demands of one kind, added up in one pass: a node has tens of thousands. Worths are Float64 msat. */
export class Tally {
  demands = 0
  worth = 0
  largest = 0
  large = 0
  readonly #days = new Set<number>()
  readonly #isLiquidity: boolean

  constructor(isLiquidity: boolean) {
    this.#isLiquidity = isLiquidity
  }

  /** Counts those of the kind that are not left out. */
  add(all: readonly WindowDemand[]): void {
    for (const { demand, expectedMsat } of all) {
      if (demand.isLiquidity !== this.#isLiquidity || demand.leftOut !== undefined) continue
      this.demands++
      this.worth += expectedMsat
      this.largest = Math.max(this.largest, expectedMsat)
      if (demand.wantedMsat > LARGE_MSAT) this.large += expectedMsat
      this.#days.add(Math.floor(demand.at / DAY_MS))
    }
  }

  /** On how many UTC days they came. */
  get days(): number {
    return this.#days.size
  }
}

/**
 * Returns how sure a figure is and why. Liquidity is judged where there is any of it, as
 * the figure that is shown first; otherwise the other classes.
 */
export function confidenceOf(one: Grounds & Pick<ChannelCase, 'demands'>): Confidence {
  const isLiquidity = one.missed.liquidity.expectedMsat > 0n
  const counted = new Tally(isLiquidity)
  counted.add(one.demands)
  return confidenceBy(one, counted, isLiquidity ? one.missed.liquidity : one.missed.other)
}

/** The same of demands that are added up already; `missed` is the figure that they make up. */
export function confidenceBy(one: Grounds, counted: Tally, missed: Missed): Confidence {
  const reasons = [
    ...coverageReasons(one, counted),
    ...shareReasons(missed, counted),
    ...earnedReason(one),
  ]
  return { level: levelOf(counted, reasons, one.knownMs), reasons }
}

/** Whether a figure rests on too little: no advice is given by it, and nothing rings for it. */
export function isTooLittle(knownMs: number, demands: number): boolean {
  return knownMs < LEAST_COVERED_MS || demands < LEAST_DEMANDS
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

function coverageReasons(one: Grounds, { demands, days }: Tally): ConfidenceReason[] {
  const reasons: ConfidenceReason[] = [{ kind: 'demands', demands, days }]
  const { knownMs } = one
  if (knownMs < LEAST_COVERED_MS) reasons.push({ kind: 'short-coverage', coveredMs: knownMs })
  if (one.foldedDemands > 0) reasons.push({ kind: 'folded', demands: one.foldedDemands })
  return reasons
}

function shareReasons(missed: Missed, { worth, largest, large }: Tally): ConfidenceReason[] {
  if (worth <= 0) return []
  const reasons: ConfidenceReason[] = []
  if (largest > ONE_DEMAND_SHARE * worth) {
    reasons.push({ kind: 'one-demand', sharePct: percent(largest / worth) })
  }
  if (large > LARGE_SHARE * worth) {
    reasons.push({
      kind: 'large-amounts',
      sharePct: percent(large / worth),
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
  counted: Tally,
  reasons: readonly ConfidenceReason[],
  knownMs: number,
): ConfidenceLevel {
  const has = (kind: ConfidenceReason['kind']) => reasons.some((reason) => reason.kind === kind)
  if (isTooLittle(knownMs, counted.demands)) return 'too-little-data'
  if (has('one-demand') || has('far-above-earned')) return 'low'
  const reaches = (least: { demands: number; days: number }) =>
    counted.demands >= least.demands && counted.days >= least.days
  if (reaches(HIGH) && !has('large-amounts') && !has('folded')) return 'high'
  return reaches(MEDIUM) ? 'medium' : 'low'
}

function percent(share: number): number {
  return Math.round(share * 100)
}
