import type { AlertKind, Reading, Sensitivity, Subject } from '../analyzer/reading.ts'
import type { SpikeKind } from '../analyzer/spikes/series.ts'
import { collectSpikeDocuments } from '../analyzer/spikes/spike-documents.ts'
import type { Spikes } from '../analyzer/spikes/spikes.ts'
import type { SparseChannel } from '../messages/status.ts'
import type { Memory } from '../stats/memory.ts'
import { aliasOf } from '../stats/memory-views.ts'
import type { Doc, Documents } from '../store/documents.ts'
import { loadSpikes } from '../store/spike-keeper.ts'

/** The detector of spikes, as the alerts see it. */
export type SpikeSource = {
  /**
   * Once a minute: every spike condition that is not calm, and the kinds that nothing is known of;
   * `sensitivity` is the most sensitive setting of any chat.
   */
  readings(
    now: number,
    sensitivity: Sensitivity,
  ): { readings: readonly Reading[]; blindKinds: ReadonlySet<AlertKind> }
  /** An operator calls a spike the new normal: it is learnt at once. */
  learn(kind: AlertKind, subject: Subject): void
  /** Alerts a week to expect from the node's own history; undefined without enough of it. */
  predictedPerWeek(sensitivity: Sensitivity): number | undefined
  /** The open channels that fail too rarely for statistics. */
  sparse(): readonly SparseChannel[]
  /** Has the next `takeDocuments` give what changed. */
  saveSoon(): void
  /** What is to be written with the alerts that it led to. */
  takeDocuments(): readonly Doc[]
}

/**
 * Reads the detector back and has it listen to the memory from now on.
 * @throws StoreError when the store is not readable.
 */
export async function openSpikes(
  memory: Memory,
  documents: Documents,
  now: number,
): Promise<SpikeSource> {
  const spikes = await loadSpikes(documents, memory, now)
  memory.listen((outcome, at) => spikes.take(outcome, at))
  let isSaveDue = false
  return {
    readings(at, sensitivity) {
      spikes.sensitivity = sensitivity
      const readings = spikes.readings(at)
      return { readings, blindKinds: memory.coverage.isUp ? NONE : SPIKE_KINDS }
    },
    learn: (kind, subject) => {
      if (isSpike(kind)) spikes.acceptAsNormal(kind, subject)
    },
    predictedPerWeek: (sensitivity) => spikes.predictedPerWeek(sensitivity),
    sparse: () => sparseOf(memory, spikes),
    saveSoon: () => {
      isSaveDue = true
    },
    takeDocuments() {
      if (!isSaveDue) return []
      isSaveDue = false
      return collectSpikeDocuments(spikes)
    },
  }
}

const NONE: ReadonlySet<AlertKind> = new Set()
const SPIKE_KINDS: ReadonlySet<AlertKind> = new Set<SpikeKind>([
  'spike.local',
  'spike.downstream',
  'spike.peer',
  'spike.node',
])

function isSpike(kind: AlertKind): kind is SpikeKind {
  return SPIKE_KINDS.has(kind)
}

function sparseOf({ book }: Memory, spikes: Spikes): readonly SparseChannel[] {
  return [...book]
    .filter((own) => own.channel && own.closedAt === undefined && spikes.isSparse(own))
    .map((own) => ({ scid: own.scid, alias: aliasOf(own) }))
}
