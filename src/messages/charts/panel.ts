import { HATCHED, textAt } from './frame.ts'
import { type Attributes, element, group, type Svg } from './svg.ts'
import { BOLD, COLOUR, MARGIN, SIZE, WIDTH } from './theme.ts'
import type { TimeScale } from './time-axis.ts'

/** Where the plots of all panels begin and end, in px: figures of the axis stand left of them. */
export const PLOT_LEFT = MARGIN + 92
export const PLOT_RIGHT = WIDTH - MARGIN
/** Between the heading's baseline and the plot. */
const HEADING_GAP = 32
const SMALLEST_HATCH = 6

/** What a heading says: what is drawn, its sum, and what the colours stand for. */
export type Heading = {
  name: string
  figure: string
  colours: readonly { colour: string; name?: string }[]
}

/** A panel's place: its heading begins at `top`, its plot has `height`. */
export type Place = { top: number; height: number }

/** Returns where the plot of a panel begins and ends, from the top. */
export function plotOf({ top, height }: Place): { from: number; to: number } {
  const from = top + SIZE.heading + HEADING_GAP
  return { from, to: from + height }
}

/** Returns the heading of a panel: its colour, name and sum; several colours with their names. */
export function headingOf({ name, figure, colours }: Heading, top: number): Svg {
  const [only, ...others] = colours
  const isPlain = others.length === 0
  const key = colours.flatMap(({ colour, name: what = '' }) => [
    spanOf('■', 30, { fill: colour }),
    spanOf(what, 10, { fill: COLOUR.muted, 'font-size': SIZE.label }),
  ])
  return element(
    'text',
    { x: MARGIN, y: top + SIZE.heading, 'font-size': SIZE.heading },
    ...(isPlain && only ? [spanOf('■', 0, { fill: only.colour })] : []),
    spanOf(name, isPlain ? 12 : 0),
    spanOf(figure, 14, { 'font-weight': BOLD }),
    ...(isPlain ? [] : key),
  )
}

/** A part of a line that begins some pixels after the part before. */
function spanOf(text: string, dx: number, attributes: Attributes = {}): Svg {
  return element('tspan', { dx, ...attributes }, text)
}

/** Returns a remark in the middle of a plot that has nothing else to show. */
export function noteIn(place: Place, remark: string): Svg {
  const { from, to } = plotOf(place)
  const middle = { x: (PLOT_LEFT + PLOT_RIGHT) / 2, y: (from + to) / 2 + 10 }
  // A rim in the colour of the ground keeps lines away from it.
  const rim = { stroke: COLOUR.ground, 'stroke-width': 16, 'paint-order': 'stroke' }
  const look = { ...middle, ...rim, fill: COLOUR.muted, 'text-anchor': 'middle' }
  return element('text', look, remark)
}

/** Returns the line of a figure of the axis, with the figure left of the plot. */
export function tickOf(label: string, y: number): Svg {
  const line = { x1: PLOT_LEFT, x2: PLOT_RIGHT, y1: y, y2: y, stroke: COLOUR.line }
  return group([
    element('line', { ...line, 'stroke-width': 2 }),
    textAt(PLOT_LEFT - 16, y + 10, label, { fill: COLOUR.muted, 'text-anchor': 'end' }),
  ])
}

/** Returns the hatching over the times of which nothing is known. */
export function hatchOf(
  spans: readonly { from: number; to: number }[],
  x: TimeScale,
  place: Place,
): Svg {
  const { from, to } = plotOf(place)
  const stripes: { left: number; right: number }[] = []
  for (const span of spans) {
    const left = Math.max(x(span.from), PLOT_LEFT)
    const right = Math.min(Math.max(x(span.to), left + SMALLEST_HATCH), PLOT_RIGHT)
    const last = stripes.at(-1)
    // What touches is one: a storm of reconnects would be thousands of stripes.
    if (last && left <= last.right + 1) last.right = Math.max(last.right, right)
    else stripes.push({ left, right })
  }
  return group(
    stripes
      .filter(({ left, right }) => right > left)
      .map(({ left, right }) =>
        hatched({ x: left, y: from, width: right - left, height: to - from }),
      ),
  )
}

/** Returns a box that stands for what is not known. */
export function hatched(box: { x: number; y: number; width: number; height: number }): Svg {
  return group([
    element('rect', { ...box, fill: COLOUR.uncovered, 'fill-opacity': 0.3 }),
    element('rect', { ...box, fill: HATCHED }),
  ])
}
