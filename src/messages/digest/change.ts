import type { NodeTraffic } from '../../stats/node-traffic.ts'

type Figure = 'settled' | 'volumeMsat' | 'earnedMsat'

// With fewer forwards than this one more or less is a large percentage and no news.
const LEAST_FORWARDS = 10
const LARGEST_PCT = 900

/**
 * Returns in brackets how a figure stands against the span before: `(+8 %)`, or `(3 before)` where
 * either had too few forwards for a percentage. Spans of different length are compared by the hour.
 * Empty where nothing is known of the span before.
 */
export function changeText(
  figure: Figure,
  now: NodeTraffic,
  before: NodeTraffic | undefined,
  format: (value: bigint) => string,
): string {
  if (before === undefined) return ''
  if (before.settled === 0) return figure === 'settled' ? ' (none before)' : ''
  const scale = (now.to - now.from) / (before.to - before.from)
  const then = Number(before[figure]) * scale
  if (Math.min(now.settled, before.settled) < LEAST_FORWARDS) {
    return ` (${format(BigInt(Math.round(then)))} before)`
  }
  const percent = Math.round((Number(now[figure]) / then - 1) * 100)
  if (!Number.isFinite(percent)) return ''
  if (percent > LARGEST_PCT) return ` (×${Math.round(percent / 100 + 1)})`
  return ` (${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %)`
}
