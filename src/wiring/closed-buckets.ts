import type { Memory } from '../stats/memory.ts'
import type { BucketName } from '../stats/windows.ts'

/** What closed buckets are read with. */
export type ClosedBuckets = {
  memory: Pick<Memory, 'ledger'>
  /** Resolves when all that is remembered is on disk. */
  save(): Promise<void>
}

/**
 * Reads closed buckets of a length once all of them are on disk, and again where one was closed
 * meanwhile: that one is neither the running one nor among those read. `read` is told when the
 * running one began (epoch ms).
 */
export async function readClosed<T>(
  { memory, save }: ClosedBuckets,
  bucket: BucketName,
  read: (runningSince: number) => Promise<T>,
): Promise<T> {
  for (;;) {
    const since = memory.ledger.runningSince(bucket)
    await save()
    const found = await read(since)
    if (memory.ledger.runningSince(bucket) === since) return found
  }
}
