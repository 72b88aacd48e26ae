import { describe, expect, it } from 'vitest'
import { logistic, logitOf, scale } from '../../src/analyzer/chance-curve.ts'
import { fitChances } from '../../src/analyzer/chance-model.ts'
import { type Trial, Trials } from '../../src/analyzer/chance-trials.ts'
import { createDice, normalCdf } from '../../src/analyzer/dice.ts'
import { runToEnd } from '../../src/analyzer/estimate.ts'
import { solve, symmetricInverseRoot } from '../../src/analyzer/small-matrix.ts'

function trial(sat: number, settled: number, given: Partial<Trial> = {}): Trial {
  return { amountMsat: sat * 1000, settled, isSearch: false, peer: 0, weight: 1, ...given }
}

function chanceAfter(trials: readonly Trial[], sat: number, peer = 0, isSearch = false): number {
  const { mode } = runToEnd(fitChances(columns(trials), 2))
  return logistic(logitOf(mode, scale(sat * 1000), isSearch, peer))
}

function columns(trials: readonly Trial[]): Trials {
  const all = new Trials()
  for (const one of trials) all.add(one)
  return all
}

const many = (n: number, one: Trial): Trial[] => Array.from({ length: n }, () => one)

describe(fitChances, () => {
  it('begins with the priors: a quarter of 100,000 sat, few of five millions', () => {
    expect(chanceAfter([], 100_000)).toBeCloseTo(0.25, 1)
    expect(chanceAfter([], 5_000_000)).toBeLessThan(0.1)
  })

  it('learns what settles on this node', () => {
    const good = [...many(80, trial(100_000, 1)), ...many(20, trial(100_000, 0))]
    expect(chanceAfter(good, 100_000)).toBeGreaterThan(0.7)
    const bad = [...many(5, trial(100_000, 1)), ...many(95, trial(100_000, 0))]
    expect(chanceAfter(bad, 100_000)).toBeLessThan(0.1)
  })

  it('learns that large amounts settle less often', () => {
    const trials = [
      ...many(40, trial(30_000, 1)),
      ...many(10, trial(30_000, 0)),
      ...many(3, trial(3_000_000, 1)),
      ...many(60, trial(3_000_000, 0)),
    ]
    expect(chanceAfter(trials, 30_000)).toBeGreaterThan(0.6)
    expect(chanceAfter(trials, 3_000_000)).toBeLessThan(0.12)
  })

  it('tells peers apart, and shrinks a peer that is little known', () => {
    const trials = [...many(60, trial(100_000, 1)), ...many(60, trial(100_000, 0, { peer: 1 }))]
    const [good, bad] = [chanceAfter(trials, 100_000, 0), chanceAfter(trials, 100_000, 1)]
    expect(good).toBeGreaterThan(bad + 0.3)
    const once = [...many(60, trial(100_000, 1)), trial(100_000, 0, { peer: 1 })]
    expect(chanceAfter(once, 100_000, 1)).toBeGreaterThan(0.7)
  })

  it('learns how much of what came with other amounts settles', () => {
    const trials = [
      ...many(50, trial(100_000, 1)),
      ...many(50, trial(100_000, 0, { isSearch: true })),
    ]
    expect(chanceAfter(trials, 100_000, 0, true)).toBeLessThan(0.15)
  })

  it('finds the mode where all is certain and whole Newton steps overshoot', () => {
    expect(chanceAfter(many(2_000, trial(100_000, 1)), 100_000)).toBeGreaterThan(0.98)
    expect(chanceAfter(many(2_000, trial(100_000, 0)), 100_000)).toBeLessThan(0.02)
  })

  it('knows less the fewer trials it had', () => {
    const spread = (n: number) => {
      const posterior = runToEnd(fitChances(columns(many(n, trial(100_000, 0.5))), 1))
      const { normal } = createDice(1)
      const drawn = Array.from({ length: 400 }, () => logitOf(posterior.draw(normal), 0, false, 0))
      const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length
      return Math.sqrt(drawn.reduce((sum, one) => sum + (one - mean) ** 2, 0) / drawn.length)
    }
    expect(spread(400)).toBeLessThan(spread(4) / 2)
  })
})

describe('linear algebra', () => {
  const matrix = Float64Array.of(4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2)

  it('solves a system', () => {
    const x = solve(matrix, Float64Array.of(7.5, 7.6, 6.9), 3)
    for (const [i, value] of [1, 2, 3].entries()) expect(x[i]).toBeCloseTo(value, 12)
  })

  it('gives a root of the inverse', () => {
    const root = symmetricInverseRoot(matrix, 3)
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        let product = 0
        for (let k = 0; k < 3; k++) {
          for (let l = 0; l < 3; l++) {
            product += (matrix[i * 3 + k] ?? 0) * (root[k * 3 + l] ?? 0) * (root[j * 3 + l] ?? 0)
          }
        }
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12)
      }
    }
  })

  it('refuses a matrix that is not positive definite', () => {
    expect(() => solve(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1), 2)).toThrow(RangeError)
  })
})

describe(normalCdf, () => {
  it('has the values of tables', () => {
    const known = [
      [0, 0.5],
      [1, 0.8413447],
      [-1.281552, 0.1],
      [2.5, 0.9937903],
      [-4, 0.0000317],
    ] as const
    for (const [z, p] of known) expect(normalCdf(z)).toBeCloseTo(p, 6)
  })
})

describe(createDice, () => {
  it('rolls the same for the same seed, with the mean and spread of its kinds', () => {
    const rolled = (seed: number) => Array.from({ length: 20_000 }, createDice(seed).uniform)
    expect(rolled(7)).toEqual(rolled(7))
    const mean = rolled(7).reduce((sum, one) => sum + one, 0) / 20_000
    expect(mean).toBeCloseTo(0.5, 1)
    const normals = Array.from({ length: 20_000 }, createDice(7).normal)
    const variance = normals.reduce((sum, one) => sum + one ** 2, 0) / 20_000
    expect(variance).toBeCloseTo(1, 1)
  })

  it('skips rolls as if they had been made', () => {
    const [rolled, skipped] = [createDice(7), createDice(7)]
    for (let i = 0; i < 70_000; i++) rolled.bits()
    skipped.skip(70_000)
    expect(skipped.bits()).toBe(rolled.bits())
  })
})
