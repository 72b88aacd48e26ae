import type { ChannelPolicies, Policy } from '../lightning/channel.ts'
import { count, ppm, sat, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'

/** Both sides' fees and limits; undefined when the graph was not asked yet. */
export function policyBlock(policies: ChannelPolicies | undefined): Html | undefined {
  if (policies === undefined) return undefined
  const { own, peer } = policies
  return join([
    html`<b>Fees</b>`,
    own ? html`ours ${policyFees(own)}` : html`ours not in the graph yet`,
    own ? html`· ${limitsOf(own)}` : undefined,
    peer ? html`theirs ${policyFees(peer)}` : html`theirs not in the graph`,
    peer ? html`· ${limitsOf(peer)}` : undefined,
  ])
}

/** Returns what one side asks for: `210 ppm + 1 sat, inbound -50 ppm`. */
export function policyFees(policy: Policy): string {
  const { baseFeeMsat, feeRatePpm, inboundBaseFeeMsat, inboundFeeRatePpm } = policy
  const base = baseFeeMsat === 0n ? '' : ` + ${sat(baseFeeMsat)}`
  const inbound = inboundFeeRatePpm !== 0 || inboundBaseFeeMsat !== 0n
  const inboundBase = inboundBaseFeeMsat === 0n ? '' : `, ${sat(inboundBaseFeeMsat)}`
  return `${ppm(feeRatePpm)}${base}${inbound ? `, inbound ${ppm(inboundFeeRatePpm)}${inboundBase}` : ''}${policy.disabled ? ', disabled' : ''}`
}

function limitsOf({ minHtlcMsat, maxHtlcMsat, timeLockDelta }: Policy): string {
  const most = maxHtlcMsat === 0n ? 'no limit' : shortSat(maxHtlcMsat)
  return `HTLCs of ${sat(minHtlcMsat)} to ${most}, lock ${count(timeLockDelta)} blocks`
}
