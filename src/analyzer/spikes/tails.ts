// Lanczos' approximation with g = 7 and 9 terms (Godfrey's coefficients): 15 digits for x > 0.5.
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const
// From here on the next term of Stirling's series, 1 / (1260 x⁵), is below 10⁻¹³.
const STIRLING_FROM = 100
const HALF_LN_2_PI = 0.5 * Math.log(2 * Math.PI)
// A continued fraction of the incomplete beta needs about √max(a, b) steps (Numerical Recipes §6.4):
// some thousands at the largest counts that a window can hold.
const MAX_STEPS = 20_000
const TINY = 1e-300
const PRECISION = 1e-14
// Beyond so many trials the learnt spread (at most 60 trials' worth) is all that matters: 1/2000
// against 1/61 of the variance.
const MAX_TRIALS = 2_000

/** Returns ln Γ(x) for x > 0. */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x)
  const base = x + 6.5
  let sum: number = LANCZOS[0]
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (x - 1 + i)
  return HALF_LN_2_PI + (x - 0.5) * Math.log(base) - base + Math.log(sum)
}

/** Returns ln B(a, b). */
export function lnBeta(a: number, b: number): number {
  const [least, most] = [Math.min(a, b), Math.max(a, b)]
  if (most < STIRLING_FROM) return lnGamma(a) + lnGamma(b) - lnGamma(a + b)
  // The logarithms of two great gamma functions would cancel all but a few digits: by Stirling.
  const sum = a + b
  const ratio = (most - 0.5) * Math.log1p(-least / sum) - least * Math.log(sum) + least
  return lnGamma(least) + ratio + stirling(most) - stirling(sum)
}

/** The first terms of Stirling's series: what lnΓ(x) is above (x − ½) ln x − x + ½ ln 2π. */
function stirling(x: number): number {
  return 1 / (12 * x) - 1 / (360 * x ** 3)
}

/**
 * Returns ln I of the regularised incomplete beta function at x / (x + y), given as the two parts so
 * that neither tail loses its digits, with parameters a and b.
 */
export function lnIncompleteBeta(x: number, y: number, a: number, b: number): number {
  const p = x / (x + y)
  const lnFront = a * Math.log(p) + b * Math.log(y / (x + y)) - lnBeta(a, b)
  if (p < (a + 1) / (a + b + 2)) return lnFront + Math.log(fraction(p, a, b) / a)
  return Math.log1p(-Math.min(1, Math.exp(lnFront + Math.log(fraction(1 - p, b, a) / b))))
}

/**
 * Returns −log10 P(Y ≥ count) of a negative binomial of the given mean whose variance is
 * mean + mean² / size: how surprising so many failures are where the rate is known that well.
 */
export function countSurprise(count: number, mean: number, size: number): number {
  if (count <= 0) return 0
  return toSurprise(lnIncompleteBeta(mean, size, count, size))
}

/**
 * Returns −log10 P(F ≥ failed) of a beta-binomial of `trials` with parameters a and b: how surprising
 * it is that so many of them failed where a of a + b used to.
 */
export function ratioSurprise(failed: number, trials: number, a: number, b: number): number {
  if (failed <= 0) return 0
  const scale = Math.min(1, MAX_TRIALS / trials)
  const n = Math.round(trials * scale)
  const from = Math.min(n, Math.round(failed * scale))
  return toSurprise(lnTermAt(from, n, a, b) + Math.log(sumFrom(from, n, a, b)))
}

function lnTermAt(k: number, n: number, a: number, b: number): number {
  const lnChoose = lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1)
  return lnChoose + lnBeta(k + a, n - k + b) - lnBeta(a, b)
}

/** The sum of the terms from `from` to n, in units of the first. */
function sumFrom(from: number, n: number, a: number, b: number): number {
  let term = 1
  let sum = 1
  for (let k = from; k < n; k++) {
    const ratio = ((n - k) * (k + a)) / ((k + 1) * (n - k - 1 + b))
    term *= ratio
    sum += term
    if (ratio < 1 && b >= 1 && term < sum * PRECISION) break
  }
  return sum
}

// A probability of one may come out as a hair more.
function toSurprise(lnTail: number): number {
  return lnTail < 0 ? -lnTail / Math.LN10 : 0
}

/** Lentz's method for the continued fraction of the incomplete beta (Numerical Recipes §6.4). */
function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m <= MAX_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    h *= d * c
    if (Math.abs(d * c - 1) < PRECISION) break
  }
  return h
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
