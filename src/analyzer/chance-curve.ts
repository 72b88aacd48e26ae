// x = ln(amount / 100,000 sat) / 2; knots at 20,000, 200,000 and 1,000,000 sat.
const UNIT_MSAT = 100_000_000
export const KNOTS = [20_000, 200_000, 1_000_000].map((sat) => scale(sat * 1000))

// The places of the coefficients: intercept, slope, changes of the slope at the knots, and
// "came with other amounts".
export const AT_KNOTS = 2
export const SEARCH = AT_KNOTS + KNOTS.length

/** The coefficients: the fixed ones, and one effect for each outgoing peer. */
export type Coefficients = { fixed: Float64Array; peers: Float64Array }

/** Returns the amount on the scale of the model. */
export function scale(msat: number): number {
  return Math.log(Math.max(msat, 1) / UNIT_MSAT) / 2
}

/** Returns by how much an amount on the scale of the model is past a knot. */
export function pastKnot(x: number, knot: number): number {
  return Math.max(0, x - (KNOTS[knot] ?? 0))
}

/** Returns P(it would have settled), on the scale of the logistic function. */
export function logitOf(
  { fixed, peers }: Coefficients,
  x: number,
  isSearch: boolean,
  peer: number,
): number {
  let sum = (fixed[0] ?? 0) + (fixed[1] ?? 0) * x + (peers[peer] ?? 0)
  for (let k = 0; k < KNOTS.length; k++) sum += (fixed[AT_KNOTS + k] ?? 0) * pastKnot(x, k)
  return isSearch ? sum + (fixed[SEARCH] ?? 0) : sum
}

export function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit))
}
