import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseExactJson } from '../../src/lnd/exact-json.ts'
import { channelFromJson, htlcEventFromJson, policiesFromJson } from '../../src/lnd/htlc-json.ts'
import { event } from '../support/events.ts'

const FORWARD = {
  incoming_channel_id: '901629221744476161',
  outgoing_channel_id: '17592186044416000006',
  incoming_htlc_id: '1423',
  outgoing_htlc_id: '0',
  timestamp_ns: '1734100328616356149',
  event_type: 'FORWARD',
  forward_event: {
    info: {
      incoming_timelock: 874721,
      incoming_amt_msat: '1000137976',
      outgoing_amt_msat: 999900000,
    },
  },
}

describe(htlcEventFromJson, () => {
  it('reads an event with strings and numbers', () => {
    expect(htlcEventFromJson(FORWARD)).toEqual(
      event({
        at: 1734100328616.3562,
        incoming: '820027x2353x1',
        outgoing: '16000000x0x6',
        incomingHtlcId: 1423,
        incomingMsat: 1000137976,
        outgoingMsat: 999900000,
      }),
    )
  })

  it('takes absent fields for zeros', () => {
    expect(htlcEventFromJson({ event_type: 'UNKNOWN', subscribed_event: {} })).toEqual(
      event({ kind: 'subscribed', role: 'none', at: 0, incoming: undefined, outgoing: undefined }),
    )
  })

  it.each([
    ['TEMPORARY_CHANNEL_FAILURE', 'INSUFFICIENT_BALANCE', 15, 6],
    [15, 6, 15, 6],
    [4711, 99, 4711, 99],
    ['SOMETHING_NEW', 'SOMETHING_ELSE', -1, -1],
  ])('knows the failure %s / %s', (wire_failure, failure_detail, wireFailure, failureDetail) => {
    const refusal = { event_type: 3, link_fail_event: { wire_failure, failure_detail } }
    const expected = { kind: 'linkFail', role: 'forward', wireFailure, failureDetail }
    expect(htlcEventFromJson(refusal)).toMatchObject(expected)
  })

  it('calls unknown what it does not know', () => {
    const odd = { event_type: 'HOLD', hold_event: {} }
    expect(htlcEventFromJson(odd)).toMatchObject({ kind: 'unknown', role: 'unknown' })
    expect(htlcEventFromJson({ event_type: 9 })).toMatchObject({ kind: 'unknown', role: 'unknown' })
  })

  it.each([
    [[], /^event: an object/],
    [{ ...FORWARD, incoming_channel_id: 'x' }, /^incoming_channel_id: a whole number/],
    [{ ...FORWARD, incoming_channel_id: 2 ** 60 }, /^incoming_channel_id: .* past 2\^53/],
    [
      { ...FORWARD, outgoing_channel_id: '99999999999999999999' },
      /^outgoing_channel_id: not a uint64/,
    ],
    [{ ...FORWARD, incoming_htlc_id: -1 }, /^incoming_htlc_id: a negative/],
    [{ ...FORWARD, forward_event: 7 }, /^forward_event: an object/],
    [{ event_type: 0, final_htlc_event: { settled: 'yes' } }, /^settled: true or false/],
  ])('names the bad field of %j', (json, message) => {
    expect(() => htlcEventFromJson(json)).toThrow(message)
  })
})

describe(parseExactJson, () => {
  it('keeps long integers exact, wherever they stand, and texts as they are', () => {
    const json =
      '{"id":949409599124406273,"all":[17592186044416000006,-1,1.5],"text":"a\\"1234567890123456789"}'
    expect(parseExactJson(json)).toEqual({
      id: '949409599124406273',
      all: ['17592186044416000006', -1, 1.5],
      text: 'a"1234567890123456789',
    })
  })
})

const RECORDINGS = new URL('../../../shared/recordings/', import.meta.url)
const isThere = existsSync(RECORDINGS)

// The recordings lie beside the repository and not in it: without them this part is skipped.
describe.skipIf(!isThere)('recordings of real nodes', () => {
  const read = (name: string) => readFileSync(new URL(name, RECORDINGS), 'utf8')
  const events = (name: string) =>
    read(name)
      .trim()
      .split('\n')
      .map((line) => htlcEventFromJson(parseExactJson(line)))

  it.each([
    ['routing-node-2024-12.jsonl', 330, { forward: 33, settle: 130, linkFail: 6, final: 142 }],
    [
      'real-lnd-regtest/events.jsonl',
      2487,
      { forward: 573, settle: 535, linkFail: 367, final: 937 },
    ],
  ])('are read whole: %s', (name, count, kinds) => {
    const all = events(name)
    expect(all).toHaveLength(count)
    for (const [kind, expected] of Object.entries(kinds))
      expect(all.filter((one) => one.kind === kind)).toHaveLength(expected)
    expect(all.filter(({ kind, role }) => kind === 'unknown' || role === 'unknown')).toEqual([])
  })

  it('have the same channels by lncli and by REST', () => {
    type Listing = { channels: unknown[] }
    const json = (name: string) => JSON.parse(read(`real-lnd-regtest/${name}`)) as Listing
    const list = ({ channels }: Listing) => channels.map(channelFromJson)
    const channels = list(json('channels.json'))
    expect(channels).toHaveLength(8)
    expect(channels.map(({ scid }) => scid)).toContain('16000000x0x6')
    expect(list(json('channels-rest.json'))).toEqual(channels)
    const { rest } = json('channels-in-flight.json') as unknown as { rest: Listing }
    const inFlight = list(rest).flatMap(({ pendingHtlcs }) => pendingHtlcs)
    expect(inFlight.some(({ forwarding }) => forwarding !== undefined)).toBe(true)
  })

  it('have policies of both sides', () => {
    const own = '03ac97fee26de09bb4213e382e4a3110f20dc0c9e295f2e40d4216ce35e18744d3'
    const edges = JSON.parse(read('real-lnd-regtest/policies.json')) as unknown[]
    const policies = edges.map((edge) => policiesFromJson(edge, (pubkey) => pubkey === own))
    const dave = policies.find(({ scid }) => scid === '304x1x0')
    expect(dave).toMatchObject({ own: { feeRatePpm: 350 }, peer: { feeRatePpm: 1 } })
    expect(() => policiesFromJson(edges[0], () => false)).toThrow(/neither end/)
  })
})
