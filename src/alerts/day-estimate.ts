import type { Analysis } from '../analyzer/analysis.ts'
import type { SpanEstimate } from '../analyzer/span-estimate.ts'
import type { ChannelMissed, Missed, Opportunity } from '../analyzer/views.ts'
import type { Memory } from '../stats/memory.ts'
import type { OwnChannel } from '../stats/own-channel.ts'

/** An estimate of the last 24 hours, and the step that an analysis found best. */
export type DayEstimate = { at: number; estimate: SpanEstimate; best: Opportunity | undefined }

/** Returns a function that tells what the last analysis says of 24 hours. */
export function dayOf(last: () => Analysis | undefined): () => DayEstimate | undefined {
  let read: { analysis: Analysis | undefined; day: DayEstimate | undefined } | undefined
  return () => {
    const analysis = last()
    if (read?.analysis !== analysis) read = { analysis, day: analysis && dayIn(analysis) }
    return read?.day
  }
}

function dayIn({ at, windows }: Analysis): DayEstimate | undefined {
  const day = windows.get('24h')
  return day && { at, estimate: day.estimate, best: day.node.best }
}

/** A figure, and how many demands it rests on. */
export type Figure = { missed: Missed; demands: number }

/** What a channel missed for lack of balance. */
export function liquidityOf(missed: ChannelMissed | undefined): Figure | undefined {
  return missed && { missed: missed.liquidity, demands: missed.liquidityDemands }
}

/** A peer's, whatever channel to it was asked for. */
export function peerFigure(
  { demands }: Memory,
  own: OwnChannel,
  { estimate }: DayEstimate,
): Figure | undefined {
  const peer = demands.peers.idOf(own)
  const missed = estimate.peers.get(peer)
  const counts = demands
    .channelsOf(peer)
    .map(({ serial }) => estimate.channels.get(serial)?.liquidityDemands ?? 0)
  return missed && { missed, demands: counts.reduce((sum, count) => sum + count, 0) }
}

/** What the best single step would have brought at most: never the sum, which nobody can earn. */
export function bestStep({ book }: Memory, { estimate, best }: DayEstimate): Figure | undefined {
  const own = best && book.get(best.scid)
  const missed = own && estimate.channels.get(own.serial)
  if (!best || !missed || isRefill(best)) return liquidityOf(missed)
  return { missed: missed.other, demands: missed.otherDemands }
}

/** Whether a step mends lack of balance. */
export function isRefill({ recommendation }: Opportunity): boolean {
  return ['rebalance_in', 'raise_fee', 'add_capacity'].includes(recommendation.type)
}
