import type { Channel, ChannelPolicies, NodeInfo, Policy } from '../lightning/channel.ts'
import type { HtlcEvent, PendingHtlc, SettledForward } from '../lightning/htlc.ts'
import { MSAT_PER_SAT } from '../lightning/msat.ts'
import { chanIdFromScid, type Scid } from '../lightning/scid.ts'

/** A forward as the demo's world keeps it. */
export type BackendForward = SettledForward & { outgoingHtlcId?: number }

/** What becomes of a channel that is opening or closing. */
export type PendingKind = 'opening' | 'waiting-close' | 'force-closing' | 'closing'

const PENDING_FIELDS: Readonly<Record<PendingKind, string>> = {
  opening: 'pending_open_channels',
  'waiting-close': 'waiting_close_channels',
  'force-closing': 'pending_force_closing_channels',
  closing: 'pending_closing_channels',
}

// LND's default and limit (LND `rpcserver.go` ForwardingHistory).
const DEFAULT_FORWARDS = 100
const MAX_FORWARDS = 50_000

const EVENT_TYPES = { none: 0, send: 1, receive: 2, forward: 3, unknown: 99 } as const

/** Returns the wire form of an event; one of kind `unknown` is of no kind at all. */
export function htlcEventToWire(event: HtlcEvent): object {
  return {
    incoming_channel_id: chanIdOf(event.incoming),
    outgoing_channel_id: chanIdOf(event.outgoing),
    incoming_htlc_id: BigInt(event.incomingHtlcId),
    outgoing_htlc_id: BigInt(event.outgoingHtlcId),
    timestamp_ns: nsOf(event.at),
    event_type: EVENT_TYPES[event.role],
    ...bodyOf(event),
  }
}

function bodyOf(event: HtlcEvent): object {
  if (event.kind === 'forward') return { forward_event: { info: infoOf(event) } }
  if (event.kind === 'forwardFail') return { forward_fail_event: {} }
  if (event.kind === 'settle') return { settle_event: {} }
  if (event.kind === 'subscribed') return { subscribed_event: {} }
  if (event.kind === 'final')
    return { final_htlc_event: { settled: event.settled, offchain: true } }
  if (event.kind === 'unknown') return {}
  const { wireFailure, failureDetail } = event
  const failure = { wire_failure: wireFailure, failure_detail: failureDetail }
  return { link_fail_event: { info: infoOf(event), ...failure } }
}

function infoOf(event: HtlcEvent): object {
  return {
    incoming_amt_msat: BigInt(event.incomingMsat),
    outgoing_amt_msat: BigInt(event.outgoingMsat),
  }
}

/** Returns the GetInfo answer. */
export function nodeInfoToWire(node: NodeInfo): object {
  return {
    identity_pubkey: node.pubkey,
    alias: node.alias,
    version: node.version,
    chains: [{ network: node.network }],
    block_height: node.blockHeight,
    synced_to_chain: node.syncedToChain,
    synced_to_graph: node.syncedToGraph,
  }
}

/** Returns the `lnrpc.Channel` of a channel. */
export function channelToWire(channel: Channel): object {
  return {
    active: channel.active,
    remote_pubkey: channel.peer.pubkey,
    channel_point: channel.channelPoint,
    chan_id: chanIdFromScid(channel.scid),
    capacity: sats(channel.capacityMsat),
    local_balance: sats(channel.localMsat),
    remote_balance: sats(channel.remoteMsat),
    commit_fee: sats(channel.commitFeeMsat),
    commit_weight: channel.commitWeight,
    fee_per_kw: channel.feePerKw,
    unsettled_balance: sats(channel.unsettledMsat),
    pending_htlcs: channel.pendingHtlcs.map(pendingHtlcToWire),
    private: channel.private,
    initiator: channel.initiator,
    local_constraints: {
      chan_reserve_sat: sats(channel.localReserveMsat),
      max_pending_amt_msat: channel.maxPendingMsat,
      max_accepted_htlcs: channel.maxPendingHtlcs,
    },
    remote_constraints: { chan_reserve_sat: sats(channel.remoteReserveMsat) },
    alias_scids: channel.aliases.map(chanIdFromScid),
    peer_alias: channel.peer.alias,
  }
}

