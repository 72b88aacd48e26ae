import type { Span } from '../stats/views.ts'
import { usedBy } from './case.ts'
import { addTo, atMost, partOf, type Spread, spreadOf, toMsat } from './gain.ts'
import { Offers } from './sold-once.ts'
import type { Missed, RefillPoint, WindowDemand } from './views.ts'

// The amounts tried: a quarter of a million sat and its doubles, and last what serves all or what
// there is room for, with no double right below it. 17 doubles reach 164 BTC.
const SMALLEST_MSAT = 250_000_000n
const MOST_POINTS = 17
const NEAR = 1.25
const ROUND_MSAT = 50_000_000n
// LND refused it, so that the channel had less than was wanted, whatever the remembered balance
// (polled, blind for HTLCs in flight) says: at least this share of the amount was missing.
const LEAST_SHORT = 0.01
// Below this distance from the chord a curve counts as straight.
const STRAIGHT = 0.1
const USED_UP = 0.9
// What is asked for today may not be in two months: an amount that lasts longer is worth no more.
const LONGEST_MS = 30 * 86_400_000

export type RefillQuestion = {
  /** Refused for lack of balance with money in them, oldest first. */
  demands: readonly WindowDemand[]
  /** What they make up together. */
  missed: Missed
  /** What the channel could send at a time, Float64 msat; undefined where unknown. */
  spendableAt: (at: number) => number | undefined
  /** What can be moved in now: the peer's side less its reserve; undefined where unknown. */
  roomMsat: bigint | undefined
  span: Span
  /** For how long the node was listened to within the window up to a time, in ms. */
  coveredUntil: (at: number) => number
}

/** A point of the curve with what the decision needs: how long it lasts, what it may cost. */
export type RefillStep = RefillPoint & {
  /** Until it is used up at this demand, in ms. */
  usedUpInMs: number
  /** The most that it can earn, sold once. */
  mostMsat: bigint
  maxPpm: number
}

/** `usedUpAt`: when so much of it was used that the rest serves only the smallest; undefined if never. */
type Run = {
  spread: Spread
  usedMsat: number
  usedUpAt: number | undefined
  /** The best fee of a single one that it serves, Float64 msat. */
  largestFeeMsat: number
}

/**
 * Returns what moving balance into a channel would have earned over the window, for a quarter of a
 * million sat and its doubles, up to the amount that serves all or to the channel's room.
 */
export function refillCurve(question: RefillQuestion): RefillStep[] {
  const { demands } = question
  const shortOf = demands.map(({ demand }) =>
    Math.max(
      demand.wantedMsat - (question.spendableAt(demand.at) ?? 0),
      demand.wantedMsat * LEAST_SHORT,
    ),
  )
  const all = spreadOf(demands)
  const offers = new Offers(demands, shortOf)
  const steps: RefillStep[] = []
  for (const amountMsat of amountsUpTo(enough(demands, shortOf), question.roomMsat)) {
    const run = play(demands, shortOf, Number(amountMsat))
    const before = steps.at(-1)
    const mostMsat = larger(soldOnce(run, amountMsat, offers), before?.mostMsat ?? 0n)
    const part = atMost(partOf(question.missed, all, run.spread), mostMsat)
    const gain = atLeast(part, before?.gain)
    const usedUpInMs = lasting(run, Number(amountMsat), question)
    steps.push({
      amountMsat,
      gain,
      usedUpInMs,
      mostMsat,
      maxPpm: ceiling(gain, amountMsat, usedUpInMs, question.span),
    })
  }
  return steps
}

/**
 * Returns the step at which the curve bends: the one that lies furthest above the straight line to
 * its end (Satopaa et al., "Finding a Kneedle in a Haystack", 2011); the last one of a straight
 * curve, where every further sat earns as much as the first. Undefined where nothing is earned.
 */
export function bendOf(steps: readonly RefillStep[]): RefillStep | undefined {
  const last = steps.at(-1)
  if (!last || last.gain.expectedMsat === 0n) return undefined
  let best = last
  let furthest = STRAIGHT
  for (const step of steps) {
    const distance =
      Number(step.gain.expectedMsat) / Number(last.gain.expectedMsat) -
      Number(step.amountMsat) / Number(last.amountMsat)
    if (distance > furthest) [best, furthest] = [step, distance]
  }
  return best
}

