import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { htlcEventToWire } from '../../src/demo/lnd-wire.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import { parseScid } from '../../src/lightning/scid.ts'
import { fieldsOf } from '../../src/lnd/fields.ts'
import { htlcEventFromJson } from '../../src/lnd/htlc-json.ts'
import { HtlcReader } from '../../src/lnd/htlc-reader.ts'
import { METHODS } from '../../src/lnd/wire.ts'
import { event, offered } from '../support/events.ts'
import { ALIAS } from './support.ts'

const { responseSerialize: encode, responseDeserialize: decode } = METHODS.subscribeHtlcEvents

const uint64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 1n, 127n, 128n, 2n ** 28n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 35n, 2n ** 63n),
  fc.constantFrom(2n ** 63n + 1n, 2n ** 64n - 1n, 17_592_186_044_416_000_006n),
)
const amount = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), fc.constant(0n))
const enumNumber = fc.oneof(fc.nat(30), fc.constantFrom(-1, 99, 997, 998, 999, 2 ** 31 - 1))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const info = fc.record({
  incoming_timelock: maybe(fc.nat()),
  outgoing_timelock: maybe(fc.nat()),
  incoming_amt_msat: maybe(amount),
  outgoing_amt_msat: maybe(amount),
})
const body = fc.oneof(
  fc.record({ forward_event: fc.record({ info: maybe(info) }) }),
  fc.constant({ forward_fail_event: {} }),
  fc.constant({ settle_event: {} }),
  fc.record({
    link_fail_event: fc.record({
      info: maybe(info),
      wire_failure: maybe(enumNumber),
      failure_detail: maybe(enumNumber),
      failure_string: maybe(fc.string({ maxLength: 3000 })),
    }),
  }),
  fc.constant({ subscribed_event: {} }),
  fc.record({
    final_htlc_event: fc.record({ settled: maybe(fc.boolean()), offchain: maybe(fc.boolean()) }),
  }),
  fc.constant({}),
)
const head = fc.record({
  incoming_channel_id: maybe(uint64),
  outgoing_channel_id: maybe(uint64),
  incoming_htlc_id: maybe(amount),
  outgoing_htlc_id: maybe(amount),
  timestamp_ns: maybe(uint64),
  event_type: maybe(enumNumber),
})
const message = fc.tuple(head, body).map(([fields, kind]) => encode({ ...fields, ...kind }))

// Fields that LND may add one day: a varint, eight bytes, a text, four bytes.
const unknownFields = fc.constantFrom(
  Buffer.from([]),
  Buffer.from([0xa0, 0x06, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
  Buffer.from([0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]),
  Buffer.from([0xa2, 0x06, 3, 0x66, 0x6f, 0x6f]),
  Buffer.from([0xa5, 0x06, 1, 2, 3, 4, 0x6a, 0]),
)

/** What proto-loader makes of it, put plainly into our words. */
function plainly(bytes: Buffer): HtlcEvent {
  return htlcEventFromJson(decode(bytes))
}

describe(HtlcReader, () => {
  const reader = new HtlcReader()

  it('reads what proto-loader reads', () => {
    fc.assert(
      fc.property(message, unknownFields, unknownFields, (bytes, before, after) => {
        const all = Buffer.concat([before, bytes, after])
        expect(reader.read(all)).toEqual(plainly(all))
      }),
      { numRuns: 3000 },
    )
  })

  it('survives anything, and calls what is no protobuf unknown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(Object.keys(reader.read(bytes))).toHaveLength(12)
      }),
      { numRuns: 3000 },
    )
    for (const bytes of [[0x08], [0x08, 0x80], [0x3a, 5, 0], [0x3a, 2, 0x0a, 9], [0x0b]])
      expect(reader.read(Buffer.from(bytes))).toEqual(event({ ...NOTHING, kind: 'unknown' }))
    expect(reader.read(Buffer.from([]))).toEqual(event({ ...NOTHING, kind: 'unknown' }))
  })

  it('reads no truncated event as a whole one', () => {
    const whole = encode(htlcEventToWire(offered(5)))
    for (let length = 1; length < whole.length; length += 1) {
      const { kind, at } = reader.read(whole.subarray(0, length))
      expect(kind === 'unknown' || at === offered(5).at).toBe(true)
    }
  })

  it('gives one channel one and the same text, whatever else comes between', () => {
    const bytes = encode(htlcEventToWire(event({ incoming: ALIAS })))
    expect(reader.read(bytes).incoming).toBe(ALIAS)
    for (let id = 0; id < 300_000; id += 1)
      reader.read(encode({ incoming_channel_id: BigInt(id) << 20n }))
    expect(reader.read(bytes).incoming).toBe(parseScid('17592186044416000006'))
  })
})

describe('integers of the wire', () => {
  it('are bigints, exact above 2^63', () => {
    fc.assert(
      fc.property(uint64, (id) => {
        const decoded = fieldsOf(decode(encode({ incoming_channel_id: id })), 'event')
        expect(decoded['incoming_channel_id']).toBe(id)
      }),
    )
  })
})

const NOTHING: Partial<HtlcEvent> = {
  role: 'none',
  at: 0,
  incoming: undefined,
  outgoing: undefined,
}
