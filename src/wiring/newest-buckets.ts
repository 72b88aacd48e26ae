import { partPrefix } from '../stats/closed-parts.ts'
import type { Rows } from '../stats/rows.ts'
import { type BucketName, bucketMs } from '../stats/windows.ts'
import type { Documents } from '../store/documents.ts'
import { type ClosedBuckets, readClosed } from './closed-buckets.ts'

export type NewestParts = ClosedBuckets & { store: Pick<Documents, 'readAll'> }

/** Closed buckets as the store has them, and when the oldest begins if older ones were left out. */
export type NewestBuckets = {
  closed: ReadonlyMap<string, unknown>
  since: number | undefined
}

/**
 * Reads the closed buckets from a time on, newest first, until they have more than so many rows: a
 * month of the largest node is more than a small machine holds at once.
 */
export function newestBuckets(
  parts: NewestParts,
  bucket: BucketName,
  from: number,
  mostRows: number,
): Promise<NewestBuckets> {
  return readClosed(parts, bucket, (newest) =>
    readBack(parts.store, bucket, { newest, from, mostRows }),
  )
}

async function readBack(
  store: Pick<Documents, 'readAll'>,
  bucket: BucketName,
  { newest, from, mostRows }: { newest: number; from: number; mostRows: number },
): Promise<NewestBuckets> {
  const ms = bucketMs(bucket)
  const closed = new Map<string, unknown>()
  let rows = 0
  // The running bucket, too: what was filled in late of it is on disk.
  for (let start = newest; start >= from; start -= ms) {
    const parts = await store.readAll(partPrefix(bucket, start))
    rows += [...parts.values()].reduce((sum: number, part) => sum + rowsIn(part as Rows), 0)
    if (rows > mostRows && closed.size > 0) return { closed, since: start + ms }
    for (const [key, part] of parts) closed.set(key, part)
  }
  return { closed, since: undefined }
}

function rowsIn(part: Rows): number {
  return Object.values(part).reduce((sum, own) => sum + own.length, 0)
}
