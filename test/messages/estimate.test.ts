import { describe, expect, it } from 'vitest'
import { approx } from '../../src/messages/estimate.ts'

describe(approx, () => {
  it.each([
    [420_000n, 150_000n, 900_000n, '≈ 420 sat (150–900)'],
    [900n, 120n, 2_400n, '≈ 1 sat (<1–2)'],
    [90n, 12n, 240n, '≈ <1 sat'],
    [90n, 0n, 499n, '≈ <1 sat'],
    [0n, 0n, 0n, '≈ 0 sat'],
  ])('has an interval where that is a sat and more: %d msat (%d to %d)', (...given) => {
    const [expectedMsat, lowMsat, highMsat, text] = given
    expect(approx({ expectedMsat, lowMsat, highMsat })).toBe(text)
  })
})
