import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Inflow, inflowChances, type Source } from '../../src/analyzer/inflow.ts'

const MSAT = 1000

function source(key: number, msat: number | undefined): Source {
  return { key, receivableAt: () => msat }
}

function demand(at: number, sat: number, receivableSat: number | undefined, given = {}): Inflow {
  const receivable = receivableSat === undefined ? undefined : receivableSat * MSAT
  return {
    at,
    amountMsat: sat * MSAT,
    chance: 0.5,
    rounds: 1,
    isTimer: false,
    sources: [source(1, receivable)],
    ...given,
  }
}

describe(inflowChances, () => {
  it('takes nothing off where the neighbour has plenty, or where its balance is unknown', () => {
    const plenty = inflowChances([demand(0, 100_000, 50_000_000), demand(1, 100_000, 50_000_000)])
    for (const q of plenty) expect(q).toBeCloseTo(1, 6)
    expect(inflowChances([demand(0, 100_000, undefined)])[0]).toBe(1)
    expect(inflowChances([demand(0, 100_000, 5, { sources: [] })])[0]).toBe(1)
  })

  it('lets the first of many through, and fewer the more were credited before', () => {
    const all = inflowChances(Array.from({ length: 40 }, (_, i) => demand(i, 100_000, 1_000_000)))
    expect(all[0]).toBeCloseTo(1, 6)
    expect(all[39]).toBeLessThan(0.2)
    const credited = all.reduce((sum, q) => sum + 0.5 * q * 100_000, 0)
    expect(credited).toBeLessThan(1_300_000)
  })

  it('believes that the neighbour had at least the amount that it sent', () => {
    expect(inflowChances([demand(0, 100_000, 0)])[0]).toBeCloseTo(1, 3)
  })

  it('has a number for a demand that was served whole, of a neighbour with nothing left', () => {
    expect(inflowChances([demand(0, 0, 0)])[0]).toBe(1)
  })

  it('uses the channel of the neighbour that has most room', () => {
    const sources = [1, 2].map((key) => source(key, 150_000 * MSAT))
    const one = (at: number) => demand(at, 100_000, 0, { sources, chance: 1 })
    const [first = 0, second = 0, third = 0] = inflowChances([one(0), one(1), one(2)])
    expect([first, second]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)])
    expect(third).toBeLessThan(0.01)
  })

  it('is a chance, whatever comes', () => {
    const any = fc.record({
      at: fc.integer({ min: 0, max: 1e6 }),
      amountMsat: fc.double({ min: 1, max: 1e13, noNaN: true }),
      chance: fc.double({ min: 0, max: 1, noNaN: true }),
      rounds: fc.double({ min: 1, max: 5, noNaN: true }),
      isTimer: fc.boolean(),
      sources: fc.constantFrom([], [source(1, 2e8)], [source(2, undefined)]),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 50 }), (demands) => {
        for (const q of inflowChances(demands)) {
          expect(q).toBeGreaterThanOrEqual(0)
          expect(q).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
