import { spendableMsat } from '../lightning/channel.ts'
import type { Span } from '../stats/views.ts'
import { amountQuantile, type ChannelCase, DAY_MS, liquidityDemands, usedBy } from './case.ts'
import type { Recommendation, WindowDemand } from './views.ts'

// Nine in ten of the amounts asked for would pass now.
const MOST = 0.9
// So many forwards of which next to none settled: beyond the peer all is dry, whatever we add.
const DOWNSTREAM_FORWARDS = 20
const DOWNSTREAM_SETTLED = 0.02
const WHALE_SHARE = 0.8

/**
 * Why moving balance into a channel, or charging more for what it has, would be of no use, although
 * it was refused for lack of balance: the balance is there again for a day at least, another channel
 * to the peer has it, beyond the peer nothing settles, or it was a single payment.
 */
export function withoutUse(one: ChannelCase): Recommendation | undefined {
  const demands = liquidityDemands(one)
  if (demands.length === 0) return undefined
  const wanted = amountQuantile(demands, MOST)
  const lasting = Math.max(wanted, usedInADay(demands, one.span))
  if (one.channel && Number(spendableMsat(one.channel)) >= lasting) {
    return { type: 'wait', reason: 'transient', until: undefined }
  }
  if (one.parallels.some((parallel) => Number(parallel.spendableMsat) >= lasting)) {
    return { type: 'leave_alone', reason: 'same-peer' }
  }
  if (isDryBeyond(one)) return { type: 'leave_alone', reason: 'downstream' }
  // A timer that asks again and again is one demand, but not a single payment.
  const once = demands.filter(({ demand }) => demand.kind !== 'timer')
  const largest = Math.max(0, ...once.map(({ expectedMsat }) => expectedMsat))
  const sum = demands.reduce((all, { expectedMsat }) => all + expectedMsat, 0)
  if (largest > WHALE_SHARE * sum) return { type: 'leave_alone', reason: 'one-whale' }
  return undefined
}

/** What a day of these demands would have used up, Float64 msat. */
function usedInADay(demands: readonly WindowDemand[], { coveredMs }: Span): number {
  const used = demands.reduce((sum, one) => sum + usedBy(one), 0)
  return (used * DAY_MS) / Math.max(DAY_MS, coveredMs)
}

/** Whether much was forwarded over the channel, and next to nothing of it settled. */
export function isDryBeyond({ outgoing: { settled, failedDownstream } }: ChannelCase): boolean {
  const forwards = settled + failedDownstream
  return forwards >= DOWNSTREAM_FORWARDS && settled < DOWNSTREAM_SETTLED * forwards
}
