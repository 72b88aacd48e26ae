import { describe, expect, it } from 'vitest'
import { parseTelegramHtml } from '../../src/demo/telegram-html.ts'
import { isTdlibInstalled, tdlibParse, typesMeant } from '../support/tdlib.ts'

// In CI it must not be skipped: what CI skips nobody checks.
const canSkip = !process.env['CI'] && !isTdlibInstalled()

it('TDLib is installed', ({ skip }) => {
  if (canSkip) skip('TDLib is not: .ci/run has the npm install --no-save that brings it')
  expect(isTdlibInstalled()).toBe(true)
})

describe.skipIf(canSkip)('TDLib, which every text of every test is read by', () => {
  it('counts the units that remain, and finds what tags mean', () => {
    const { text, entities } = tdlibParse('<b>🕊️ &lt;bob&gt;</b> <code>1x2x3</code>')
    expect(text).toBe('🕊️ <bob> 1x2x3')
    expect(entities.map(({ offset, length }) => [offset, length])).toEqual([
      [0, 9],
      [10, 5],
    ])
    expect(typesMeant('<b>a <code>b</code></b>')).toEqual([
      'textEntityTypeBold',
      'textEntityTypeCode',
    ])
  })

  it.each(['<b>open', 'a < b', '<b><i>x</b></i>', '<div>x</div>', '<script>'])(
    'refuses %s, and so does the local Bot API',
    (markup) => {
      expect(() => tdlibParse(markup)).toThrow(/Can't parse entities|nsupported start tag/)
      expect(() => parseTelegramHtml(markup)).toThrow()
    },
  )

  it('is asked by the parser that tests use, so that a link dropped in silence is found', () => {
    expect(() => parseTelegramHtml('<a href="javascript:x">l</a>')).toThrow(/TDLib finds other/)
  })
})
