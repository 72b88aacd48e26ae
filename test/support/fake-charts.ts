import type { Scid } from '../../src/lightning/scid.ts'
import type { BalanceSeries, ChartViews, ChartWindow, Series } from '../../src/stats/views.ts'
import { DAY, HOUR } from './events.ts'

const LENGTHS: Readonly<Record<ChartWindow, number>> = {
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
}

/** A series that goes up and down, one bucket in five without anything, and nobody heard its start. */
export function fakeSeries(window: ChartWindow, now: number, scale = 1): Series {
  const length = window === '30d' ? DAY : HOUR
  const from = Math.floor((now - LENGTHS[window]) / length) * length
  const buckets: Series['buckets'][number][] = []
  for (let at = from; at < now; at += length) {
    const size = (buckets.length % 5) * scale
    buckets.push({
      from: at,
      to: Math.min(at + length, now),
      settled: size * 3,
      earnedMsat: BigInt(size) * 31_417n,
      refusedForBalance: size * 7,
      refusedOtherwise: size * 2,
    })
  }
  const heardFrom = from + 2 * length
  return {
    window,
    span: { from, to: now, coveredMs: now - heardFrom },
    buckets,
    uncovered: [{ from, to: heardFrom }],
    unread: [],
  }
}

/** A balance that sinks through a window. */
export function fakeBalances({ span }: Series): BalanceSeries {
  const step = (span.to - span.from) / 50
  const points = Array.from({ length: 50 }, (_, i) => ({
    at: Math.round(span.from + i * step),
    localMsat: BigInt(4_000_000 - i * 80_000) * 1_000n,
  }))
  return { capacityMsat: 5_000_000_000n, points }
}

/** Charts of a node on which something happens, in all channels but those listed here. */
export function fakeCharts(unknown: readonly Scid[] = [], scale = 1): ChartViews {
  return {
    node: async (window, now) => fakeSeries(window, now, scale),
    async channel(scid, window, now) {
      const series = fakeSeries(window, now, scale)
      return { series, balances: unknown.includes(scid) ? undefined : fakeBalances(series) }
    },
  }
}
