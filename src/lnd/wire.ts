import { fileURLToPath } from 'node:url'
import type { MethodDefinition, ServiceDefinition } from '@grpc/proto-loader'
import { loadSync } from '@grpc/proto-loader'
import type { Channel, ChannelPolicies, NodeInfo, Policy } from '../lightning/channel.ts'
import type { PendingHtlc, SettledForward } from '../lightning/htlc.ts'
import { msatFromSat } from '../lightning/msat.ts'
import { chanIdFromScid, type Scid, scidFromChanId } from '../lightning/scid.ts'
import type { Fields } from './fields.ts'
import { big, flag, int, list, message, messages, scid, scidOf, text, uint } from './fields.ts'
import { millisFromNs } from './timestamp.ts'

/** One method of LND's API: where it is called, and its two codecs. */
export type Method = MethodDefinition<object, object>

// Both src/lnd (under tsx) and dist/lnd (built) lie two folders below the package's root.
const PROTO_DIR = fileURLToPath(new URL('../../proto', import.meta.url))

const PACKAGE = loadSync(['lightning.proto', 'router.proto', 'stateservice.proto'], {
  includeDirs: [PROTO_DIR],
  keepCase: true,
  // proto-loader documents only String and Number, but hands the function on to protobufjs, which
  // honours BigInt: exact above 2^63, and far cheaper than strings.
  longs: BigInt,
  enums: String,
  defaults: true,
  oneofs: true,
})

const LIGHTNING = service('lnrpc.Lightning')
const ROUTER = service('routerrpc.Router')
const STATE = service('lnrpc.State')

/** The methods of LND that the program calls. */
export const METHODS = {
  getState: method(STATE, 'GetState'),
  getInfo: method(LIGHTNING, 'GetInfo'),
  listChannels: method(LIGHTNING, 'ListChannels'),
  getChanInfo: method(LIGHTNING, 'GetChanInfo'),
  forwardingHistory: method(LIGHTNING, 'ForwardingHistory'),
  pendingChannels: method(LIGHTNING, 'PendingChannels'),
  subscribeChannelEvents: method(LIGHTNING, 'SubscribeChannelEvents'),
  subscribeHtlcEvents: method(ROUTER, 'SubscribeHtlcEvents'),
} as const

/** The requests of those methods that say something. */
export const requests = {
  listChannels: () => ({ peer_alias_lookup: true }),
  chanInfo: (id: Scid) => ({ chan_id: chanIdFromScid(id) }),
  forwards: (startSec: number, endSec: number, offset: number, limit: number) => ({
    start_time: startSec,
    end_time: endSec,
    index_offset: offset,
    num_max_events: limit,
  }),
}

/** LND's state as `lnrpc.State` names it, or the number of one that is not known. */
export function walletStateFrom(answer: Fields): string {
  return String(answer['state'])
}

/** Returns the node of a GetInfo answer. */
export function nodeInfoFrom(answer: Fields): NodeInfo {
  const [chain] = messages(answer, 'chains')
  return {
    pubkey: text(answer, 'identity_pubkey'),
    alias: text(answer, 'alias'),
    version: text(answer, 'version'),
    network: chain ? text(chain, 'network') : '',
    blockHeight: uint(answer, 'block_height'),
    syncedToChain: flag(answer, 'synced_to_chain'),
    syncedToGraph: flag(answer, 'synced_to_graph'),
  }
}

/** Returns the channels of a ListChannels answer. */
export function channelsFrom(answer: Fields): readonly Channel[] {
  return messages(answer, 'channels').map(channelFrom)
}

/**
 * Returns a channel of ListChannels, as the wire, `/v1/channels` or `lncli listchannels` has it.
 * @throws Error naming the field that is missing or wrong.
 */
export function channelFrom(fields: Fields): Channel {
  const id = shortIdOf(fields)
  const local = message(fields, 'local_constraints') ?? {}
  const remote = message(fields, 'remote_constraints') ?? {}
  return {
    scid: id,
    aliases: aliasesOf(fields, id),
    channelPoint: text(fields, 'channel_point'),
    peer: { pubkey: text(fields, 'remote_pubkey'), alias: aliasOf(text(fields, 'peer_alias')) },
    active: flag(fields, 'active'),
    private: flag(fields, 'private'),
    initiator: flag(fields, 'initiator'),
    capacityMsat: sats(fields, 'capacity'),
    localMsat: sats(fields, 'local_balance'),
    remoteMsat: sats(fields, 'remote_balance'),
    unsettledMsat: sats(fields, 'unsettled_balance'),
    localReserveMsat: sats(local, 'chan_reserve_sat'),
    remoteReserveMsat: sats(remote, 'chan_reserve_sat'),
    commitFeeMsat: sats(fields, 'commit_fee'),
    commitWeight: int(fields, 'commit_weight'),
    feePerKw: int(fields, 'fee_per_kw'),
    maxPendingMsat: big(local, 'max_pending_amt_msat'),
    maxPendingHtlcs: uint(local, 'max_accepted_htlcs'),
    pendingHtlcs: messages(fields, 'pending_htlcs').map(pendingHtlcFrom),
  }
}

// lncli 0.21 prints the 32-byte channel id as `chan_id` and the short id as `scid`; the RPC itself
// and older versions have the short id in `chan_id`.
function shortIdOf(fields: Fields): Scid {
  const name = fields['scid'] === undefined ? 'chan_id' : 'scid'
  const id = scid(fields, name)
  if (!id) throw new Error(`${name}: the channel has no short channel id`)
  return id
}

