import { ALL, W1H, W7D, W24H, W30D } from './cells.ts'
import type { Window } from './views.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The three lengths of bucket; days are UTC days. The order is that of the running columns. */
export const BUCKETS = [
  { name: 'five', ms: 5 * MINUTE },
  { name: 'hour', ms: HOUR },
  { name: 'day', ms: DAY },
] as const
export type BucketName = (typeof BUCKETS)[number]['name']

/** Returns the place of a length of bucket in BUCKETS. */
export function bucketPlace(name: BucketName): number {
  return BUCKETS.findIndex((bucket) => bucket.name === name)
}

/** Returns how many ms a length of bucket is. */
export function bucketMs(name: BucketName): number {
  return BUCKETS[bucketPlace(name)]?.ms ?? 1
}

/**
 * What is made of closed buckets: the windows that questions name, each with the column of its
 * total, and how long buckets are kept (no column: they are dropped then). A bucket that leaves a
 * window is read back and taken out of its total.
 */
export type Horizon = { bucket: number; ms: number; column: number | undefined }

/** Returns the horizons for a retention of day buckets in days. */
export function horizons(retentionDays: number): readonly Horizon[] {
  return [
    { bucket: 0, ms: HOUR, column: W1H },
    { bucket: 1, ms: DAY, column: W24H },
    { bucket: 1, ms: 7 * DAY, column: W7D },
    { bucket: 2, ms: 30 * DAY, column: W30D },
    { bucket: 0, ms: 2 * HOUR, column: undefined },
    { bucket: 1, ms: 8 * DAY, column: undefined },
    { bucket: 2, ms: Math.max(retentionDays, 31) * DAY, column: undefined },
  ]
}

/** The horizon (by index) and column of each window, and its nominal length in ms. */
export const WINDOW_COLUMNS: Readonly<
  Record<Window, { horizon: number; column: number; ms: number }>
> = {
  '1h': { horizon: 0, column: W1H, ms: HOUR },
  '24h': { horizon: 1, column: W24H, ms: DAY },
  '7d': { horizon: 2, column: W7D, ms: 7 * DAY },
  '30d': { horizon: 3, column: W30D, ms: 30 * DAY },
}

/** The columns of the window totals and of all time: what a closed five minutes is added to. */
export const TOTAL_COLUMNS = [W1H, W24H, W7D, W30D, ALL] as const

/** Returns the start of the bucket that a time falls into. */
export function bucketStart(at: number, bucketMs: number): number {
  return Math.floor(at / bucketMs) * bucketMs
}
