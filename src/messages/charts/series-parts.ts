import { scaleLinear } from 'd3-scale'
import type { Series, SeriesBucket, Span } from '../../stats/views.ts'
import { localDate, localTime, type Reading } from '../format.ts'
import { quartersOfDays } from './buckets.ts'
import { INNER_WIDTH } from './frame.ts'
import { widthOf } from './glyphs.ts'
import { PLOT_LEFT, PLOT_RIGHT, type Place, plotOf } from './panel.ts'
import { SIZE } from './theme.ts'
import type { TimeScale } from './time-axis.ts'

/** What a window is called in a title, and what its bars are. */
export const SERIES_WORDS = {
  '24h': { title: 'last 24 h', bars: 'by hour' },
  '7d': { title: 'last 7 days', bars: 'by 6 hours' },
  '30d': { title: 'last 30 days', bars: 'by UTC day' },
} as const

/** Below the last plot, for the labels of the time axis. */
export const AXIS_HEIGHT = 50
const PANEL_GAP = 34

/** Says what span is drawn, in bars of what, and by whose clock. */
export function subtitleOf({ window, span }: Series, { now, timeZone }: Reading): string {
  const { bars } = SERIES_WORDS[window]
  if (window !== '30d') {
    const words = spanWords(span, { now, timeZone })
    const city = cityOf(timeZone)
    const whole = `${words}, ${bars}, ${city}`
    return widthOf(whole, SIZE.label) <= INNER_WIDTH ? whole : `${words}, ${city}`
  }
  const date = (at: number) => localDate(at, { now, timeZone: 'UTC' })
  return `${date(span.from)} – ${date(span.to)}, ${bars}`
}

/** Returns the place that a zone is named after: `Buenos Aires` of `America/Argentina/Buenos_Aires`. */
function cityOf(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ')
}

/** Returns a span with dates on both ends: `25 Nov 03:00 – 26 Nov 03:21`. */
export function spanWords({ from, to }: Span, { now, timeZone }: Reading): string {
  const moment = (at: number) =>
    `${localDate(at, { now, timeZone })} ${localTime(at, { now: at, timeZone })}`
  return `${moment(from)} – ${moment(to)}`
}

/** Returns the bars of a window: hours, quarters of local days, or UTC days. */
export function barsOf({ window, buckets }: Series, timeZone: string): readonly SeriesBucket[] {
  return window === '7d' ? quartersOfDays(buckets, timeZone) : buckets
}

/** Returns the scale of time of a series. */
export function timeScale({ span }: Series): TimeScale {
  const domain = [span.from, Math.max(span.to, span.from + 1)]
  return scaleLinear(domain, [PLOT_LEFT, PLOT_RIGHT]).clamp(true)
}

/** Returns the place of a panel below another one. */
export function below(place: Place, height: number): Place {
  return { top: plotOf(place).to + PANEL_GAP, height }
}
