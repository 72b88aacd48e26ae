import { describe, expect, it } from 'vitest'
import { isDrawable, WIDEST, widthOf } from '../../../src/messages/charts/glyphs.ts'
import { readFont } from '../../drawing/font.ts'

const FONTS = new URL('../../../src/drawing/fonts/', import.meta.url)
const fonts = await Promise.all(
  ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'].map((name) => readFont(new URL(name, FONTS))),
)
const LAST_CODE_POINT = 0x10ffff

/** How wide the wider of the two weights draws a code point; undefined when one lacks it. */
function drawnWidth(code: number): number | undefined {
  const widths = fonts.map(({ widths }) => widths.get(code))
  return widths.every((width) => width !== undefined) ? Math.max(...widths) : undefined
}

describe(isDrawable, () => {
  it('holds for the visible characters that both weights of the font have, and no other', () => {
    const wrong: string[] = []
    for (let code = 0; code <= LAST_CODE_POINT; code++) {
      const character = String.fromCodePoint(code)
      const width = drawnWidth(code)
      const isVisible = character === ' ' || /[\p{L}\p{N}\p{P}\p{S}]/u.test(character)
      const should = width !== undefined && width <= WIDEST && isVisible
      if (isDrawable(character) !== should) wrong.push(code.toString(16))
    }
    expect(wrong).toEqual([])
  })

  it('knows what our own texts need, and what strangers like', () => {
    for (const character of 'Ab9 ≈–·…₿ΩпéŁ') expect(isDrawable(character)).toBe(true)
    for (const character of '⚡🕊日ש\u202e\u0301\ue002') expect(isDrawable(character)).toBe(false)
  })
})

describe(widthOf, () => {
  it('never says less than the font draws', () => {
    const tooNarrow: string[] = []
    for (let code = 32; code <= LAST_CODE_POINT; code++) {
      const character = String.fromCodePoint(code)
      if (!isDrawable(character)) continue
      if (widthOf(character, 1) < (drawnWidth(code) ?? 0)) tooNarrow.push(character)
    }
    expect(tooNarrow).toEqual([])
  })

  it('adds up', () => {
    expect(widthOf('Wi', 100)).toBeCloseTo(widthOf('W', 100) + widthOf('i', 100))
  })
})
