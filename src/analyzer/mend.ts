import {
  attemptsOf,
  type ChannelCase,
  daysOf,
  demandsOf,
  LEAST_DEMANDS,
  otherGain,
  WORTH_MSAT,
} from './case.ts'
import type { Recommendation } from './views.ts'

export const PEER_CLASSES = ['UNKNOWN_NEXT_PEER', 'LINK_NOT_ELIGIBLE']
export const FULL_CLASSES = ['HTLC_ADD_FAILED']
// LND tells the network that a channel is down after 20 minutes: before that it may be a reconnect.
const AWAY_MS = 20 * 60_000
const FLAPPING_DAYS = 2
const SLOTS_SHORT = 0.5

/** A peer that is away now comes first: into its channel nothing can be moved, whatever it lacks. */
export function peerAway(one: ChannelCase): Recommendation | undefined {
  if (one.offlineSince === undefined || one.now - one.offlineSince < AWAY_MS) return undefined
  const demands = demandsOf(one, PEER_CLASSES)
  return {
    type: 'mend_peer',
    gain: otherGain(one, demands),
    demands: demands.length,
    isOnline: false,
  }
}

/**
 * A peer that came and went on several days, or that does not answer: HTLCs wait for it and are
 * given up after a minute, which LND calls HTLC_ADD_FAILED, as when slots run out.
 */
export function mendPeer(one: ChannelCase): Recommendation | undefined {
  const classes = areSlotsShort(one) ? PEER_CLASSES : [...PEER_CLASSES, ...FULL_CLASSES]
  const demands = demandsOf(one, classes)
  if (demands.length < LEAST_DEMANDS || daysOf(demands) < FLAPPING_DAYS) return undefined
  const gain = otherGain(one, demands)
  if (gain.expectedMsat < WORTH_MSAT) return undefined
  return { type: 'mend_peer', gain, demands: demands.length, isOnline: true }
}

/** Slots, or the value limit in flight, that are half taken even now: at busy times they run out. */
export function freeSlots(one: ChannelCase): Recommendation | undefined {
  if (!one.channel || !areSlotsShort(one)) return undefined
  const demands = demandsOf(one, FULL_CLASSES)
  // LND gives no amounts with these: what was never joined to its offer is only counted.
  const count = Math.max(demands.length, attemptsOf(one, FULL_CLASSES))
  if (count < LEAST_DEMANDS) return undefined
  return {
    type: 'free_slots',
    gain: otherGain(one, demands),
    demands: count,
    pending: one.channel.pendingHtlcs.filter(({ incoming }) => !incoming).length,
    slots: one.channel.maxPendingHtlcs,
  }
}

function areSlotsShort({ channel }: ChannelCase): boolean {
  if (!channel) return false
  const outgoing = channel.pendingHtlcs.filter(({ incoming }) => !incoming)
  const inFlight = outgoing.reduce((sum, { amountMsat }) => sum + Number(amountMsat), 0)
  return (
    outgoing.length >= SLOTS_SHORT * channel.maxPendingHtlcs ||
    (channel.maxPendingMsat > 0n && inFlight >= SLOTS_SHORT * Number(channel.maxPendingMsat))
  )
}
