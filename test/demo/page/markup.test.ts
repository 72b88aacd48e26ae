import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Piece, parseMarkup } from '../../../src/demo/page/markup.js'
import { html } from '../../../src/messages/html.ts'

const SHOWN = ['strong', 'em', 'u', 's', 'code', 'pre', 'a', 'blockquote', 'spoiler']

describe(parseMarkup, () => {
  it('makes a tree of what Telegram allows', () => {
    expect(parseMarkup('<b>1 &lt; <i>2</i></b> <code>a&amp;b</code>')).toEqual([
      { tag: 'strong', children: ['1 < ', { tag: 'em', children: ['2'] }] },
      ' ',
      { tag: 'code', children: ['a&b'] },
    ])
    expect(parseMarkup('<blockquote expandable>x</blockquote><tg-spoiler>y</tg-spoiler>')).toEqual([
      { tag: 'blockquote', isExpandable: true, children: ['x'] },
      { tag: 'spoiler', children: ['y'] },
    ])
  })

  it('leads to the web and nowhere else', () => {
    const [web, code] = parseMarkup(
      '<a href="https://x.y/?a&amp;b">w</a><a href="javascript:f()">c</a>',
    )

    expect(web).toEqual({ tag: 'a', href: 'https://x.y/?a&b', children: ['w'] })
    expect(code).toEqual({ tag: 'a', children: ['c'] })
  })

  it('shows as text what is no tag of Telegram’s', () => {
    expect(textOf(parseMarkup('<script>f()</script><img src=x> 1 < 2 </b>'))).toBe(
      '<script>f()</script><img src=x> 1 < 2 </b>',
    )
  })

  it('gives back any stranger’s name as text, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const pieces = parseMarkup(html`<b>${name}</b>, said ${name}`.markup)
        expect(textOf(pieces)).toBe(`${name}, said ${name}`)
      }),
    )
  })

  it('makes no other tags of anything', () => {
    const bits = fc.constantFrom(
      '<b>',
      '</b>',
      '<',
      '>',
      '<code>',
      '&lt;',
      '<iframe>',
      '<a href="x">',
      'x',
    )
    fc.assert(
      fc.property(fc.array(bits), (parts) => {
        for (const tag of tagsOf(parseMarkup(parts.join('')))) expect(SHOWN).toContain(tag)
      }),
    )
  })
})

function textOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : textOf(piece.children)))
    .join('')
}

function tagsOf(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) =>
    typeof piece === 'string' ? [] : [piece.tag, ...tagsOf(piece.children)],
  )
}
