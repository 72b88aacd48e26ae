import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { demoMacaroon } from '../../src/demo/lnd-macaroon.ts'
import { excessiveGrants, macaroonGrants, READING_URIS } from '../../src/lnd/macaroon.ts'

/** A length-delimited field: of a macaroon by its type, of protobuf by its tag. */
const field = (type: number, ...bytes: number[]) => [type, bytes.length, ...bytes]
const utf8 = (text: string) => [...Buffer.from(text)]

function macaroon(...ops: [entity: string, ...actions: string[]][]): string {
  const grants = ops.flatMap(([entity, ...actions]) => {
    const op = [
      ...field(0x0a, ...utf8(entity)),
      ...actions.flatMap((one) => field(0x12, ...utf8(one))),
    ]
    return field(0x1a, ...op)
  })
  const identifier = [3, ...field(0x0a, 9, 9, 9), ...field(0x12, 0x30), ...grants]
  const signature = field(6, ...new Array<number>(32).fill(1))
  const fields = [...field(1, ...utf8('lnd')), ...field(2, ...identifier), 0, 0, ...signature]
  return Buffer.from([2, ...fields]).toString('hex')
}

describe(macaroonGrants, () => {
  it('reads what LND wrote into it', () => {
    const hex = macaroon(['info', 'read'], ['offchain', 'read', 'write'])
    expect(macaroonGrants(hex)).toEqual(['info:read', 'offchain:read', 'offchain:write'])
  })

  it('reads the one of the demo, in capitals too', () => {
    const grants = macaroonGrants(demoMacaroon(7).toUpperCase()) ?? []
    expect(grants).toContain('uri:/lnrpc.Lightning/ListChannels')
    expect(excessiveGrants(grants)).toEqual([])
  })

  it('knows nothing of other bytes, and never fails', () => {
    expect(macaroonGrants('')).toBeUndefined()
    expect(macaroonGrants('beef')).toBeUndefined()
    const whole = macaroon(['info', 'read'])
    fc.assert(
      fc.property(fc.nat(whole.length), fc.uint8Array({ maxLength: 40 }), (length, tail) => {
        macaroonGrants(whole.slice(0, length) + Buffer.from(tail).toString('hex'))
      }),
    )
  })
})

describe(excessiveGrants, () => {
  it('names what is more than reading', () => {
    const uris = READING_URIS.map((uri) => `uri:${uri}`)
    const more = ['offchain:write', 'uri:/lnrpc.Lightning/SendCoins', 'macaroon:generate']
    expect(excessiveGrants([...uris, 'info:read', ...more])).toEqual(more)
  })
})
