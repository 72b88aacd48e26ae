import type { Scid } from '../lightning/scid.ts'
import type { Followed, Forecasts, Result } from './forecasts.ts'
import type { MemoryDoc } from './memory-documents.ts'

/** Everything of the track record lies under this prefix: a document a channel, and the results. */
export const TRACK_PREFIX = 'stats:track:'
const RESULTS = `${TRACK_PREFIX}results`

type FollowedDoc = Omit<Followed, 'trial' | 'availableMsat' | 'riseMsat'> & {
  trial: Followed['trial'] | null
  availableMsat: number | null
}
type ResultsDoc = { given: number; results: readonly Result[] }

/** Returns the documents of the track record that changed since the last call. */
export function collectForecasts(forecasts: Forecasts): MemoryDoc[] {
  const docs: MemoryDoc[] = forecasts.takeDirty().map((scid) => ({
    key: `${TRACK_PREFIX}${scid}`,
    value: followedDoc(forecasts, scid),
  }))
  if (forecasts.isDirty) docs.push({ key: RESULTS, value: forecasts.totals() })
  forecasts.isDirty = false
  return docs
}

/** Puts saved documents back into a new track record. */
export function restoreForecasts(forecasts: Forecasts, docs: ReadonlyMap<string, unknown>): void {
  for (const [key, value] of docs) {
    if (key === RESULTS) {
      const { given, results } = value as ResultsDoc
      forecasts.restoreTotals(given, results)
    } else {
      const { trial, availableMsat, ...rest } = value as FollowedDoc
      const balance = { availableMsat: availableMsat ?? undefined, riseMsat: 0 }
      forecasts.restore({ ...rest, ...balance, trial: trial ?? undefined })
    }
  }
}

function followedDoc(forecasts: Forecasts, scid: Scid): FollowedDoc | undefined {
  const followed = forecasts.get(scid)
  if (!followed) return undefined
  const { forecasts: given, trial, availableMsat } = followed
  return {
    scid,
    // Copies: what is saved is the record of this moment.
    forecasts: given.map((forecast) => ({ ...forecast })),
    trial: trial ? { ...trial } : null,
    availableMsat: availableMsat ?? null,
  }
}
