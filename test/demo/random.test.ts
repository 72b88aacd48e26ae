import { describe, expect, it } from 'vitest'
import { draw, exponential, logNormal, pick, pickWeighted } from '../../src/demo/random.ts'

describe(draw, () => {
  it('depends on its keys alone, not on what was drawn before', () => {
    const first = draw(1, 'pay', 7, 'fate')
    for (let i = 0; i < 1000; i++) draw(1, 'something else', i)

    expect(draw(1, 'pay', 7, 'fate')).toBe(first)
  })

  it('tells keys, their borders and seeds apart', () => {
    const draws = [draw(1, 'ab', 'c'), draw(1, 'a', 'bc'), draw(1, 'abc'), draw(2, 'ab', 'c')]

    expect(new Set(draws).size).toBe(4)
  })

  it('is spread evenly over 0 to 1, for keys that differ in one digit', () => {
    const tenths = new Array<number>(10).fill(0)
    for (let i = 0; i < 20_000; i++) {
      const tenth = Math.floor(draw(3, 'payment', i, 'fate') * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }

    expect(tenths.every((n) => n > 1_800 && n < 2_200)).toBe(true)
  })

  it('gives independent values for two purposes of one payment', () => {
    const n = 20_000
    let product = 0
    for (let i = 0; i < n; i++) product += (draw(4, i, 'a') - 0.5) * (draw(4, i, 'b') - 0.5)

    expect(Math.abs((product / n) * 12)).toBeLessThan(0.03)
  })
})

describe('the distributions', () => {
  const draws = Array.from({ length: 20_000 }, (_, i) => draw(5, i))

  it('have the mean, median and weights asked for', () => {
    const mean = draws.reduce((sum, u) => sum + exponential(u, 40), 0) / draws.length
    const below = draws.filter((u) => logNormal(u, 1_000, 1.3) < 1_000).length / draws.length
    const heavy = draws.filter(
      (u) =>
        pickWeighted(u, [
          ['a', 3],
          ['b', 1],
        ]) === 'a',
    ).length

    expect(mean).toBeCloseTo(40, -0.5)
    expect(below).toBeCloseTo(0.5, 1)
    expect(heavy / draws.length).toBeCloseTo(0.75, 1)
  })

  it('pick nothing from nothing', () => {
    expect(pick(0.5, [])).toBeUndefined()
    expect(() => pickWeighted(0.5, [])).toThrow(RangeError)
  })
})
