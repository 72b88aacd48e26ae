import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chanIdFromScid,
  parseScid,
  scidFromChanId,
  scidFromHalves,
} from '../../src/lightning/scid.ts'

const chanId = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })

describe(scidFromChanId, () => {
  it('is exact for every uint64, alias ids above 2^63 included', () => {
    fc.assert(
      fc.property(chanId, (id) => {
        expect(chanIdFromScid(scidFromChanId(id))).toBe(id)
      }),
    )
    expect(scidFromChanId(17592186044416000006n)).toBe('16000000x0x6')
  })

  it('reads two halves as it reads the whole', () => {
    fc.assert(
      fc.property(chanId, (id) => {
        const halves = scidFromHalves(Number(id >> 32n), Number(id & 0xffffffffn))
        expect(halves).toBe(scidFromChanId(id))
      }),
    )
  })
})

describe(parseScid, () => {
  it('reads every notation that an operator may paste', () => {
    fc.assert(
      fc.property(chanId, (id) => {
        const scid = scidFromChanId(id)
        for (const text of [scid, scid.replaceAll('x', ':'), ` ${id} `, scid.toUpperCase()]) {
          expect(parseScid(text)).toBe(scid)
        }
      }),
    )
  })

  it.each([
    '',
    '0',
    '0x0x0',
    '1x2',
    '1x2x65536',
    '16777216x0x0',
    '99999999999999999999',
    '-1',
    'alice',
  ])('refuses %j', (text) => expect(parseScid(text)).toBeUndefined())
})
