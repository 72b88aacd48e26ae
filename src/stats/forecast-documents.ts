import type { Followed, Forecasts } from './forecasts.ts'
import type { MemoryDoc } from './memory-doc.ts'
import type { Result } from './trials.ts'

/** Everything of the track record lies under this prefix: a document a channel, and the results. */
export const TRACK_PREFIX = 'stats:track:'
const RESULTS = `${TRACK_PREFIX}results`

type FollowedDoc = Pick<Followed, 'scid' | 'forecasts' | 'trial'>
type ResultsDoc = { given: number; results: readonly Result[] }

/** Returns the documents of the track record that changed since the last call. */
export function collectForecasts(forecasts: Forecasts): MemoryDoc[] {
  const docs: MemoryDoc[] = forecasts.takeDirty().map((scid) => ({
    key: `${TRACK_PREFIX}${scid}`,
    value: followedDoc(forecasts.get(scid)),
  }))
  if (forecasts.isDirty) docs.push({ key: RESULTS, value: forecasts.totals() })
  forecasts.isDirty = false
  return docs
}

/** Puts a saved document back; returns whether it was one of the track record. */
export function restoreForecasts(forecasts: Forecasts, key: string, value: unknown): boolean {
  if (!key.startsWith(TRACK_PREFIX)) return false
  if (key === RESULTS) {
    const { given, results } = value as ResultsDoc
    forecasts.restoreTotals(given, results)
  } else {
    forecasts.restore({ ...(value as FollowedDoc), availableMsat: undefined, riseMsat: 0 })
  }
  return true
}

// Copies: what is saved is the record of this moment.
function followedDoc(followed: Followed | undefined): FollowedDoc | undefined {
  if (!followed) return undefined
  const { scid, forecasts, trial } = followed
  return {
    scid,
    forecasts: forecasts.map((forecast) => ({ ...forecast })),
    trial: trial && { ...trial },
  }
}