function aliasesOf(fields: Fields, own: Scid): readonly Scid[] {
  const ids = list(fields, 'alias_scids').map((id, index) => scidOf(id, `alias_scids[${index}]`))
  const all = new Set([...ids, scid(fields, 'zero_conf_confirmed_scid')])
  return [...all].filter((id) => id !== undefined && id !== own) as Scid[]
}

// LND puts its error where it finds no alias: "unable to lookup peer alias: …" (LND rpcserver.go).
function aliasOf(alias: string): string {
  return alias.startsWith('unable to lookup peer alias') ? '' : alias
}

function pendingHtlcFrom(fields: Fields): PendingHtlc {
  const forwarding = scid(fields, 'forwarding_channel')
  return {
    incoming: flag(fields, 'incoming'),
    amountMsat: sats(fields, 'amount'),
    htlcId: uint(fields, 'htlc_index'),
    forwarding: forwarding && { scid: forwarding, htlcId: uint(fields, 'forwarding_htlc_index') },
    expiryHeight: uint(fields, 'expiration_height'),
  }
}

/**
 * Returns both policies of a channel edge, as GetChanInfo or `lncli getchaninfo` has it; `isOwn`
 * says which of the two public keys is ours.
 * @throws Error naming the field that is missing or wrong.
 */
export function policiesFrom(edge: Fields, isOwn: (pubkey: string) => boolean): ChannelPolicies {
  const id = scid(edge, edge['scid'] === undefined ? 'channel_id' : 'scid')
  if (!id) throw new Error('channel_id: the edge has no short channel id')
  const first = policyFrom(message(edge, 'node1_policy'))
  const second = policyFrom(message(edge, 'node2_policy'))
  if (isOwn(text(edge, 'node1_pub'))) return { scid: id, own: first, peer: second }
  if (isOwn(text(edge, 'node2_pub'))) return { scid: id, own: second, peer: first }
  throw new Error(`node1_pub: neither end of channel ${id} is this node`)
}

function policyFrom(fields: Fields | undefined): Policy | undefined {
  return (
    fields && {
      baseFeeMsat: big(fields, 'fee_base_msat'),
      feeRatePpm: int(fields, 'fee_rate_milli_msat'),
      inboundBaseFeeMsat: big(fields, 'inbound_fee_base_msat'),
      inboundFeeRatePpm: int(fields, 'inbound_fee_rate_milli_msat'),
      minHtlcMsat: big(fields, 'min_htlc'),
      maxHtlcMsat: big(fields, 'max_htlc_msat'),
      timeLockDelta: uint(fields, 'time_lock_delta'),
      disabled: flag(fields, 'disabled'),
      updatedAt: uint(fields, 'last_update') * 1000,
    }
  )
}

/** Returns the forwards of one page of ForwardingHistory, and the offset of the next page. */
export function forwardsFrom(answer: Fields): { forwards: SettledForward[]; nextOffset: number } {
  const forwards = messages(answer, 'forwarding_events').map(forwardFrom)
  return { forwards, nextOffset: uint(answer, 'last_offset_index') }
}

function forwardFrom(fields: Fields): SettledForward {
  return {
    at: millisFromNs(big(fields, 'timestamp_ns')),
    incoming: scidFromChanId(big(fields, 'chan_id_in')),
    outgoing: scidFromChanId(big(fields, 'chan_id_out')),
    incomingMsat: big(fields, 'amt_in_msat'),
    outgoingMsat: big(fields, 'amt_out_msat'),
    incomingHtlcId:
      fields['incoming_htlc_id'] === undefined ? undefined : uint(fields, 'incoming_htlc_id'),
  }
}

/** A channel that is opening or closing. */
export type PendingChannel = {
  channelPoint: string
  kind: 'opening' | 'waiting-close' | 'force-closing' | 'closing'
}

const PENDING_KINDS = {
  pending_open_channels: 'opening',
  waiting_close_channels: 'waiting-close',
  pending_force_closing_channels: 'force-closing',
  pending_closing_channels: 'closing',
} as const

/** Returns the channels of a PendingChannels answer. */
export function pendingChannelsFrom(answer: Fields): readonly PendingChannel[] {
  return Object.entries(PENDING_KINDS).flatMap(([name, kind]) =>
    messages(answer, name).map((pending) => ({
      channelPoint: text(message(pending, 'channel') ?? {}, 'channel_point'),
      kind,
    })),
  )
}

// CHANNEL_UPDATE is left out: since LND 0.21 one comes after every commitment signature.
const CHANGES: ReadonlySet<unknown> = new Set([
  'OPEN_CHANNEL',
  'CLOSED_CHANNEL',
  'ACTIVE_CHANNEL',
  'INACTIVE_CHANNEL',
  'PENDING_OPEN_CHANNEL',
  'FULLY_RESOLVED_CHANNEL',
  'CHANNEL_FUNDING_TIMEOUT',
])

/** Returns whether an update of SubscribeChannelEvents says that the list of channels changed. */
export function isChannelChange(update: Fields): boolean {
  return CHANGES.has(update['type'])
}

function sats(fields: Fields, name: string): bigint {
  return msatFromSat(big(fields, name))
}

function service(name: string): ServiceDefinition {
  const definition = PACKAGE[name]
  if (!definition || 'format' in definition) throw new Error(`proto/ defines no service ${name}`)
  return definition as ServiceDefinition
}

function method(definition: ServiceDefinition, name: string): Method {
  const found = definition[name]
  if (!found) throw new Error(`proto/ defines no method ${name}`)
  return found
}
