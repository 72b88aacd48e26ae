import type { Scid } from '../lightning/scid.ts'
import type { Followed, Forecasts, Result } from './forecasts.ts'
import type { MemoryDoc } from './memory-documents.ts'

/** Everything of the track record lies under this prefix: a document a channel, and the results. */
export const TRACK_PREFIX = 'stats:track:'
const RESULTS = `${TRACK_PREFIX}results`

type FollowedDoc = Omit<Followed, 'riseMsat'>
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
      // A rise that one listing alone has shown is looked for again.
      forecasts.restore({ ...(value as FollowedDoc), riseMsat: 0 })
    }
  }
}

function followedDoc(forecasts: Forecasts, scid: Scid): FollowedDoc | undefined {
  const followed = forecasts.get(scid)
  if (!followed) return undefined
  const { forecasts: given, trial, availableMsat } = followed
  // Copies: what is saved is the record of this moment.
  return {
    scid,
    forecasts: given.map((forecast) => ({ ...forecast })),
    trial: trial && { ...trial },
    availableMsat,
  }
}
