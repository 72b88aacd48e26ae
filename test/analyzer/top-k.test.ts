import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { topK } from '../../src/analyzer/top-k.ts'

const DOWN = (a: number, b: number) => b - a

describe(topK, () => {
  it('returns the first k in order', () => {
    expect(topK([3, 9, 1, 7, 9], 3, DOWN)).toEqual([9, 9, 7])
  })

  it('returns all where there are fewer, and none of none', () => {
    expect(topK([2, 5], 10, DOWN)).toEqual([5, 2])
    expect(topK([2, 5], 0, DOWN)).toEqual([])
    expect(topK([], 3, DOWN)).toEqual([])
  })

  it('equals sorting all', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 })
    fc.assert(
      fc.property(numbers, fc.nat(220), (all, k) => {
        expect(topK(all, k, DOWN)).toEqual(all.toSorted(DOWN).slice(0, k))
      }),
    )
  })
})
