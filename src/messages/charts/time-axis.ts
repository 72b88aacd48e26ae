import type { ScaleLinear } from 'd3-scale'
import type { Series } from '../../stats/views.ts'
import { localDate, localTime } from '../format.ts'
import { textAt } from './frame.ts'
import { widthOf } from './glyphs.ts'
import { element, group, type Svg } from './svg.ts'
import { COLOUR, SIZE, WIDTH } from './theme.ts'

const QUARTER_HOUR = 900_000
const DAY = 86_400_000

/** Where a time (epoch ms) lies, in px. */
export type TimeScale = ScaleLinear<number, number>

/** A mark of the time axis: a line at a time, and its label: at the line, after it, or up to `to`. */
type Mark = { at: number; label: string; stands: 'at' | 'after' | { to: number } }

/** What a time axis is of, where its plots are, and the baseline of its labels; px from the top. */
export type AxisPlace = {
  plots: readonly { from: number; to: number }[]
  bottom: number
  timeZone: string
}

/** The lines of a time axis through all plots, and its labels below them. */
export function timeAxis(
  { window, span }: Pick<Series, 'window' | 'span'>,
  x: TimeScale,
  { plots, bottom, timeZone }: AxisPlace,
): Svg {
  const marks = window === '30d' ? weeksOf(span) : localMarks(span, timeZone, window)
  const lines = marks
    .filter(({ at }) => at > span.from)
    .flatMap(({ at }) => plots.map(({ from, to }) => lineAt(x(at), from, to)))
  return group([...lines, ...marks.map((mark) => labelOf(mark, x, bottom))])
}

function lineAt(x: number, y1: number, y2: number): Svg {
  return element('line', { x1: x, x2: x, y1, y2, stroke: COLOUR.line, 'stroke-width': 2 })
}

/** A label, unless there is no room for it. */
function labelOf({ at, label, stands }: Mark, x: TimeScale, y: number): Svg | undefined {
  const [left = 0, right = 0] = x.range()
  const width = widthOf(label, SIZE.label)
  const end = typeof stands === 'object' ? Math.min(x(stands.to), right) : right
  if (typeof stands === 'object' && end - x(at) < width * LEAST_ROOM) return undefined
  if (stands === 'after' && WIDTH - OUTERMOST - x(at) < width * LEAST_ROOM) return undefined
  const place = { at: x(at), after: x(at), within: (x(at) + end) / 2 }
  const middle = place[typeof stands === 'object' ? 'within' : stands]
  const anchor = stands === 'after' ? 'start' : 'middle'
  if (middle < left || middle > right) return undefined
  // At the very end it would be cut off by the picture's.
  const last = WIDTH - OUTERMOST - (width * LEAST_ROOM) / 2
  return textAt(anchor === 'middle' ? Math.min(middle, last) : middle, y, label, {
    fill: COLOUR.muted,
    'text-anchor': anchor,
  })
}

// Widths are upper bounds: a label takes about this share of them.
const LEAST_ROOM = 0.85
// From the picture's end.
const OUTERMOST = 8

/** Of a month in UTC days: its beginning and the Mondays, as dates. */
function weeksOf({ from, to }: Series['span']): readonly Mark[] {
  const starts: number[] = []
  for (let at = from; at < to; at += DAY) if (new Date(at).getUTCDay() === 1) starts.push(at)
  const [first = to] = starts
  const all = first - from >= LEAST_DAYS * DAY ? [from, ...starts] : starts
  // Read at its own time a date has no year.
  const dateOf = (at: number) => localDate(at, { now: at, timeZone: 'UTC' })
  return all.map((at) => ({ at, label: dateOf(at), stands: 'after' }))
}

// A date takes the width of some four days.
const LEAST_DAYS = 5

/** Of a day: every six hours on the local clock. Of a week: the local days. */
function localMarks(span: Series['span'], timeZone: string, window: '24h' | '7d'): readonly Mark[] {
  const quarters = quarterHours(span, timeZone)
  // Midnight need not exist: the first quarter of an hour of a date is its beginning.
  const isDay = (i: number) => i > 0 && quarters[i]?.day !== quarters[i - 1]?.day
  if (window === '7d')
    return daysOf(
      quarters.filter((_, i) => i === 0 || isDay(i)),
      span,
    )
  return quarters.flatMap(({ at, day, isSixthHour }, i): readonly Mark[] => {
    if (isDay(i)) return [{ at, label: day, stands: 'at' }]
    return isSixthHour ? [{ at, label: localTime(at, { now: at, timeZone }), stands: 'at' }] : []
  })
}

/** A moment on the local clock: its day, and whether it is 6, 12 or 18 o'clock. */
type Quarter = { at: number; day: string; isSixthHour: boolean }

/** The quarters of an hour of a span: no zone's clock is off by less. */
function quarterHours({ from, to }: Series['span'], timeZone: string): readonly Quarter[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const first = Math.ceil(from / QUARTER_HOUR) * QUARTER_HOUR
  const quarters: Quarter[] = []
  for (let at = first; at <= to; at += QUARTER_HOUR) quarters.push(quarterOf(at, format))
  return quarters
}

function quarterOf(at: number, format: Intl.DateTimeFormat): Quarter {
  const parts = format.formatToParts(at)
  const partOf = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((part) => part.type === type)?.value ?? ''
  return {
    at,
    day: `${partOf('weekday')} ${partOf('day')}`,
    isSixthHour: /^(06|12|18):00$/.test(`${partOf('hour')}:${partOf('minute')}`),
  }
}

function daysOf(starts: readonly Quarter[], { to }: Series['span']): readonly Mark[] {
  return starts.map(({ at, day }, i) => ({
    at,
    label: day,
    stands: { to: starts[i + 1]?.at ?? to },
  }))
}
