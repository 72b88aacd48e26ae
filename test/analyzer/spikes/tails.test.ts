import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countSurprise,
  lnGamma,
  lnIncompleteBeta,
  ratioSurprise,
} from '../../../src/analyzer/spikes/tails.ts'

// All expected values are scipy 1.10.1's: special.gammaln, log(special.betainc), and −log10 of
// special.betainc and of a sum over stats.betabinom.pmf.
describe(lnGamma, () => {
  it.each([
    [1e-9, 20.723265836369194],
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [2.5, 0.2846828704729192],
    [10, 12.801827480081469],
    [100.5, 361.43554046777757],
    [1e6, 12815504.569147611],
  ])('of %d is %d', (x, expected) => {
    expect(lnGamma(x) / expected).toBeCloseTo(1, 12)
  })
})

describe(lnIncompleteBeta, () => {
  it.each([
    [0.3, 2, 5, -0.5450289451074887],
    [0.9, 2, 5, -5.500151255548787e-5],
    [0.01, 50, 3, -223.08829168384108],
    [1e-9, 5, 20, -92.95897573243461],
  ])('at %d with %d and %d is %d', (x, a, b, expected) => {
    expect(lnIncompleteBeta(x, 1 - x, a, b) / expected).toBeCloseTo(1, 10)
  })
})

describe(countSurprise, () => {
  it.each([
    [5, 0.05, 10, 8.230747160191651],
    [12, 1, 10, 7.3702495574215625],
    [49, 10, 10, 7.348750951453896],
    [382, 100, 10, 7.342914067185547],
    [5, 1e-5, 0.02, 18.886024869017195],
    [100, 90, 50, 0.5777935919213318],
    [1000, 10, 10, 282.2756285916848],
  ])('of %d where %d are usual (size %d) is %d', (count, mean, size, expected) => {
    expect(countSurprise(count, mean, size)).toBeCloseTo(expected, 9)
  })

  it('is finite for any count and mean, and never less for one more', () => {
    const counts = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 1e6 }))
    const exponent = fc.double({ min: -9, max: 6, noNaN: true })
    const size = fc.double({ min: -4, max: 2, noNaN: true })
    fc.assert(
      fc.property(counts, exponent, size, (count, m, s) => {
        const [less, more] = [count, count + 1].map((y) => countSurprise(y, 10 ** m, 10 ** s))
        expect(Number.isFinite(less)).toBe(true)
        expect(more).toBeGreaterThanOrEqual((less ?? 0) - 1e-7)
      }),
    )
  })

  it('is so too where the size is next to nothing and the count is a million', () => {
    const [less, more] = [999_999, 1_000_000].map((y) => countSurprise(y, 100, 1e-4))
    expect(more).toBeGreaterThanOrEqual((less ?? Infinity) - 1e-7)
  })
})

describe(ratioSurprise, () => {
  it.each([
    [45, 50, 30, 30, 5.482647547939991],
    [162, 200, 30, 30, 5.542573994621758],
    [197, 200, 48, 12, 5.712218105964341],
    [5, 8, 0.02, 59.98, 7.599353101521704],
    [20, 20, 9, 51, 11.930993837631473],
    [400, 1000, 6, 54, 6.902617867151033],
  ])('of %d in %d where %d in %d more fail is %d', (failed, trials, a, b, expected) => {
    expect(ratioSurprise(failed, trials, a, b)).toBeCloseTo(expected, 9)
  })

  it('is finite for any ratio, and never less for one more that failed', () => {
    const trials = fc.integer({ min: 8, max: 3_000 })
    const share = fc.double({ min: 0, max: 0.99, noNaN: true })
    fc.assert(
      fc.property(trials, share, fc.double({ min: 1e-3, max: 0.999, noNaN: true }), (n, f, pi) => {
        const failed = Math.floor(n * f)
        const [less, more] = [failed, failed + 1].map((y) =>
          ratioSurprise(y, n, 60 * pi, 60 * (1 - pi)),
        )
        expect(Number.isFinite(less)).toBe(true)
        expect(more).toBeGreaterThanOrEqual((less ?? 0) - 1e-7)
      }),
    )
  })
})
