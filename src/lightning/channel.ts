import type { PendingHtlc } from './htlc.ts'
import type { Scid } from './scid.ts'

/** One of our channels as ListChannels shows it; amounts in msat. */
export type Channel = {
  /** LND's `chan_id`: for a zero-conf channel its alias, also once it is confirmed. */
  scid: Scid
  /** Every other id that events may use for it: aliases and the confirmed id of a zero-conf channel. */
  aliases: readonly Scid[]
  channelPoint: string
  peer: { pubkey: string; alias: string }
  /** Whether the peer is online and the link may forward. */
  active: boolean
  private: boolean
  initiator: boolean
  capacityMsat: bigint
  localMsat: bigint
  remoteMsat: bigint
  /** What pending HTLCs lock; part of neither balance. */
  unsettledMsat: bigint
  /** What we and the peer must keep: `local_constraints` bind us. */
  localReserveMsat: bigint
  remoteReserveMsat: bigint
  commitFeeMsat: bigint
  commitWeight: number
  feePerKw: number
  /** The most that we may have in flight on this channel, in value and in number. */
  maxPendingMsat: bigint
  maxPendingHtlcs: number
  pendingHtlcs: readonly PendingHtlc[]
}

/** What one side of a channel asks for: a `lnrpc.RoutingPolicy`. */
export type Policy = {
  baseFeeMsat: bigint
  feeRatePpm: number
  /** Signed; usually a discount (negative). */
  inboundBaseFeeMsat: bigint
  inboundFeeRatePpm: number
  minHtlcMsat: bigint
  maxHtlcMsat: bigint
  timeLockDelta: number
  disabled: boolean
  /** Epoch milliseconds. */
  updatedAt: number
}

/** Both sides' policies of a channel; undefined where the graph has none. */
export type ChannelPolicies = {
  scid: Scid
  own: Policy | undefined
  peer: Policy | undefined
}

/** A channel that LND has closed or is closing. */
export type ClosedChannel = { scid: Scid; closedAt: number }

/** The node itself, from GetInfo. */
export type NodeInfo = {
  pubkey: string
  alias: string
  /** As LND prints it: `0.18.5-beta commit=v0.18.5-beta`. */
  version: string
  network: string
  blockHeight: number
  syncedToChain: boolean
  syncedToGraph: boolean
}

// Weight units of one HTLC output (LND `input/size.go`); the buffer counts two (LND
// `AvailableBalance`: the HTLC itself and one more that the peer may add at the same time).
const HTLC_WEIGHT = 172

/**
 * Returns what we can send over the channel now, in msat, near LND's own `AvailableBalance`
 * (`lnwallet/channel.go`): the reserve stays, and the side that opened the channel keeps a buffer
 * of twice the commitment fee with two more HTLCs. Slots and the sum in flight bind too.
 */
export function spendableMsat(channel: Channel): bigint {
  const free = channel.localMsat - keptMsat(channel)
  const outgoing = channel.pendingHtlcs.filter((htlc) => !htlc.incoming)
  const inFlight = outgoing.reduce((sum, htlc) => sum + htlc.amountMsat, 0n)
  const room = channel.maxPendingMsat > 0n ? channel.maxPendingMsat - inFlight : free
  const least = free < room ? free : room
  return least > 0n ? least : 0n
}

/** Returns what of our side can never be sent: the reserve and, when we opened it, the fee buffer. */
export function keptMsat(channel: Channel): bigint {
  const buffer = channel.initiator ? feeBufferMsat(channel) - channel.commitFeeMsat : 0n
  return channel.localReserveMsat + (buffer > 0n ? buffer : 0n)
}

/** Returns what the peer can send to us over the channel now, in msat. */
export function receivableMsat(channel: Channel): bigint {
  const free = channel.remoteMsat - channel.remoteReserveMsat
  return free > 0n ? free : 0n
}

function feeBufferMsat(channel: Channel): bigint {
  const weight = channel.commitWeight + 2 * HTLC_WEIGHT
  return BigInt(Math.floor((2 * channel.feePerKw * weight) / 1000)) * 1000n
}
