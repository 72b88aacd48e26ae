import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decode, encode } from '../../src/store/codec.ts'

const document = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.bigInt(),
    fc.string(),
    fc.string().map((text) => `#${text}`),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
    ),
  ),
})).value

it('brings back every document, amounts and strings that look like amounts included', () => {
  fc.assert(
    fc.property(document, (value) => {
      expect(decode(encode(value))).toEqual(value)
    }),
    { numRuns: 1000 },
  )
})

it('keeps amounts beyond 2^53 to the msat', () => {
  expect(decode(encode({ msat: 2n ** 63n + 1n }))).toEqual({ msat: 2n ** 63n + 1n })
})
