import { partPrefix } from '../stats/closed-parts.ts'
import type { Memory } from '../stats/memory.ts'
import type { Rows } from '../stats/rows.ts'
import { BUCKETS, type BucketName } from '../stats/windows.ts'
import type { Documents } from '../store/documents.ts'

export type NewestParts = {
  memory: Pick<Memory, 'ledger'>
  store: Pick<Documents, 'readAll'>
  /** Resolves when all that is remembered is on disk. */
  save(): Promise<void>
}

/** Closed buckets as the store has them, and when the oldest begins if older ones were left out. */
export type NewestBuckets = {
  closed: ReadonlyMap<string, unknown>
  since: number | undefined
}

/**
 * Reads the closed buckets from a time on, newest first, until they have more than so many rows: a
 * month of the largest node is more than a small machine holds at once.
 */
export async function newestBuckets(
  { memory, store, save }: NewestParts,
  bucket: BucketName,
  from: number,
  mostRows: number,
): Promise<NewestBuckets> {
  const place = BUCKETS.findIndex(({ name }) => name === bucket)
  const running = () => memory.ledger.state().running[place] ?? 0
  for (;;) {
    const newest = running()
    await save()
    const read = await readBack(store, bucket, { newest, from, mostRows })
    // One that was closed meanwhile is neither running now nor was it on disk.
    if (running() === newest) return read
  }
}

async function readBack(
  store: Pick<Documents, 'readAll'>,
  bucket: BucketName,
  { newest, from, mostRows }: { newest: number; from: number; mostRows: number },
): Promise<NewestBuckets> {
  const ms = BUCKETS.find(({ name }) => name === bucket)?.ms ?? 1
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
