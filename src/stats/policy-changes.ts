import type { ChannelPolicies, Policy } from '../lightning/channel.ts'
import type { OwnChannel, PolicyChange } from './own-channel.ts'

// An automatic fee tool changes a channel some dozen times a day at most; a month of that is not
// needed: a change explains the refusals of the hour after it.
const MAX_CHANGES = 16

// A change is told to the network within minutes; asking LND more often than this tells nothing new.
const REREAD_MS = 10 * 60_000

/** Whether a channel's policies are to be read: never yet, or a payer knew another one. */
export function needsPolicies(own: OwnChannel, now: number): boolean {
  const { policies, policiesReadAt = Number.NEGATIVE_INFINITY, isPolicyDoubted } = own
  return policies === undefined || (isPolicyDoubted && now - policiesReadAt >= REREAD_MS)
}

/**
 * Takes over the policies of a channel and remembers when our own changed. LND repeats a policy with
 * a newer time when a channel comes and goes: only other values are a change.
 */
export function notePolicies(own: OwnChannel, policies: ChannelPolicies, now: number): void {
  const before = own.policies?.own
  const after = policies.own
  own.policies = policies
  own.policiesReadAt = now
  own.isPolicyDoubted = false
  if (!before || !after || isSame(before, after)) return
  const at = Math.min(after.updatedAt > before.updatedAt ? after.updatedAt : now, now)
  own.policyChanges.push({ at, fee: feeChange(before, after) })
  if (own.policyChanges.length > MAX_CHANGES) own.policyChanges.shift()
}

function isSame(a: Policy, b: Policy): boolean {
  return (
    feeChange(a, b) === 'same' &&
    a.inboundBaseFeeMsat === b.inboundBaseFeeMsat &&
    a.inboundFeeRatePpm === b.inboundFeeRatePpm &&
    a.minHtlcMsat === b.minHtlcMsat &&
    a.maxHtlcMsat === b.maxHtlcMsat &&
    a.timeLockDelta === b.timeLockDelta &&
    a.baseFeeMsat === b.baseFeeMsat &&
    a.feeRatePpm === b.feeRatePpm
  )
}

// What most HTLCs are about: a base fee counts as much as the rate does on 100,000 sat.
function feeChange(before: Policy, after: Policy): PolicyChange['fee'] {
  const usual = (policy: Policy) => Number(policy.baseFeeMsat) + policy.feeRatePpm * 100
  if (usual(after) === usual(before)) return 'same'
  return usual(after) > usual(before) ? 'raised' : 'lowered'
}
