import { spendableMsat } from '../lightning/channel.ts'
import {
  amountQuantile,
  type ChannelCase,
  demandsOf,
  holdableMsat,
  LEAST_DEMANDS,
  liquidityDemands,
  otherGain,
  WORTH_MSAT,
} from './case.ts'
import { partOf, spreadOf, toMsat } from './gain.ts'
import type { Recommendation } from './views.ts'

// Tools that set max_htlc by the balance set it to nearly all of it, or to a round share near it.
const FOLLOWS = { low: 0.7, high: 1.05 }
const MOST = 0.9
// A channel keeps 1 % in reserve on each side and some for commitment fees.
const CHANNEL_OVER_HTLC = 1.05
const ROUND_MSAT = 100_000_000n
const MOST_SHARE = 0.5

/** Raises max_htlc where it alone refused what the balance would have carried, and still would. */
export function raiseMaxHtlc(one: ChannelCase): Recommendation | undefined {
  const demands = demandsOf(one, ['HTLC_EXCEEDS_MAX'])
  if (demands.length < LEAST_DEMANDS || hasMaxByBalance(one)) return undefined
  const fromMsat = one.ownPolicy?.maxHtlcMsat
  const gain = otherGain(one, demands)
  const largest = amountQuantile(demands, 1)
  const most = one.channel ? Math.min(largest, Number(spendableMsat(one.channel))) : largest
  if (gain.expectedMsat < WORTH_MSAT || most <= Number(fromMsat ?? 0)) return undefined
  return { type: 'raise_max_htlc', fromMsat, toMsat: toMsat(most), gain }
}

/** Whether max_htlc is set to about what the channel can send: then it follows the balance by design. */
export function hasMaxByBalance({ channel, ownPolicy }: ChannelCase): boolean {
  if (!channel || !ownPolicy) return false
  const share = Number(ownPolicy.maxHtlcMsat) / Math.max(1, Number(spendableMsat(channel)))
  return share >= FOLLOWS.low && share <= FOLLOWS.high
}

/**
 * Adds a channel where most of what is missed is larger than any channel to the peer can ever hold:
 * no rebalance helps there, and LND does not split an HTLC over channels, so that the new one must
 * hold such an amount by itself.
 */
export function addCapacity(one: ChannelCase): Recommendation | undefined {
  if (!one.channel) return undefined
  const all = liquidityDemands(one)
  const holdable = [holdableMsat(one.channel), ...one.parallels.map((each) => each.holdableMsat)]
  const most = holdable.reduce((a, b) => (a > b ? a : b))
  // One HTLC of it: a payment in parts asks for no more at a time than its largest part.
  const tooLarge = all.filter(({ demand }) => demand.amountMsat > Number(most))
  if (tooLarge.length < LEAST_DEMANDS) return undefined
  const whole = one.remembered.liquidity
  const gain = partOf(whole, spreadOf(all), spreadOf(tooLarge))
  const isMost = Number(gain.expectedMsat) >= MOST_SHARE * Number(whole.expectedMsat)
  if (!isMost || gain.expectedMsat < WORTH_MSAT) return undefined
  return {
    type: 'add_capacity',
    addMsat: roundedUp(toMsat(amountQuantile(tooLarge, MOST) * CHANNEL_OVER_HTLC)),
    holdableMsat: most,
    largestMsat: toMsat(amountQuantile(tooLarge, 1)),
    demands: tooLarge.length,
    gain,
  }
}

function roundedUp(amountMsat: bigint): bigint {
  return ((amountMsat + ROUND_MSAT - 1n) / ROUND_MSAT) * ROUND_MSAT
}
