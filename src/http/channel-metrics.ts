import { rankChannels } from '../analyzer/ranking.ts'
import { cleanName } from '../messages/names.ts'
import type { Memory } from '../stats/memory.ts'
import type { RankedChannel, RankOrder } from '../stats/views.ts'
import { gauge, type Metric } from './metric.ts'
import { sats } from './traffic-metrics.ts'

/** As many as a dashboard can show; with both orders and six metrics at most 1,200 series. */
export const MAX_TOP_CHANNELS = 100

const ORDERS: readonly RankOrder[] = ['missed', 'earned']

/**
 * The channels that refused most and those that earned most in the last 24 hours, at most `count` of
 * each. Only our own channels can be among them, whatever ids strangers ask for.
 */
export function channelMetrics(memory: Memory, count: number, now: number): readonly Metric[] {
  const rows = ORDERS.flatMap((order) => {
    const question = { window: '24h', order, family: undefined, offset: 0, limit: count } as const
    return rankChannels(memory, question, now).rows
  })
  const channels = [...new Map(rows.map((row) => [row.scid, row])).values()]
  const metric = (name: string, help: string, read: (row: RankedChannel) => number | undefined) =>
    gauge(
      `missed_sats_channel_${name}`,
      `Of the top channels: ${help}.`,
      channels.flatMap((row) => {
        const value = read(row)
        const labels = { scid: row.scid, alias: cleanName(row.alias) }
        return value === undefined ? [] : [{ labels, value }]
      }),
    )
  return [
    metric('refused_attempts', 'attempts refused in 24 hours', (row) => row.refusedAttempts),
    metric('refused_fees_offered_sats', 'fees offered on them, an upper bound', (row) =>
      sats(row.offeredMsat),
    ),
    metric('forwards', 'forwards settled in 24 hours, outgoing', (row) => row.settled),
    metric('fees_earned_sats', 'fees earned by them', (row) => sats(row.earnedMsat)),
    metric('capacity_sats', 'capacity', (row) => satsIfKnown(row.capacityMsat)),
    metric('local_balance_sats', 'our balance', (row) => satsIfKnown(row.localMsat)),
  ]
}

function satsIfKnown(msat: bigint | undefined): number | undefined {
  return msat === undefined ? undefined : sats(msat)
}
