import type { Series, SeriesBucket } from '../../stats/views.ts'

const GROUP_HOURS = 6

/**
 * Joins hours to quarters of a local day, for a week in hours would be bars of one pixel on a phone. An
 * hour belongs to the quarter in which it begins; the first and the last may be shorter.
 */
export function quartersOfDays(
  hours: readonly SeriesBucket[],
  timeZone: string,
): readonly SeriesBucket[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    hour: '2-digit',
    hourCycle: 'h23',
  })
  const joined: SeriesBucket[] = []
  let before: string | undefined
  for (const hour of hours) {
    const quarter = quarterOf(format, hour.from)
    const last = joined.at(-1)
    if (last && quarter === before) joined[joined.length - 1] = sumOf(last, hour)
    else joined.push(hour)
    before = quarter
  }
  return joined
}

/** Returns for how long of a series nobody listened, in ms. */
export function uncoveredMs({ uncovered }: Series): number {
  return uncovered.reduce((sum, { from, to }) => sum + to - from, 0)
}

// Shorter than this it would be a line that nobody sees, and a word that nobody needs.
const NEGLIGIBLE_MS = 60_000

/** Returns whether nobody listened for long enough to be said. */
export function hasGaps(series: Series): boolean {
  return uncoveredMs(series) >= NEGLIGIBLE_MS
}

/** Adds up what buckets hold. */
export function totalOf(buckets: readonly SeriesBucket[]): Omit<SeriesBucket, 'from' | 'to'> {
  return buckets.reduce(sumOf, NOTHING)
}

const NOTHING: SeriesBucket = {
  from: 0,
  to: 0,
  settled: 0,
  earnedMsat: 0n,
  refusedForBalance: 0,
  refusedOtherwise: 0,
}

function sumOf(a: SeriesBucket, b: SeriesBucket): SeriesBucket {
  return {
    from: a.from,
    to: b.to,
    settled: a.settled + b.settled,
    earnedMsat: a.earnedMsat + b.earnedMsat,
    refusedForBalance: a.refusedForBalance + b.refusedForBalance,
    refusedOtherwise: a.refusedOtherwise + b.refusedOtherwise,
  }
}

function quarterOf(format: Intl.DateTimeFormat, at: number): string {
  const parts = format.formatToParts(at)
  const partOf = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${partOf('day')} ${Math.floor(Number(partOf('hour')) / GROUP_HOURS)}`
}
