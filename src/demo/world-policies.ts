import type { ChannelPolicies, Policy } from '../lightning/channel.ts'
import type { ChannelSpec } from './world-channels.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const TIME_LOCK_DELTA = 80

/** What the simulated node asks for on a channel at a time; amounts in msat as plain numbers. */
export type WorldPolicy = {
  baseFeeMsat: number
  feeRatePpm: number
  minHtlcMsat: number
  maxHtlcMsat: number
  /** Epoch ms. */
  updatedAt: number
}

/** Returns a channel's own policy at a time (epoch ms); a fee shift comes and goes every day. */
export function policyAt(spec: ChannelSpec, at: number, openedAt: number): WorldPolicy {
  const shift = shiftAt(spec, at)
  return {
    baseFeeMsat: spec.baseFeeMsat,
    feeRatePpm: shift.ppm,
    minHtlcMsat: spec.minHtlcMsat,
    maxHtlcMsat: largestHtlcMsat(spec),
    updatedAt: Math.max(shift.since, openedAt),
  }
}

/** Returns the fee in msat that a policy asks for an outgoing amount (LND `ExpectedFee`). */
export function feeMsat(policy: WorldPolicy, outgoingMsat: number): number {
  return policy.baseFeeMsat + Math.floor((outgoingMsat * policy.feeRatePpm) / 1_000_000)
}

/** Returns what the incoming channel adds to the fee: usually a discount, rounded towards zero. */
export function inboundFeeMsat(spec: ChannelSpec, amountMsat: number): number {
  return Math.trunc((amountMsat * spec.inboundFeeRatePpm) / 1_000_000)
}

/** Returns both sides' policies as GetChanInfo would show them. */
export function policiesAt(spec: ChannelSpec, at: number, openedAt: number): ChannelPolicies {
  const own = policyAt(spec, at, openedAt)
  return {
    scid: spec.scid,
    own: { ...toPolicy(own), inboundFeeRatePpm: spec.inboundFeeRatePpm },
    peer: { ...toPolicy(own), baseFeeMsat: 1_000n, feeRatePpm: 100, updatedAt: openedAt },
  }
}

function toPolicy(policy: WorldPolicy): Policy {
  return {
    baseFeeMsat: BigInt(policy.baseFeeMsat),
    feeRatePpm: policy.feeRatePpm,
    inboundBaseFeeMsat: 0n,
    inboundFeeRatePpm: 0,
    minHtlcMsat: BigInt(policy.minHtlcMsat),
    maxHtlcMsat: BigInt(policy.maxHtlcMsat),
    timeLockDelta: TIME_LOCK_DELTA,
    disabled: false,
    updatedAt: policy.updatedAt,
  }
}

function largestHtlcMsat(spec: ChannelSpec): number {
  const sat = spec.maxHtlcSat > 0 ? spec.maxHtlcSat : Math.floor(spec.capacitySat * 0.99)
  return sat * 1_000
}

function shiftAt(spec: ChannelSpec, at: number): { ppm: number; since: number } {
  const shift = spec.feeShift
  if (!shift) return { ppm: spec.feeRatePpm, since: 0 }
  const midnight = Math.floor(at / DAY) * DAY
  const begin = midnight + shift.fromHour * HOUR
  const end = midnight + shift.toHour * HOUR
  if (at < begin) return { ppm: spec.feeRatePpm, since: end - DAY }
  if (at < end) return { ppm: shift.feeRatePpm, since: begin }
  return { ppm: spec.feeRatePpm, since: end }
}
