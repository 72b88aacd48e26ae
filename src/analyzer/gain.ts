import type { Missed, WindowDemand } from './views.ts'

export const NOTHING: Missed = { expectedMsat: 0n, lowMsat: 0n, highMsat: 0n }

// The estimate's model error, a log-normal of 20 %, is common to all demands: it does not average out.
const MODEL_ERROR = 0.2

/** Sum and variance of what independent demands are worth, Float64 msat and msat². */
export type Spread = { expected: number; variance: number }

/** Returns the spread of demands, each worth its fee with some chance and otherwise nothing. */
export function spreadOf(demands: readonly WindowDemand[]): Spread {
  const sum: Spread = { expected: 0, variance: 0 }
  for (const one of demands) addTo(sum, one)
  return sum
}

/** Whether a demand is expected to bring anything: less than one msat is nothing. */
export function hasMoney({ expectedMsat }: WindowDemand): boolean {
  return expectedMsat >= 1
}

/** Adds a demand to a spread: worth v with probability q, it has the variance v² · q · (1 − q). */
export function addTo(sum: Spread, one: WindowDemand): void {
  if (!hasMoney(one)) return
  const { demand, inflow, expectedMsat } = one
  const q = demand.chance * inflow
  sum.expected += expectedMsat
  sum.variance += expectedMsat * (expectedMsat / q) * (1 - q)
}

/**
 * Returns what some of a channel's demands make up of its figure: of the expectation their share,
 * of the interval's arms the ratio of standard deviations, since few demands are less sure than
 * many. Never more than the whole; all of it when they are all of them.
 */
export function partOf(whole: Missed, all: Spread, part: Spread): Missed {
  if (all.expected <= 0 || part.expected <= 0) return NOTHING
  const share = Math.min(1, part.expected / all.expected)
  const arm = Math.min(1, deviation(part) / (deviation(all) || 1))
  const expected = Number(whole.expectedMsat)
  const low = share * expected - arm * (expected - Number(whole.lowMsat))
  // Where the truth is most likely nothing, the upper end lies below the expectation.
  const above = Number(whole.highMsat) - expected
  const high = above > 0 ? share * expected + arm * above : share * Number(whole.highMsat)
  return {
    expectedMsat: clamped(share * expected, whole.expectedMsat),
    lowMsat: clamped(low, whole.lowMsat),
    highMsat: clamped(high, whole.highMsat),
  }
}

/** Returns a figure none of whose ends lies above what is possible. */
export function atMost({ expectedMsat, lowMsat, highMsat }: Missed, mostMsat: bigint): Missed {
  const within = (msat: bigint) => (msat < mostMsat ? msat : mostMsat)
  return {
    expectedMsat: within(expectedMsat),
    lowMsat: within(lowMsat),
    highMsat: within(highMsat),
  }
}

/** Returns a figure times a factor. */
export function scaled(missed: Missed, factor: number): Missed {
  return {
    expectedMsat: toMsat(Number(missed.expectedMsat) * factor),
    lowMsat: toMsat(Number(missed.lowMsat) * factor),
    highMsat: toMsat(Number(missed.highMsat) * factor),
  }
}

/** Returns whole msat of a Float64. */
export function toMsat(value: number): bigint {
  return BigInt(Math.round(value))
}

function deviation({ expected, variance }: Spread): number {
  return Math.sqrt(variance + (MODEL_ERROR * expected) ** 2)
}

function clamped(value: number, most: bigint): bigint {
  const whole = toMsat(Math.max(0, value))
  return whole > most ? most : whole
}
