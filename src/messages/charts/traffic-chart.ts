import type { Series, SeriesBucket } from '../../stats/views.ts'
import { count, type Reading, sat, shortCount } from '../format.ts'
import { axisSat, barPlot } from './bars.ts'
import { totalOf } from './buckets.ts'
import { BODY_TOP, pictureOf } from './frame.ts'
import { hatchOf, headingOf, type Place, plotOf } from './panel.ts'
import { NOTE_HEIGHT, refusalsPanel, uncoveredNote } from './refusals-panel.ts'
import { AXIS_HEIGHT, barsOf, below, SERIES_WORDS, subtitleOf, timeScale } from './series-parts.ts'
import { group, type Svg } from './svg.ts'
import { COLOUR } from './theme.ts'
import { type TimeScale, timeAxis } from './time-axis.ts'

const PANEL_HEIGHT = 170

/** Draws the node's forwards, refusals and fees earned over a window, as SVG. */
export function trafficChart(series: Series, reading: Reading): string {
  const { timeZone } = reading
  const buckets = barsOf(series, timeZone)
  const x = timeScale(series)
  const forwards = { top: BODY_TOP, height: PANEL_HEIGHT }
  const refusals = below(forwards, PANEL_HEIGHT)
  const earned = below(refusals, PANEL_HEIGHT)
  const plots = [forwards, refusals, earned].map(plotOf)
  const bottom = plotOf(earned).to + AXIS_HEIGHT
  const note = uncoveredNote(series, bottom + NOTE_HEIGHT)
  return pictureOf({
    title: `Forwards and refusals, ${SERIES_WORDS[series.window].title}`,
    subtitle: subtitleOf(series, reading),
    body: [
      timeAxis(series, x, { plots, bottom, timeZone }),
      forwardsPanel(series, buckets, x, forwards),
      refusalsPanel(series, buckets, x, refusals),
      earnedPanel(series, buckets, x, earned),
      note,
    ],
    bottom: note ? bottom + NOTE_HEIGHT : bottom,
  })
}

function forwardsPanel(
  { unread }: Series,
  buckets: readonly SeriesBucket[],
  x: TimeScale,
  place: Place,
): Svg {
  const colours = [{ colour: COLOUR.forwards }]
  const figure = count(totalOf(buckets).settled)
  const bars = buckets.map(({ from, to, settled }) => ({ from, to, parts: [settled] }))
  const plot = { bars, colours: [COLOUR.forwards], format: shortCount, isWhole: true }
  return group([
    headingOf({ name: 'Forwards settled', figure, colours }, place.top),
    hatchOf(unread, x, place),
    barPlot({ ...plot, nothing: 'none' }, x, place),
  ])
}

function earnedPanel(
  { unread }: Series,
  buckets: readonly SeriesBucket[],
  x: TimeScale,
  place: Place,
): Svg {
  const colours = [{ colour: COLOUR.earned }]
  const figure = sat(totalOf(buckets).earnedMsat)
  // A forward may earn less than nothing, by an inbound discount: a bar cannot.
  const earned = buckets.map(({ earnedMsat }) => Math.max(0, Number(earnedMsat)))
  const bars = buckets.map(({ from, to }, i) => ({ from, to, parts: [earned[i] ?? 0] }))
  const plot = { bars, colours: [COLOUR.earned], format: axisSat, isWhole: false }
  return group([
    headingOf({ name: 'Fees earned', figure, colours }, place.top),
    hatchOf(unread, x, place),
    barPlot({ ...plot, nothing: 'none' }, x, place),
  ])
}
