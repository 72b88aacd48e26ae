import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode } from '../../src/store/codec.ts'

const document = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.bigInt(),
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `#${text}`),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constantFrom(null, undefined, '#u', '#', '', 2 ** 53, -(2n ** 63n)),
    fc.array(tie('value')),
    fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
})).value

describe(encode, () => {
  it('brings back every document, amounts and strings that look like amounts included', () => {
    fc.assert(
      fc.property(document, (value) => {
        expect(decode(encode('room:1', value))).toStrictEqual(value)
      }),
      { numRuns: 1000 },
    )
  })

  it('never makes the empty text, which means deleted', () => {
    fc.assert(fc.property(document, (value) => encode('room:1', value) !== ''))
  })

  it('keeps amounts beyond 2^53 to the msat', () => {
    const value = { msat: 2n ** 63n + 1n, since: undefined }
    expect(decode(encode('room:1', value))).toStrictEqual(value)
  })

  it('leaves documents of plain numbers and texts readable in any SQLite tool', () => {
    expect(encode('room:1', { count: 1, text: 'sats' })).toBe('{"count":1,"text":"sats"}')
  })

  const cycle: Record<string, unknown> = {}
  cycle['again'] = cycle
  it.each<[string, unknown, string]>([
    ['not a number', { rows: [1, Number.NaN] }, 'rows.1 is NaN'],
    ['an infinite number', { a: { b: -1 / 0 } }, 'a.b is -Infinity'],
    ['a map', { seen: new Map() }, 'seen is a Map'],
    ['a set', [new Set()], '0 is a Set'],
    ['a date', { at: new Date(0) }, 'at is a Date'],
    ['columns', { column: new Float64Array(1) }, 'column is a Float64Array'],
    ['a function', { run: () => 1 }, 'run is a function'],
    ['a symbol', Symbol('x'), 'it is a symbol'],
    ['a cycle', cycle, 'nested too deeply, or within itself'],
    ['a member that would become a prototype', JSON.parse('{"__proto__":1}'), '__proto__'],
  ])('refuses %s and says where it is', (_, value, where) => {
    expect(() => encode('room:1', value)).toThrow(/^the document room:1 cannot be stored: /)
    expect(() => encode('room:1', value)).toThrow(where)
  })
})
