import { scaleLinear } from 'd3-scale'
import { area, curveStepAfter } from 'd3-shape'
import type { Scid } from '../../lightning/scid.ts'
import type { BalanceSeries, ChannelSeries, Series } from '../../stats/views.ts'
import { type Reading, shortNumber, shortSat } from '../format.ts'
import { chartName, idName } from './chart-name.ts'
import { BODY_TOP, INNER_WIDTH, pictureOf, textAt } from './frame.ts'
import { hatchOf, headingOf, noteIn, PLOT_RIGHT, type Place, plotOf, tickOf } from './panel.ts'
import { NOTE_HEIGHT, refusalsPanel, uncoveredNote } from './refusals-panel.ts'
import { AXIS_HEIGHT, barsOf, below, SERIES_WORDS, subtitleOf, timeScale } from './series-parts.ts'
import { element, group, type Svg } from './svg.ts'
import { COLOUR, SIZE } from './theme.ts'
import { type TimeScale, timeAxis } from './time-axis.ts'

/** What the chart of a channel is drawn from. */
export type ChannelChartData = ChannelSeries & { scid: Scid; alias: string }

const BALANCE_HEIGHT = 280
const REFUSALS_HEIGHT = 190

/** Draws a channel's balance and what was refused to leave by it over a window, as SVG. */
export function channelChart(data: ChannelChartData, reading: Reading): string {
  const { series, balances } = data
  const { timeZone } = reading
  const x = timeScale(series)
  const balance = { top: BODY_TOP, height: BALANCE_HEIGHT }
  const refusals = below(balance, REFUSALS_HEIGHT)
  const bottom = plotOf(refusals).to + AXIS_HEIGHT
  // Of forwards nothing is drawn here.
  const note = uncoveredNote({ ...series, unread: [] }, bottom + NOTE_HEIGHT)
  const plots = [balance, refusals].map(plotOf)
  return pictureOf({
    title: titleOf(data),
    subtitle: subtitleOf(series, reading),
    body: [
      timeAxis(series, x, { plots, bottom, timeZone }),
      balancePanel(series, balances, x, balance),
      idAt(data.scid, balance.top + SIZE.heading),
      refusalsPanel(series, barsOf(series, timeZone), x, refusals),
      note,
    ],
    bottom: note ? bottom + NOTE_HEIGHT : bottom,
  })
}

function titleOf({ scid, alias, series }: ChannelChartData): string {
  const window = `, ${SERIES_WORDS[series.window].title}`
  const room = INNER_WIDTH - window.length * SIZE.title * 0.6
  return chartName(alias, scid, room, SIZE.title) + window
}

/** The channel's id, at the right end of a heading: a peer may have several channels. */
function idAt(scid: Scid, base: number): Svg {
  return textAt(PLOT_RIGHT, base, idName(scid), { fill: COLOUR.muted, 'text-anchor': 'end' })
}

function balancePanel(
  { uncovered }: Series,
  balances: BalanceSeries | undefined,
  x: TimeScale,
  place: Place,
): Svg {
  const last = balances?.points.at(-1)
  const colours = [{ colour: COLOUR.balance }]
  if (balances === undefined || last === undefined) {
    const heading = { name: 'Our balance', figure: 'unknown', colours }
    return group([headingOf(heading, place.top), noteIn(place, 'not listed in this time')])
  }
  const figure = `${shortNumber(last.localMsat)} of ${shortSat(balances.capacityMsat)}`
  return group([
    headingOf({ name: 'Our balance', figure, colours }, place.top),
    hatchOf(uncovered, x, place),
    balanceCurve(balances, uncovered, x, place),
  ])
}

/** The balance from nothing to the channel's capacity; broken where nobody looked. */
function balanceCurve(
  { points, capacityMsat }: BalanceSeries,
  uncovered: Series['uncovered'],
  x: TimeScale,
  place: Place,
): Svg {
  const { from, to } = plotOf(place)
  const y = scaleLinear([0, Math.max(Number(capacityMsat), 1)], [to, from]).clamp(true)
  const curve = brokenBy(points, uncovered)
  const filled = area<CurvePoint>()
    .defined(({ isKnown }) => isKnown)
    .x(({ at }) => x(at))
    .y0(y(0))
    .y1(({ localMsat }) => y(localMsat))
    .curve(curveStepAfter)
  const edge = filled.lineY1()
  const shares = [0n, 2n, 4n].map((quarters) => (capacityMsat * quarters) / 4n)
  return group([
    ...shares.map((msat) => tickOf(shortNumber(msat), y(Number(msat)))),
    element('path', { d: filled(curve) ?? '', fill: COLOUR.balance, 'fill-opacity': 0.28 }),
    element('path', {
      d: edge(curve) ?? '',
      fill: 'none',
      stroke: COLOUR.balance,
      'stroke-width': 4,
    }),
  ])
}

type CurvePoint = { at: number; localMsat: number; isKnown: boolean }

/** Has the curve end where nobody looked any more, and go on after: what moved meanwhile has a point. */
function brokenBy(
  points: BalanceSeries['points'],
  uncovered: Series['uncovered'],
): readonly CurvePoint[] {
  const known = points.map(({ at, localMsat }) => ({
    at,
    localMsat: Number(localMsat),
    isKnown: true,
  }))
  const breaks = uncovered.flatMap(({ from, to }) => {
    const before = known.findLast(({ at }) => at <= from)
    if (!before || to - from < SHORTEST_BREAK_MS) return []
    return [
      { ...before, at: from, isKnown: true },
      { ...before, at: from, isKnown: false },
      { ...before, at: to, isKnown: true },
    ]
  })
  return [...known, ...breaks].sort((a, b) => a.at - b.at)
}

// A listing comes every minute: shorter than this nothing was missed.
const SHORTEST_BREAK_MS = 120_000
