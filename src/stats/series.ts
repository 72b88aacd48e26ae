import { failureClass, failureFamily } from '../lightning/failure.ts'
import { msatFromFloat } from '../lightning/msat.ts'
import type { Scid } from '../lightning/scid.ts'
import { type Account, failureCodeOf, isRefusalGroup, OUTGOING, REFUSAL, SIDE } from './account.ts'
import { partStart } from './closed-parts.ts'
import type { Memory } from './memory.ts'
import { spanOf } from './memory-views.ts'
import type { Row } from './rows.ts'
import type { BalanceSeries, ChartWindow, Series, SeriesBucket } from './views.ts'
import { type BucketName, bucketMs, bucketPlace } from './windows.ts'

/** The buckets that a window is drawn from. */
export const SERIES_BUCKETS = {
  '24h': 'hour',
  '7d': 'hour',
  '30d': 'day',
} as const satisfies Record<ChartWindow, BucketName>

/**
 * Returns a window of an account, the node's or a channel's, as a series; its sums are those of the
 * window's totals. `closed` are the account's rows of the closed buckets since the span's start, by
 * the key of their document.
 */
export function seriesOf(
  memory: Memory,
  account: Account,
  window: ChartWindow,
  closed: ReadonlyMap<string, unknown>,
  now: number,
): Series {
  const span = spanOf(memory, window, now)
  const name = SERIES_BUCKETS[window]
  const length = bucketMs(name)
  const running = memory.ledger.runningSince(name)
  // The running bucket may have begun this very moment, or since the question was asked.
  const end = Math.max(now, running)
  const buckets: Counts[] = []
  for (let from = span.from; from <= end; from += length) {
    buckets.push({ ...NOTHING, from, to: Math.min(from + length, end) })
  }
  const add = (start: number, rows: readonly Row[]) => {
    const bucket = buckets[(start - span.from) / length]
    if (bucket) for (const row of rows) addRow(bucket, row)
  }
  for (const [key, rows] of closed) add(partStart(key), rows as readonly Row[])
  add(running, memory.ledger.runningBucketRows(account, bucketPlace(name)))
  return {
    window,
    span,
    buckets: buckets.map(bucketOf),
    uncovered: memory.coverage.uncovered(span.from, now),
    unread: memory.coverage.unread(span.from, now),
  }
}

/** Returns our side of a channel through a window; undefined when LND never listed it. */
export function balanceSeries(
  memory: Memory,
  scid: Scid,
  window: ChartWindow,
  now: number,
): BalanceSeries | undefined {
  const own = memory.book.get(scid)
  if (!own?.channel) return undefined
  const { from } = spanOf(memory, window, now)
  const points: { at: number; localMsat: bigint }[] = []
  for (const { at, localMsat } of own.balances) {
    // Of the points before the span the last one tells how it began.
    if (at <= from) points.length = 0
    points.push({ at: Math.max(at, from), localMsat: msatFromFloat(localMsat) })
  }
  const { localMsat } = own.balances
  if (localMsat !== undefined && own.closedAt === undefined) {
    points.push({ at: now, localMsat: msatFromFloat(localMsat) })
  }
  return { capacityMsat: own.channel.capacityMsat, points }
}

/** A bucket while it is added up; Float64 msat. */
type Counts = Omit<SeriesBucket, 'earnedMsat'> & { earned: number }

const NOTHING = { settled: 0, earned: 0, refusedForBalance: 0, refusedOtherwise: 0 }

function addRow(bucket: Counts, [group = 0, ...cells]: Row): void {
  if (group === OUTGOING) {
    bucket.settled += cells[SIDE.settled] ?? 0
    bucket.earned += cells[SIDE.earned] ?? 0
  } else if (isRefusalGroup(group, OUTGOING)) {
    const attempts = cells[REFUSAL.attempts] ?? 0
    const family = failureFamily(failureClass(failureCodeOf(group)))
    if (family === 'liquidity') bucket.refusedForBalance += attempts
    else bucket.refusedOtherwise += attempts
  }
}

function bucketOf({ earned, ...bucket }: Counts): SeriesBucket {
  return { ...bucket, earnedMsat: msatFromFloat(earned) }
}
