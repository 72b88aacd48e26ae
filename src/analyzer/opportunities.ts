import type { Memory } from '../stats/memory.ts'
import type { Forecast } from '../stats/trials.ts'
import type { ChannelCase } from './case.ts'
import { channelCases, type Scope } from './channel-cases.ts'
import { confidenceOf } from './confidence.ts'
import { toMsat } from './gain.ts'
import { avoidOf, recommend } from './recommend.ts'
import type { SpanEstimate } from './span-estimate.ts'
import { type Order, topK } from './top-k.ts'
import { urgencyOf, weeklyGain } from './urgency.ts'
import type { NodeOpportunity, Opportunity } from './views.ts'

// Channels compete for the same inflow: filling all at once gave 0.71 of the sum in the median of
// 220 simulated weeks, and 0.34 on a large node.
const ATTAINABLE = 0.71

/**
 * Finds what every channel missed over a window and the one thing to do about each, from an estimate
 * made as of the window's end. A generator, to be run in slices: it yields after each channel.
 */
export function* findOpportunities(
  memory: Memory,
  estimate: SpanEstimate,
  scope: Scope,
): Generator<void, Opportunity[]> {
  const found: Opportunity[] = []
  for (const one of channelCases(memory, estimate, scope)) {
    found.push(opportunityOf(one))
    yield
  }
  return found
}

/** Returns a channel as the analyzer sees it: what it missed, how sure that is, what to do. */
export function opportunityOf(one: ChannelCase): Opportunity {
  const recommendation = recommend(one)
  const confidence = confidenceOf(one)
  return {
    scid: one.scid,
    alias: one.alias,
    pubkey: one.pubkey,
    window: one.window,
    span: one.span,
    refusedAttempts: one.refused.reduce((sum, { attempts }) => sum + attempts, 0),
    missed: one.missed,
    confidence,
    urgency: urgencyOf(one, recommendation, confidence.level),
    recommendation,
    advice: { window: one.window, span: one.span },
    avoid: avoidOf(recommendation),
  }
}

/** The most urgent first, then by what was missed, then by id: no two channels tie. */
export const BY_URGENCY: Order<Opportunity> = (a, b) =>
  b.urgency.total - a.urgency.total || BY_MISSED(a, b)

/** What was expected for lack of balance first, then for the rest. */
export const BY_MISSED: Order<Opportunity> = (a, b) =>
  compare(b.missed.liquidity.expectedMsat, a.missed.liquidity.expectedMsat) ||
  compare(b.missed.other.expectedMsat, a.missed.other.expectedMsat) ||
  b.refusedAttempts - a.refusedAttempts ||
  compare(a.scid, b.scid)

/** Returns the most urgent channels. */
export function mostUrgent(opportunities: Iterable<Opportunity>, k: number): Opportunity[] {
  return topK(opportunities, k, BY_URGENCY)
}

/**
 * Returns what the node's line says: the step that is expected to bring most in a week, and up to
 * what all might bring at best: at least what one channel alone missed, which is expected with that
 * one filled. The sum over channels ranks; it is not attainable.
 */
export function nodeOpportunity(opportunities: Iterable<Opportunity>): NodeOpportunity {
  let best: Opportunity | undefined
  let sum = 0
  let most = 0n
  for (const one of opportunities) {
    const missed = one.missed.liquidity.expectedMsat
    sum += Number(missed)
    most = maxOf(most, missed)
    if (weekly(one) > (best ? weekly(best) : 0n)) best = one
  }
  const gain = best && 'gain' in best.recommendation ? best.recommendation.gain.expectedMsat : 0n
  return { best, upToMsat: maxOf(toMsat(sum * ATTAINABLE), maxOf(most, gain)) }
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/** Returns what to remember of a recommendation that is given now; undefined where it promises nothing. */
export function forecastOf(
  { recommendation, advice }: Opportunity,
  now: number,
): Forecast | undefined {
  if (!('gain' in recommendation)) return undefined
  const { type } = recommendation
  return {
    type,
    at: now,
    amountMsat: type === 'rebalance_in' ? recommendation.amountMsat : undefined,
    ...weeklyGain(recommendation, advice.span.coveredMs),
  }
}

function weekly({ recommendation, advice }: Opportunity): bigint {
  return weeklyGain(recommendation, advice.span.coveredMs).expectedMsat
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
