import type { Result } from './trials.ts'

/** How forecasts held up. */
export type TrackRecord = {
  /** Recommendations given so far, once per channel, type and day. */
  given: number
  /** Additions that are being watched now, and those that are over. */
  running: number
  n: number
  /** Of earned ÷ expected; undefined without a result. */
  medianRatio: number | undefined
  /** Share of results that lay inside their 80 % interval. */
  insideShare: number | undefined
  /** Newest first. */
  results: readonly Result[]
}

/** Returns how forecasts held up, from the results there are, oldest first. */
export function trackRecord(
  given: number,
  running: number,
  results: readonly Result[],
): TrackRecord {
  const n = results.length
  return {
    given,
    running,
    n,
    medianRatio: median(results.map(ratioOf)),
    insideShare: n === 0 ? undefined : results.filter(isInside).length / n,
    results: results.toReversed(),
  }
}

function ratioOf({ earnedMsat, expectedMsat }: Result): number {
  return Number(earnedMsat) / Math.max(1, Number(expectedMsat))
}

function isInside({ earnedMsat, lowMsat, highMsat }: Result): boolean {
  return earnedMsat >= lowMsat && earnedMsat <= highMsat
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle]
  if (upper === undefined || sorted.length % 2 === 1) return upper
  return ((sorted[middle - 1] ?? upper) + upper) / 2
}
