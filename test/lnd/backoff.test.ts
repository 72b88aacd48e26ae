import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryDelayMs, slowRetryDelayMs } from '../../src/lnd/backoff.ts'
import { DEFAULT_TIMINGS } from '../../src/lnd/timings.ts'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe(retryDelayMs, () => {
  it('begins with at most 250 ms, doubles, and never passes a minute', () => {
    fc.assert(
      fc.property(fc.nat(100_000), random, (attempt, draw) => {
        const delay = retryDelayMs(attempt, draw, DEFAULT_TIMINGS)
        const longest = Math.min(60_000, 250 * 2 ** attempt)
        expect(delay).toBeGreaterThanOrEqual(longest / 2)
        expect(delay).toBeLessThanOrEqual(longest)
      }),
    )
  })
})

describe(slowRetryDelayMs, () => {
  it('is a minute but for the first retry', () => {
    expect(slowRetryDelayMs(0, 0.5, DEFAULT_TIMINGS)).toBeLessThanOrEqual(250)
    expect(slowRetryDelayMs(1, 0.5, DEFAULT_TIMINGS)).toBe(60_000)
  })
})
