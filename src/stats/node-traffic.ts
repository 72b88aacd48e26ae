import { msatFromFloat } from '../lightning/msat.ts'
import { OUTGOING, SIDE } from './account.ts'
import { FIRST_FILL_MS } from './coverage.ts'
import { partPrefix } from './ledger.ts'
import type { Memory } from './memory.ts'
import type { Rows } from './rows.ts'
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

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A span and the prefixes of the documents of the closed buckets that make it up. */
export type PastSpan = { from: number; to: number; prefixes: readonly string[] }

/**
 * Returns the span before a window that began at `to`. It is as long as the window, but for a week:
 * hours are kept for eight days only, so it begins with a whole UTC day and is up to a day longer.
 */
export function spanBefore(window: Window, to: number): PastSpan {
  const { ms } = WINDOW_COLUMNS[window]
  if (ms <= DAY_MS) return { from: to - ms, to, prefixes: prefixes('hour', to - ms, to) }
  const from = bucketStart(to - ms, DAY_MS)
  const lastDay = bucketStart(to, DAY_MS)
  return {
    from,
    to,
    prefixes: [...prefixes('day', from, lastDay), ...prefixes('hour', lastDay, to)],
  }
}

/** Adds up the node's own rows in the documents of closed buckets. */
export function trafficIn({ from, to }: PastSpan, documents: Iterable<unknown>): NodeTraffic {
  let [settled, volume, earned] = [0, 0, 0]
  for (const rows of documents) {
    for (const [group, ...cells] of (rows as Rows)['node'] ?? []) {
      if (group !== OUTGOING) continue
      settled += cells[SIDE.settled] ?? 0
      volume += cells[SIDE.volume] ?? 0
      earned += cells[SIDE.earned] ?? 0
    }
  }
  return {
    from,
    to,
    settled,
    volumeMsat: msatFromFloat(volume),
    earnedMsat: msatFromFloat(earned),
  }
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

function prefixes(name: 'hour' | 'day', from: number, to: number): string[] {
  const ms = name === 'hour' ? HOUR_MS : DAY_MS
  return Array.from({ length: Math.max(0, (to - from) / ms) }, (_, i) =>
    partPrefix(name, from + i * ms),
  )
}
