import type { Channel, ChannelPolicies } from '../lightning/channel.ts'
import { FAILURE_DETAILS, WIRE_FAILURES } from '../lightning/failure.ts'
import type { HtlcEvent, HtlcEventKind, HtlcRole } from '../lightning/htlc.ts'
import type { Fields } from './fields.ts'
import { big, fieldsOf, flag, int, message, scid, uint } from './fields.ts'
import { millisFromNs } from './timestamp.ts'
import { channelFrom, policiesFrom } from './wire.ts'

const KINDS: readonly (readonly [string, HtlcEventKind])[] = [
  ['forward_event', 'forward'],
  ['forward_fail_event', 'forwardFail'],
  ['settle_event', 'settle'],
  ['link_fail_event', 'linkFail'],
  ['subscribed_event', 'subscribed'],
  ['final_htlc_event', 'final'],
]
const ROLE_NAMES: readonly string[] = ['UNKNOWN', 'SEND', 'RECEIVE', 'FORWARD']
const ROLES: readonly HtlcRole[] = ['none', 'send', 'receive', 'forward']
const DETAIL_NUMBERS = numbersByName(FAILURE_DETAILS)
const WIRE_NUMBERS = numbersByName(WIRE_FAILURES)

// The number under which an enum name that this program does not know is kept: no known one.
const UNKNOWN_NAME = -1

/**
 * Returns the event of one message of the HTLC stream as LND's REST gateway prints it: string or
 * number integers, zero fields absent or printed, enums by name or by number. Unknown kinds and
 * roles become `unknown`; an unknown number of a failure stays, an unknown name is kept as −1.
 * @throws Error naming the field that is wrong.
 */
export function htlcEventFromJson(value: unknown): HtlcEvent {
  const fields = fieldsOf(value, 'event')
  const [name, kind] = KINDS.find(([key]) => fields[key] != null) ?? ['', 'unknown' as const]
  const body = message(fields, name) ?? {}
  const info = message(body, 'info') ?? {}
  return {
    kind,
    role: roleOf(fields['event_type']),
    at: millisOf(fields),
    incoming: scid(fields, 'incoming_channel_id'),
    outgoing: scid(fields, 'outgoing_channel_id'),
    incomingHtlcId: uint(fields, 'incoming_htlc_id'),
    outgoingHtlcId: uint(fields, 'outgoing_htlc_id'),
    incomingMsat: uint(info, 'incoming_amt_msat'),
    outgoingMsat: uint(info, 'outgoing_amt_msat'),
    wireFailure: numberOf(body, 'wire_failure', WIRE_NUMBERS),
    failureDetail: numberOf(body, 'failure_detail', DETAIL_NUMBERS),
    settled: kind === 'final' && flag(body, 'settled'),
  }
}

/**
 * Returns a channel as `lncli listchannels` or `/v1/channels` prints it.
 * @throws Error naming the field that is wrong.
 */
export function channelFromJson(value: unknown): Channel {
  return channelFrom(fieldsOf(value, 'channel'))
}

/**
 * Returns the policies of a channel edge as `lncli getchaninfo` prints it; `isOwn` says which of
 * its two public keys is the node's.
 * @throws Error naming the field that is wrong.
 */
export function policiesFromJson(
  value: unknown,
  isOwn: (pubkey: string) => boolean,
): ChannelPolicies {
  return policiesFrom(fieldsOf(value, 'edge'), isOwn)
}

function roleOf(type: unknown): HtlcRole {
  const number = typeof type === 'string' ? ROLE_NAMES.indexOf(type) : (type ?? 0)
  return (typeof number === 'number' ? ROLES[number] : undefined) ?? 'unknown'
}

// A timestamp printed as a number has lost 0.1 µs, which is no harm, unlike with a channel id.
function millisOf(fields: Fields): number {
  const value = fields['timestamp_ns']
  if (typeof value === 'number' && value > 0) return value / 1e6
  const ns = big(fields, 'timestamp_ns')
  if (ns < 0n) throw new Error(`timestamp_ns: a negative number: ${ns}`)
  return millisFromNs(ns)
}

function numberOf(body: Fields, name: string, numbers: ReadonlyMap<string, number>): number {
  const value = body[name]
  if (typeof value !== 'string' || /^\d+$/.test(value)) return int(body, name)
  return numbers.get(value) ?? UNKNOWN_NAME
}

function numbersByName(names: Readonly<Record<number, string>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(names).map(([number, name]) => [name, Number(number)]))
}