function pendingHtlcToWire(htlc: PendingHtlc): object {
  return {
    incoming: htlc.incoming,
    amount: sats(htlc.amountMsat),
    expiration_height: htlc.expiryHeight,
    htlc_index: htlc.htlcId,
    forwarding_channel: chanIdOf(htlc.forwarding?.scid),
    forwarding_htlc_index: htlc.forwarding?.htlcId ?? 0,
  }
}

/** Returns the `lnrpc.ChannelEdge` of a channel between the node and its peer. */
export function edgeToWire(policies: ChannelPolicies, channel: Channel, own: string): object {
  const ends = [
    { pub: own, policy: policyToWire(policies.own) },
    { pub: channel.peer.pubkey, policy: policyToWire(policies.peer) },
  ] as const
  // LND orders the two ends by their keys.
  const [first, second] = own < channel.peer.pubkey ? ends : [ends[1], ends[0]]
  return {
    channel_id: chanIdFromScid(channel.scid),
    chan_point: channel.channelPoint,
    capacity: sats(channel.capacityMsat),
    node1_pub: first.pub,
    node2_pub: second.pub,
    node1_policy: first.policy,
    node2_policy: second.policy,
  }
}

function policyToWire(policy: Policy | undefined): object | undefined {
  return (
    policy && {
      time_lock_delta: policy.timeLockDelta,
      min_htlc: policy.minHtlcMsat,
      fee_base_msat: policy.baseFeeMsat,
      fee_rate_milli_msat: policy.feeRatePpm,
      disabled: policy.disabled,
      max_htlc_msat: policy.maxHtlcMsat,
      last_update: Math.floor(policy.updatedAt / 1000),
      inbound_fee_base_msat: Number(policy.inboundBaseFeeMsat),
      inbound_fee_rate_milli_msat: policy.inboundFeeRatePpm,
    }
  )
}

function forwardToWire(forward: BackendForward): object {
  const { incomingHtlcId, outgoingHtlcId } = forward
  return {
    chan_id_in: chanIdFromScid(forward.incoming),
    chan_id_out: chanIdFromScid(forward.outgoing),
    amt_in_msat: forward.incomingMsat,
    amt_out_msat: forward.outgoingMsat,
    timestamp_ns: nsOf(forward.at),
    ...(incomingHtlcId !== undefined && { incoming_htlc_id: incomingHtlcId }),
    ...(outgoingHtlcId !== undefined && { outgoing_htlc_id: outgoingHtlcId }),
  }
}

/** Returns one page of the ForwardingHistory answer. */
export function historyOf(
  forwards: readonly BackendForward[],
  request: Readonly<Record<string, unknown>>,
): object {
  const start = Number(request['start_time']) * 1000
  const end = Number(request['end_time']) * 1000 || Number.POSITIVE_INFINITY
  const offset = Number(request['index_offset'])
  const limit = Number(request['num_max_events']) || DEFAULT_FORWARDS
  const within = forwards.filter(({ at }) => at >= start && at <= end)
  const page = within.slice(offset, offset + Math.min(limit, MAX_FORWARDS))
  return { forwarding_events: page.map(forwardToWire), last_offset_index: offset + page.length }
}

/** Returns the PendingChannels answer. */
export function pendingOf(
  channels: readonly { channelPoint: string; kind: PendingKind }[],
): object {
  const kinds = Object.entries(PENDING_FIELDS).map(([kind, field]) => {
    const ofKind = channels.filter((channel) => channel.kind === kind)
    return [field, ofKind.map((one) => ({ channel: { channel_point: one.channelPoint } }))]
  })
  return Object.fromEntries(kinds) as object
}

/** Returns the ListPeers answer: the peers of active channels. */
export function peersOf(channels: readonly Channel[]): object {
  const online = channels.filter(({ active }) => active).map(({ peer }) => peer.pubkey)
  return { peers: [...new Set(online)].map((pubkey) => ({ pub_key: pubkey })) }
}

function chanIdOf(scid: Scid | undefined): bigint {
  return scid ? chanIdFromScid(scid) : 0n
}

function sats(msat: bigint): bigint {
  return msat / MSAT_PER_SAT
}

// By parts, since a double of ns would be 0.1 µs off.
function nsOf(at: number): bigint {
  const whole = Math.floor(at)
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((at - whole) * 1e6))
}
