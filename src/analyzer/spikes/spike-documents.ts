import type { Scid } from '../../lightning/scid.ts'
import type { MemoryDoc } from '../../stats/memory-doc.ts'
import type { CountedVisit } from '../../stats/recent-visits.ts'
import type { SavedVisit } from '../../stats/visits.ts'
import type { Subject } from '../reading.ts'
import { type CountedSide, SIDES } from './counting.ts'
import type { Series, SpikeKind } from './series.ts'
import { MINUTE_MS } from './series-book.ts'
import type { Spikes } from './spikes.ts'
import type { SavedTrack } from './track.ts'

/** Everything that the detector remembers lies under this prefix. */
export const SPIKES_PREFIX = 'spikes:'
const META = 'spikes:meta'
const SERIES = 'spikes:series:'

type Meta = {
  minute: number
  judgedMinute: number
  observed: number
  births: [Scid, number][]
  profile: number[]
  visits: [CountedSide, SavedVisit[]][]
}

type SeriesDoc = {
  kind: SpikeKind
  subject: Subject
  track: SavedTrack
  under: Subject | null
  recent: [number, number, number][]
}

/**
 * Returns the documents that changed since the last call: about 2 kB for each series that had a
 * visit, all of them when an hour ended, and the visits that are open. Meant for once a minute, after
 * the minute's readings and in one batch with what they led to.
 */
export function collectSpikeDocuments(spikes: Spikes): MemoryDoc[] {
  const { book } = spikes
  const docs = new Map<string, unknown>()
  for (const series of book.gone) docs.set(keyOf(series), undefined)
  for (const series of book.all()) {
    if (series.isDirty) docs.set(keyOf(series), docOf(series))
    series.isDirty = false
  }
  docs.set(META, metaOf(spikes))
  book.gone.clear()
  return [...docs].map(([key, value]) => ({ key, value }))
}

/** Puts saved documents back into a new detector whose channels are restored; without any it stays new. */
export function restoreSpikes(spikes: Spikes, docs: ReadonlyMap<string, unknown>): void {
  const meta = docs.get(META) as Meta | undefined
  if (!meta) return
  restoreMeta(spikes, meta)
  for (const [key, value] of docs) {
    if (key.startsWith(SERIES)) restoreSeries(spikes, value as SeriesDoc)
  }
  for (const series of spikes.book.all()) series.isDirty = false
}

function keyOf({ kind, subject }: Series): string {
  return `${SERIES}${kind}:${subject}`
}

function docOf(series: Series): SeriesDoc {
  const recent = 'recent' in series ? series.recent.since(0) : []
  return {
    kind: series.kind,
    subject: series.subject,
    track: series.track.save(),
    under: series.under ?? null,
    recent: recent.map(({ at, incoming, failureCode }) => [at, incoming, failureCode]),
  }
}

function metaOf({ book, counting, judgedMinute }: Spikes): Meta {
  const until = (book.minute + 1) * MINUTE_MS
  return {
    minute: book.minute,
    judgedMinute,
    observed: book.observed,
    births: [...book.births].map(([own, observed]) => [own.scid, observed]),
    profile: [...book.profile],
    visits: SIDES.map((side) => [side, counting.visits[side].open(until)]),
  }
}

function restoreMeta(spikes: Spikes, meta: Meta): void {
  const { book, counting } = spikes
  book.minute = meta.minute
  book.observed = meta.observed
  book.profile = Float64Array.from(meta.profile)
  book.births.clear()
  for (const [scid, observed] of meta.births) {
    const own = book.channelOf(scid)
    if (own) book.births.set(own, observed)
  }
  book.regroup()
  spikes.judgedMinute = meta.judgedMinute
  for (const [side, visits] of meta.visits) counting.visits[side].restore(visits)
}

function restoreSeries(spikes: Spikes, doc: SeriesDoc): void {
  const series = seriesOf(spikes, doc)
  if (!series) return
  series.track.restore(doc.track)
  series.under = doc.under ?? undefined
  if ('recent' in series) series.recent.restore(doc.recent.map(countedVisit))
  spikes.resume(series)
}

function countedVisit([at, incoming, failureCode]: [number, number, number]): CountedVisit {
  return { at, incoming, failureCode }
}

/** The series that a document is of: none where its channel or peer is gone. */
function seriesOf({ book }: Spikes, { kind, subject }: SeriesDoc): Series | undefined {
  if (kind === 'spike.node') return book.node
  const name = subject.slice(subject.indexOf(':') + 1)
  if (kind === 'spike.peer') return book.peers.get(name)
  const own = book.channelOf(name as Scid)
  return own && book.of(own, kind === 'spike.local' ? 'local' : 'downstream')
}
