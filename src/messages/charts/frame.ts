import { fitted } from './chart-name.ts'
import { element, group, type Svg } from './svg.ts'
import { BOLD, COLOUR, FONT, MARGIN, SIZE, WIDTH, ZOOM } from './theme.ts'

/** Where the parts of a picture lie, from the top, in px. */
const TITLE_BASE = MARGIN + 34
const SUBTITLE_BASE = TITLE_BASE + 44
/** Where the first panel begins. */
export const BODY_TOP = SUBTITLE_BASE + 44
export const INNER_WIDTH = WIDTH - 2 * MARGIN

/** The id of the pattern that stands for times of which nothing is known. */
const HATCH = 'hatch'
export const HATCHED = `url(#${HATCH})`

export type Picture = {
  title: string
  /** What it covers, under the title. */
  subtitle: string
  body: readonly (Svg | undefined)[]
  /** Where the body ends, in px from the top. */
  bottom: number
}

/** Returns a whole SVG: the ground, title and subtitle, and the body that its caller has laid out. */
export function pictureOf({ title, subtitle, body, bottom }: Picture): string {
  const height = Math.round(bottom + MARGIN)
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: WIDTH * ZOOM,
    height: height * ZOOM,
    viewBox: `0 0 ${WIDTH} ${height}`,
    'font-family': FONT,
    'font-size': SIZE.label,
    fill: COLOUR.text,
  }
  return element(
    'svg',
    root,
    hatch(),
    element('rect', { width: WIDTH, height, fill: COLOUR.ground }),
    textAt(MARGIN, TITLE_BASE, fitted(title, INNER_WIDTH, SIZE.title), {
      'font-size': SIZE.title,
      'font-weight': BOLD,
    }),
    textAt(MARGIN, SUBTITLE_BASE, fitted(subtitle, INNER_WIDTH, SIZE.label), {
      fill: COLOUR.muted,
    }),
    group(body),
  ).markup
}

/** Returns a text whose baseline begins there. */
export function textAt(
  x: number,
  y: number,
  text: string,
  attributes: Readonly<Record<string, string | number>> = {},
): Svg {
  return element('text', { x, y, ...attributes }, text)
}

function hatch(): Svg {
  const side = 14
  const stripe = { width: 5, height: side, fill: COLOUR.uncovered }
  return element(
    'pattern',
    {
      id: HATCH,
      width: side,
      height: side,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    },
    element('rect', stripe),
  )
}
