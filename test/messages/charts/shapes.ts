import { Resvg } from '@resvg/resvg-js'
import { expect } from 'vitest'
import { isDrawable } from '../../../src/messages/charts/glyphs.ts'

/** A shape of an SVG with its attributes as they stand there. */
export type Shape = { name: string; attributes: Readonly<Record<string, string>> }

/** Returns the shapes and texts of an SVG, in their order. */
export function shapesOf(svg: string): readonly Shape[] {
  return [...svg.matchAll(/<(rect|line|path|text|tspan)((?: [a-z0-9-]+="[^"]*")*)/g)].map(
    ([, name = '', attributes = '']) => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/([a-z0-9-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
      ),
    }),
  )
}

/** Returns the bars of a colour. */
export function barsOf(svg: string, colour: string): readonly Record<string, number>[] {
  return shapesOf(svg)
    .filter(({ name, attributes }) => name === 'rect' && attributes['fill'] === colour)
    .map(({ attributes }) =>
      Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, Number(value)])),
    )
}

/** Returns the texts of an SVG as they are read. */
export function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, inner = '']) =>
    inner
      .replaceAll('</tspan><tspan', '</tspan> <tspan')
      .replace(/<[^>]*>/g, '')
      .replace(
        /&(lt|gt|amp|quot);/g,
        (_, name) => ({ lt: '<', gt: '>', amp: '&', quot: '"' })[name as string] ?? '',
      )
      .replace(/[ \u00a0]+/g, ' '),
  )
}

/** Returns the width and height that an SVG is laid out in. */
export function viewBoxOf(svg: string): readonly number[] {
  return (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).slice(1).map(Number)
}

const SIDES = { x: 'width', x1: 'width', x2: 'width', y: 'height', y1: 'height', y2: 'height' }

/** Checks that an SVG is well-formed and that everything in it lies within its frame. */
export function expectDrawable(svg: string): void {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/)
  const undrawable = [...textsOf(svg).join('')].filter((character) => !isDrawable(character))
  expect(undrawable).toEqual([])
  // Throws for what is no SVG. Everything stands within the view box, of which that size is a multiple.
  const drawn = new Resvg(svg, { font: { loadSystemFonts: false } })
  const [width = 0, height = 0] = viewBoxOf(svg)
  expect(drawn.width / width).toBeCloseTo(drawn.height / height, 2)
  const frame = { width, height }
  for (const { name, attributes } of shapesOf(svg)) {
    for (const [key, side] of Object.entries(SIDES)) {
      if (!(key in attributes)) continue
      const at = Number(attributes[key])
      expect(at).toBeGreaterThanOrEqual(0)
      expect(at).toBeLessThanOrEqual(frame[side as keyof typeof frame])
    }
    if (name !== 'rect') continue
    const [x = 0, y = 0, wide, high] = ['x', 'y', 'width', 'height'].map((key) =>
      Number(attributes[key] ?? 0),
    )
    expect(wide).toBeGreaterThan(0)
    expect(high).toBeGreaterThan(0)
    expect(x + (wide ?? 0)).toBeLessThanOrEqual(width + 0.1)
    expect(y + (high ?? 0)).toBeLessThanOrEqual(height + 0.1)
  }
}
