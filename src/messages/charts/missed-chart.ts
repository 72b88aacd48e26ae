import { scaleLinear } from 'd3-scale'
import type { PeerMissed } from '../../analyzer/answers.ts'
import type { Missed } from '../../analyzer/views.ts'
import type { ChartWindow, Span } from '../../stats/views.ts'
import { approxSat, range } from '../estimate.ts'
import { counted, type Reading } from '../format.ts'
import { chartName } from './chart-name.ts'
import { BODY_TOP, INNER_WIDTH, pictureOf, textAt } from './frame.ts'
import { widthOf } from './glyphs.ts'
import { SERIES_WORDS, spanWords } from './series-parts.ts'
import { element, group, type Svg } from './svg.ts'
import { BOLD, COLOUR, MARGIN, SIZE, WIDTH } from './theme.ts'

/** What the chart of missed fees is drawn from. */
export type MissedChartData = { window: ChartWindow; span: Span; rows: readonly PeerMissed[] }

// More would have to be smaller than a phone's eye likes.
const SHOWN_PEERS = 8
const ROW_HEIGHT = 104
const BAR_HEIGHT = 30
const BAR_TOP = 48
// The ends of an interval reach so far up and down; a shorter interval would be all ends.
const CAP = 12
const CAPPED_FROM = 16

/** Draws what peers are expected to have missed for lack of balance, with intervals, as SVG. */
export function missedChart({ window, span, rows }: MissedChartData, reading: Reading): string {
  const shown = rows.slice(0, SHOWN_PEERS)
  const most = Math.max(1, ...shown.map(({ missed }) => Number(missed.highMsat)))
  const x = scaleLinear([0, most], [MARGIN, WIDTH - MARGIN])
  const top = BODY_TOP + 20
  const drawn = shown.map((row, i) => rowOf(row, x, top + i * ROW_HEIGHT))
  const end = top + shown.length * ROW_HEIGHT
  return pictureOf({
    title: `Missed fees by peer, ${SERIES_WORDS[window].title}`,
    subtitle: `for lack of balance, ${spanWords(span, reading)}`,
    body: [...drawn, keyAt(end + 34, rows.length - shown.length)],
    bottom: end + 34,
  })
}

type Scale = (msat: number) => number

function rowOf({ alias, scid, missed }: PeerMissed, x: Scale, top: number): Svg {
  const expected = approxSat(missed.expectedMsat)
  const interval = range(missed)
  const figures = widthOf(`${expected} ${interval}`, SIZE.heading)
  const name = chartName(alias, scid, INNER_WIDTH - figures - 24, SIZE.heading)
  const base = top + SIZE.heading
  const end = { x: WIDTH - MARGIN, y: base, 'text-anchor': 'end', 'font-size': SIZE.heading }
  return group([
    textAt(MARGIN, base, name, { 'font-size': SIZE.heading }),
    element(
      'text',
      end,
      element('tspan', { 'font-weight': BOLD }, expected),
      element('tspan', { fill: COLOUR.muted }, `\u00a0${interval}`),
    ),
    barOf(missed, x, top + BAR_TOP),
  ])
}

/** A bar up to the expectation, and a line with ends over its 80 % interval. */
function barOf({ expectedMsat, lowMsat, highMsat }: Missed, x: Scale, top: number): Svg {
  const ground = { x: MARGIN, y: top, height: BAR_HEIGHT }
  const width = Math.max(x(Number(expectedMsat)) - MARGIN, 2)
  return group([
    element('rect', { ...ground, width: INNER_WIDTH, fill: COLOUR.line, 'fill-opacity': 0.5 }),
    element('rect', { ...ground, width, fill: COLOUR.refusedForBalance }),
    intervalOf(x(Number(lowMsat)), x(Number(highMsat)), top + BAR_HEIGHT / 2),
  ])
}

function intervalOf(low: number, high: number, y: number): Svg {
  const stroke = { stroke: COLOUR.text, 'stroke-width': 4 }
  const ends = high - low >= CAPPED_FROM ? [low, high] : []
  return group([
    element('line', { x1: low, x2: high, y1: y, y2: y, ...stroke }),
    ...ends.map((at) => element('line', { x1: at, x2: at, y1: y - CAP, y2: y + CAP, ...stroke })),
  ])
}

/** Says how to read a row, and how many peers are left out. */
function keyAt(base: number, others: number): Svg {
  const more = others > 0 ? `; ${counted(others, 'more peer')} with less` : ''
  return textAt(MARGIN, base, `bar: expected, line: 80 % interval${more}`, { fill: COLOUR.muted })
}
