import type { Series, SeriesBucket } from '../../stats/views.ts'
import { count, duration, shortCount } from '../format.ts'
import { barPlot } from './bars.ts'
import { hasGaps, totalOf, uncoveredMs } from './buckets.ts'
import { textAt } from './frame.ts'
import { hatched, hatchOf, headingOf, type Place } from './panel.ts'
import { group, type Svg } from './svg.ts'
import { COLOUR, MARGIN } from './theme.ts'
import type { TimeScale } from './time-axis.ts'

const COLOURS = [
  { colour: COLOUR.refusedForBalance, name: 'no balance' },
  { colour: COLOUR.refusedOtherwise, name: 'other' },
]

/** Draws refused attempts, hatched where nobody listened. */
export function refusalsPanel(
  series: Series,
  buckets: readonly SeriesBucket[],
  x: TimeScale,
  place: Place,
): Svg {
  const { refusedForBalance, refusedOtherwise } = totalOf(buckets)
  const isUnknown = series.span.coveredMs <= 0
  const figure = isUnknown ? 'unknown' : count(refusedForBalance + refusedOtherwise)
  const nothing = isUnknown ? 'unknown' : hasGaps(series) ? 'none heard' : 'none'
  const bars = buckets.map((one) => ({
    from: one.from,
    to: one.to,
    parts: [one.refusedForBalance, one.refusedOtherwise],
  }))
  const colours = COLOURS.map(({ colour }) => colour)
  return group([
    headingOf({ name: 'Refused attempts', figure, colours: COLOURS }, place.top),
    hatchOf(series.uncovered, x, place),
    barPlot({ bars, colours, format: shortCount, isWhole: true, nothing }, x, place),
  ])
}

/** What `uncoveredNote` takes, in px. */
export const NOTE_HEIGHT = 48
/** Says what the hatching stands for; undefined where there is none. */
export function uncoveredNote(series: Series, base: number): Svg | undefined {
  if (!hasGaps(series)) return undefined
  const unknown =
    series.unread.length > 0 ? 'refusals, some forwards unknown' : 'refusals are unknown'
  const text = `not listening, ${duration(uncoveredMs(series))}: ${unknown}`
  return group([
    hatched({ x: MARGIN, y: base - 25, width: 44, height: 30 }),
    textAt(MARGIN + 60, base, text, { fill: COLOUR.muted }),
  ])
}
