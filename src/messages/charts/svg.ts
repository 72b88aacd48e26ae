/** A piece of SVG whose texts are escaped. Made by `element` and `group` alone. */
export class Svg {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

/** Attributes by name; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/**
 * Builds an element: texts are escaped, numbers rounded to a tenth of a pixel.
 * @throws RangeError for a number that is none: a chart must not be drawn wrongly.
 */
export function element(
  name: string,
  attributes: Attributes,
  ...children: readonly (Svg | string)[]
): Svg {
  const opening = name + attributesOf(attributes)
  if (children.length === 0) return new Svg(`<${opening}/>`)
  const inner = children.map((child) => (child instanceof Svg ? child.markup : escaped(child)))
  return new Svg(`<${opening}>${inner.join('')}</${name}>`)
}

/** Builds a group of pieces; those that are undefined are left out. */
export function group(pieces: readonly (Svg | undefined)[], attributes: Attributes = {}): Svg {
  return element('g', attributes, ...pieces.filter((piece) => piece !== undefined))
}

function attributesOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${textOf(name, value)}"`))
    .join('')
}

function textOf(name: string, value: string | number): string {
  if (typeof value === 'string') return escaped(value)
  if (!Number.isFinite(value)) throw new RangeError(`${name} is ${value}`)
  return String(Math.round(value * 10) / 10)
}

// Not allowed in XML, escaped or not: controls, lone surrogates and the two last of the plane.
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

function escaped(text: string): string {
  return text
    .replace(FORBIDDEN, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
