import type { Coefficients, Posterior } from './chance-model.ts'
import { createDice } from './dice.ts'

const DRAWS = 400
const MODEL_ERROR_SD = 0.2
const LOW = 0.1
const HIGH = 0.9
const SEED = 20_240_817
const DEMANDS_PER_SLICE = 200_000
const SUMS_PER_SLICE = 300

/** The demands to be drawn: what each is worth (Float64 msat), and its chance under coefficients. */
export type Drawn = {
  values: Float64Array
  fillChances(coefficients: Coefficients, chances: Float64Array): void
}

/** One span's demands: from a place on, P(the neighbour had it), and the sums that each counts in. */
export type SpanDraw = {
  first: number
  inflow: Float64Array
  sums: readonly (readonly number[])[]
  /** How many sums there are. */
  size: number
}

/** The 10 % and 90 % quantiles of a sum, Float64 msat. */
export type Interval = { low: number; high: number }

/**
 * Draws 400 times what would have settled: coefficients from the posterior, then each demand by its
 * chance, times one log-normal model error of 20 %. Returns the intervals of each span's sums. The
 * draws are the same for all spans. Yields between slices.
 */
export function* drawIntervals(
  { values, fillChances }: Drawn,
  spans: readonly SpanDraw[],
  posterior: Posterior,
): Generator<void, Interval[][]> {
  const dice = createDice(SEED)
  const chances = new Float64Array(values.length)
  const drawn = spans.map(({ size }) => new Float32Array(size * DRAWS))
  for (let draw = 0, done = 0; draw < DRAWS; draw++) {
    fillChances(posterior.draw(dice.normal), chances)
    const error = Math.exp(MODEL_ERROR_SD * dice.normal())
    for (let i = 0; i < values.length; i++) {
      const fate = dice.uniform()
      const chance = chances[i] ?? 0
      if (fate >= chance) continue
      const value = (values[i] ?? 0) * error
      for (let s = 0; s < spans.length; s++)
        settle(spans[s], drawn[s], i, fate / chance, value, draw)
    }
    done += values.length
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

function settle(
  span: SpanDraw | undefined,
  drawn: Float32Array | undefined,
  demand: number,
  fate: number,
  value: number,
  draw: number,
): void {
  if (!span || !drawn || demand < span.first) return
  if (fate >= (span.inflow[demand - span.first] ?? 0)) return
  for (const sum of span.sums[demand - span.first] ?? []) {
    const cell = sum * DRAWS + draw
    drawn[cell] = (drawn[cell] ?? 0) + value
  }
}

function* quantilesOf(drawn: Float32Array, size: number): Generator<void, Interval[]> {
  const intervals: Interval[] = []
  for (let sum = 0; sum < size; sum++) {
    if (sum % SUMS_PER_SLICE === SUMS_PER_SLICE - 1) yield
    const sorted = drawn.subarray(sum * DRAWS, (sum + 1) * DRAWS).sort()
    intervals.push({ low: quantile(sorted, LOW), high: quantile(sorted, HIGH) })
  }
  return intervals
}

function quantile(sorted: Float32Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0
}
