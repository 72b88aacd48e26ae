import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTelegramHtml } from '../../src/demo/telegram-html.ts'
import { EMPTY, html, join, toPlainText } from '../../src/messages/html.ts'
import { fits } from '../../src/messages/limits.ts'
import { button } from '../../src/messages/message.ts'
import { paginate } from '../../src/messages/paginate.ts'

describe(html, () => {
  it('escapes strangers and keeps its own tags', () => {
    const name = '<b>&"'
    expect(html`<b>${name}</b> ${html`<code>${1n}</code>`}`.markup).toBe(
      '<b>&lt;b&gt;&amp;&quot;</b> <code>1</code>',
    )
  })

  it('gives back what was put in, as text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const made = html`<b>${text}</b>`
        expect(toPlainText(made)).toBe(text)
        expect(parseTelegramHtml(made.markup).text).toBe(text)
      }),
    )
  })

  it('leaves out what is undefined when joining', () => {
    expect(join(['a', undefined, html`<b>b</b>`, EMPTY], ' & ').markup).toBe(
      'a &amp; <b>b</b> &amp; ',
    )
  })
})

describe(paginate, () => {
  const block = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), {
    minLength: 1,
    maxLength: 300,
  })

  it('keeps every row whole, in order, within Telegram’s limits', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 12 }), (lists) => {
        const blocks = lists.map((rows) =>
          join(
            rows.map((row) => html`<b>${row}</b>`),
            ' ',
          ),
        )
        const pages = paginate(blocks, [[button('next', 'top')]], '\n')
        for (const { text } of pages) {
          expect(fits(text)).toBe(true)
          parseTelegramHtml(text.markup)
        }
        const all = pages.map(({ text }) => toPlainText(text)).join('\n')
        expect(all.replaceAll('\n', '')).toBe(blocks.map(toPlainText).join('').replaceAll('\n', ''))
        expect(pages.map(({ buttons }) => buttons.length)).toEqual(
          pages.map((_, i) => (i === pages.length - 1 ? 1 : 0)),
        )
      }),
      { numRuns: 40 },
    )
  })
})

describe(button, () => {
  it('refuses more data than Telegram takes', () => {
    expect(() => button('x', 'channel', 'é'.repeat(29))).toThrow(RangeError)
  })
})