function amountsUpTo(enoughMsat: bigint, roomMsat: bigint = enoughMsat): bigint[] {
  const last = enoughMsat < roomMsat ? enoughMsat : roomMsat
  const amounts: bigint[] = []
  for (let i = 0; i < MOST_POINTS; i++) {
    const amount = SMALLEST_MSAT << BigInt(i)
    if (Number(amount) * NEAR >= Number(last)) break
    amounts.push(amount)
  }
  return last > 0n ? [...amounts, last] : amounts
}

/** The least amount that serves them all. */
function enough(demands: readonly WindowDemand[], shortOf: readonly number[]): bigint {
  let used = 0
  let most = 0
  demands.forEach((one, i) => {
    most = Math.max(most, used + (shortOf[i] ?? 0))
    used += usedBy(one)
  })
  return ((BigInt(Math.ceil(most)) + ROUND_MSAT - 1n) / ROUND_MSAT) * ROUND_MSAT
}

/**
 * The window once more with so much in addition: who needs more of it than is left goes away, who
 * is served uses it up by what is expected of him.
 */
function play(
  demands: readonly WindowDemand[],
  shortOf: readonly number[],
  amountMsat: number,
): Run {
  const spread = { expected: 0, variance: 0 }
  const run: Run = { spread, usedMsat: 0, usedUpAt: undefined, largestFeeMsat: 0 }
  demands.forEach((one, i) => {
    if ((shortOf[i] ?? Infinity) > amountMsat - run.usedMsat) return
    addTo(run.spread, one)
    run.usedMsat += usedBy(one)
    run.largestFeeMsat = Math.max(run.largestFeeMsat, one.demand.feeMsat)
    if (run.usedMsat >= USED_UP * amountMsat) run.usedUpAt ??= one.demand.at
  })
  return run
}

/**
 * The most that the amount can earn, for it is sold once: at the best fees that were offered. It may
 * be less than what is used up, as the channel's own balance makes up the rest of a payment: a single
 * one that it makes possible pays its whole fee.
 */
function soldOnce(run: Run, amountMsat: bigint, offers: Offers): bigint {
  const amount = Number(amountMsat)
  const sold = Math.max(amount, run.usedMsat)
  return toMsat(Math.max(offers.mostFor(sold, amount), run.largestFeeMsat))
}

/**
 * More balance may serve an early large payment and so lack for later ones that pay better. Nobody
 * has to move that much: what less would have earned is the least that can be had.
 */
function atLeast(gain: Missed, before: Missed | undefined): Missed {
  if (!before) return gain
  return {
    expectedMsat: larger(gain.expectedMsat, before.expectedMsat),
    lowMsat: larger(gain.lowMsat, before.lowMsat),
    highMsat: larger(gain.highMsat, before.highMsat),
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

// Used up within the window: when that was. Otherwise at the pace of the window's covered time.
function lasting(
  run: Run,
  amountMsat: number,
  { span, coveredUntil }: Pick<RefillQuestion, 'span' | 'coveredUntil'>,
): number {
  if (run.usedMsat <= 0) return Infinity
  if (run.usedUpAt === undefined) return (span.coveredMs * amountMsat) / run.usedMsat
  return coveredUntil(run.usedUpAt)
}

// The figure is no sharper; a ceiling is never rounded up.
const ROUND_FROM_PPM = 100
const ROUND_PPM = 5

/**
 * The highest cost at which it pays: what the amount earns until it is used up, taken half way
 * between the low end of its interval and the expectation. The cost is sure and due now, the gain
 * neither: where the low end is nothing, at most half of the expectation may be spent for it, and
 * nearly all of it where the figure is sharp.
 */
function ceiling(
  gain: Missed,
  amountMsat: bigint,
  usedUpInMs: number,
  { coveredMs }: Span,
): number {
  const windows = Math.max(1, Math.min(usedUpInMs, LONGEST_MS) / Math.max(1, coveredMs))
  const prudent = (Number(gain.lowMsat) + Number(gain.expectedMsat)) / 2
  const exact = Math.floor((prudent * windows * 1_000_000) / Number(amountMsat))
  return exact < ROUND_FROM_PPM ? exact : exact - (exact % ROUND_PPM)
}
