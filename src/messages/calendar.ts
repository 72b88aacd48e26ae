import { dayOf, type Reading } from './format.ts'

// On a quarter of an hour days begin in every zone.
const QUARTER_MS = 900_000

/**
 * Returns the last days of the reader's calendar, today included, oldest first: the key of each (see
 * `dayOf`) and its beginning. A day of 23 or 25 hours is one day.
 */
export function lastDays(
  { now, timeZone }: Reading,
  days: number,
): readonly { day: string; at: number }[] {
  const found = new Map<string, number>()
  for (let at = Math.floor(now / QUARTER_MS) * QUARTER_MS; ; at -= QUARTER_MS) {
    const day = dayOf(at, timeZone)
    if (!found.has(day) && found.size === days) break
    found.set(day, at)
  }
  return [...found].map(([day, at]) => ({ day, at })).reverse()
}
