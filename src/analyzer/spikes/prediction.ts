import { isKnown } from './baseline.ts'
import { exceedancesPerHour, incidentsPerHour } from './guard.ts'
import type { SeriesBook } from './series-book.ts'
import type { Thresholds } from './thresholds.ts'

const HOURS_A_WEEK = 168
const HOURS_A_DAY = 24

/**
 * Returns how many spikes a week thresholds would ring, by what each channel's own tail says and the
 * incidents it had.
 */
export function predictedPerWeek(book: SeriesBook, levels: Thresholds): number | undefined {
  if (book.node.track.observed < HOURS_A_DAY * 60) return undefined
  let perHour = 0
  for (const { track } of book.local.values()) {
    if (!isKnown(track)) continue
    perHour += exceedancesPerHour(track, 'count', levels.count, levels.rarity)
    perHour += exceedancesPerHour(track, 'ratio', levels.ratio, levels.rarity)
    perHour += incidentsPerHour(track)
  }
  return HOURS_A_WEEK * perHour
}
