import type { Coefficients } from './chance-curve.ts'
import type { Posterior } from './chance-model.ts'
import { createDice, type Dice } from './dice.ts'

const DRAWS = 400
const MODEL_ERROR_SD = 0.2
const LOW = 0.1
const HIGH = 0.9
const SEED = 20_240_817
const DEMANDS_PER_SLICE = 50_000
const SUMS_PER_SLICE = 100
const SIDES = 2 ** 16

/** In how many sums a demand counts at the most. */
export const SUMS_EACH = 3

// A chance is met when the die shows less than it, its logit when the die's logit is less: looked up,
// as the logistic function of 24 million logits would take most of the time.
const DIE_LOGITS = Float64Array.from({ length: SIDES }, (_, side) => {
  const fate = (side + 0.5) / SIDES
  return Math.log(fate / (1 - fate))
})

/**
 * The demands to be drawn: what each is worth (Float64 msat), and its logit under coefficients, from
 * one on.
 */
export type Drawn = {
  worths: Float64Array
  fillLogits(coefficients: Coefficients, logits: Float64Array, first: number): void
}

/** Of every demand: how much of its chance is left in one span, and the sums that it counts in there. */
export type SpanDraw = {
  /** What failures before and the neighbour's balance leave of the chance, 0 … 1; 0 outside the span. */
  kept: Float64Array
  /** For each demand, three places of sums that it counts in; −1 for none. */
  sums: Int32Array
  /** How many sums there are. */
  size: number
  /** The first demand of which anything is kept: those of a short span are the last ones. */
  first: number
}

/** The 10 % and 90 % quantiles of a sum, Float64 msat. */
export type Interval = { low: number; high: number }

/**
 * Draws 400 times what would have settled: coefficients from the posterior, then each demand by its
 * chance, times one log-normal model error of 20 %. Returns the intervals of each span's sums. The
 * draws are the same for all spans. Yields between slices.
 */
export function* drawIntervals(
  { worths, fillLogits }: Drawn,
  spans: readonly SpanDraw[],
  posterior: Posterior,
): Generator<void, Interval[][]> {
  const dice = createDice(SEED)
  const logits = new Float64Array(worths.length)
  const fates = new Int32Array(worths.length)
  // Those before count in no span: they are not drawn, and cost the others no die.
  const first = Math.min(worths.length, ...spans.map((span) => span.first))
  const drawn: Float32Array[] = []
  for (const { size } of spans) {
    drawn.push(new Float32Array(size * DRAWS))
    yield
  }
  for (let draw = 0, done = 0; draw < DRAWS; draw++) {
    fillLogits(posterior.draw(dice.normal), logits, first)
    const error = Math.exp(MODEL_ERROR_SD * dice.normal())
    roll(dice, logits, fates, first)
    for (const [s, span] of spans.entries()) {
      const sums = drawn[s]?.subarray(draw * span.size, (draw + 1) * span.size)
      if (sums) settle(span, fates, worths, error, sums)
    }
    done += worths.length - first
    if (done < DEMANDS_PER_SLICE) continue
    done = 0
    yield
  }
  const intervals: Interval[][] = []
  for (const [s, { size }] of spans.entries()) {
    intervals.push(yield* quantilesOf(drawn[s] ?? new Float32Array(), size))
  }
  return intervals
}

/**
 * Throws the dice for every demand from one on: a second die for those that were met, and −1 for the
 * others.
 */
function roll(dice: Dice, logits: Float64Array, fates: Int32Array, first: number): void {
  dice.skip(first)
  for (let i = first; i < logits.length; i++) {
    const bits = dice.bits()
    const isMet = (DIE_LOGITS[bits & (SIDES - 1)] ?? 0) < (logits[i] ?? 0)
    fates[i] = isMet ? bits >>> 16 : -1
  }
}

function settle(
  { kept, sums, first }: SpanDraw,
  fates: Int32Array,
  worths: Float64Array,
  error: number,
  drawn: Float32Array,
): void {
  for (let i = first; i < fates.length; i++) {
    const fate = fates[i] ?? -1
    if (fate < 0 || fate >= (kept[i] ?? 0) * SIDES) continue
    const worth = (worths[i] ?? 0) * error
    for (let k = i * SUMS_EACH; k < (i + 1) * SUMS_EACH; k++) {
      const sum = sums[k] ?? -1
      if (sum >= 0) drawn[sum] = (drawn[sum] ?? 0) + worth
    }
  }
}

function* quantilesOf(drawn: Float32Array, size: number): Generator<void, Interval[]> {
  const intervals: Interval[] = []
  const sorted = new Float32Array(DRAWS)
  for (let sum = 0; sum < size; sum++) {
    if (sum % SUMS_PER_SLICE === SUMS_PER_SLICE - 1) yield
    for (let draw = 0; draw < DRAWS; draw++) sorted[draw] = drawn[draw * size + sum] ?? 0
    sorted.sort()
    intervals.push({ low: quantile(sorted, LOW), high: quantile(sorted, HIGH) })
  }
  return intervals
}

function quantile(sorted: Float32Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0
}
