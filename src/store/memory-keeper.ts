import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { Memory, type MemoryLimits } from '../stats/memory.ts'
import { collectDocuments, RESTORED_PREFIXES, settleDue } from '../stats/memory-documents.ts'
import { restoreMemory } from '../stats/restore-memory.ts'
import type { Doc, Documents } from './documents.ts'
import { type Saver, startSaving } from './saver.ts'

/** Reads the memory back as it was last saved, or returns a new one from an empty store. */
export async function loadMemory(
  documents: Pick<Documents, 'readAll'>,
  limits: MemoryLimits,
  now: number,
): Promise<Memory> {
  const memory = new Memory(limits, now)
  for (const prefix of RESTORED_PREFIXES) {
    restoreMemory(memory, prefix, await documents.readAll(prefix))
  }
  return memory
}

/**
 * Saves what changed once a second, as one atomic batch, and at disposal. After each batch, buckets
 * that have left a window are read back and taken out of its total: never while a batch is being
 * written, so that what is read is all there is of them.
 */
export function keepMemory(
  memory: Memory,
  documents: Documents,
  deps: { clock: Clock; log: Log },
): Saver {
  // They go with the totals from which the buckets were taken, in the next batch: a bucket that is
  // gone while a total still holds it could never be taken out.
  const deletions: Doc[] = []
  return startSaving({
    ...deps,
    collect: () => {
      const now = deps.clock.now()
      memory.ledger.advance(now)
      // With nothing to write nothing would be settled: windows must empty in silence, too.
      if (memory.ledger.due(now).length > 0) memory.isDirty = true
      return [...deletions.splice(0), ...collectDocuments(memory)]
    },
    write: async (docs) => {
      await documents.write(docs)
      await settleAllDue(memory, documents, deps.clock.now(), deletions)
    },
  })
}

async function settleAllDue(
  memory: Memory,
  documents: Documents,
  now: number,
  deletions: Doc[],
): Promise<void> {
  for (let due = memory.ledger.due(now); due.length > 0; due = memory.ledger.due(now)) {
    for (const bucket of due) {
      deletions.push(...settleDue(memory, bucket, await documents.readAll(bucket.prefix)))
    }
  }
}
