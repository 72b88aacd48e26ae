import { msatFromFloat } from '../lightning/msat.ts'
import { OUTGOING, SIDE } from './account.ts'
import { FIRST_FILL_MS } from './coverage.ts'
import type { Memory } from './memory.ts'
import type { Row } from './rows.ts'
import type { Window } from './views.ts'
import { bucketStart, WINDOW_COLUMNS } from './windows.ts'

/** What the node forwarded within a span (epoch ms); settled forwards alone. */
export type NodeTraffic = {
  from: number
  to: number
  settled: number
  volumeMsat: bigint
  earnedMsat: bigint
}

const DAY_MS = 86_400_000

/** Closed buckets of one length, from the first to before the last (epoch ms). */
export type BucketRange = { bucket: 'hour' | 'day'; from: number; to: number }

/**
 * Returns the closed buckets of the span before a window that began at `to`. It is as long as the
 * window, but for a week: hours are kept for eight days only, so it begins with a whole UTC day and
 * is up to a day longer.
 */
export function bucketsBefore(window: Window, to: number): readonly BucketRange[] {
  const { ms } = WINDOW_COLUMNS[window]
  if (ms <= DAY_MS) return [{ bucket: 'hour', from: to - ms, to }]
  const from = bucketStart(to - ms, DAY_MS)
  const lastDay = bucketStart(to, DAY_MS)
  const days: BucketRange = { bucket: 'day', from, to: lastDay }
  return lastDay < to ? [days, { bucket: 'hour', from: lastDay, to }] : [days]
}

/** Adds up what the node's own rows of closed buckets say. */
export function trafficIn(from: number, to: number, rows: Iterable<Row>): NodeTraffic {
  let [settled, volume, earned] = [0, 0, 0]
  for (const [group, ...cells] of rows) {
    if (group !== OUTGOING) continue
    settled += cells[SIDE.settled] ?? 0
    volume += cells[SIDE.volume] ?? 0
    earned += cells[SIDE.earned] ?? 0
  }
  const [volumeMsat, earnedMsat] = [msatFromFloat(volume), msatFromFloat(earned)]
  return { from, to, settled, volumeMsat, earnedMsat }
}

/**
 * Returns whether the settled forwards of a span are all known: heard, or read from LND's history,
 * which was read from 30 days before the first start on.
 */
export function isTrafficKnown(memory: Memory, from: number, to: number): boolean {
  const { listeningSince } = memory
  if (listeningSince === undefined || from < listeningSince - FIRST_FILL_MS) return false
  return !isBeingFilled(memory, from, to)
}

/** Returns whether settled forwards of a span are still to be read from LND's history. */
export function isBeingFilled({ coverage }: Memory, from: number, to: number): boolean {
  return coverage.gaps.some((gap) => gap.to > from && gap.filledTo < Math.min(gap.to, to))
}
