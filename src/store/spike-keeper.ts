import { restoreSpikes, SPIKES_PREFIX } from '../analyzer/spikes/spike-documents.ts'
import { Spikes } from '../analyzer/spikes/spikes.ts'
import type { Memory } from '../stats/memory.ts'
import type { Documents } from './documents.ts'

/** Reads the detector of a restored memory back as it was last saved, or returns a new one. */
export async function loadSpikes(
  documents: Pick<Documents, 'readAll'>,
  memory: Memory,
  now: number,
): Promise<Spikes> {
  const spikes = new Spikes({
    channels: memory.book,
    observed: (from, to) => memory.coverage.coveredMs(from, to),
    now,
  })
  restoreSpikes(spikes, await documents.readAll(SPIKES_PREFIX))
  return spikes
}
