import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channelName, MAX_NAME, quoted } from '../../src/messages/names.ts'

describe(channelName, () => {
  it.each([
    ['alice', 'alice'],
    ['  two   words\n', 'two words'],
    ['\u202eevil\u202c', 'evil'],
    ['', '1x2x3'],
    ['\u200b\u2060\u3164', '1x2x3'],
    ['\ud800broken', 'broken'],
    ['x'.repeat(300), `${'x'.repeat(23)}…`],
    ['שלום', '\u2068שלום\u2069'],
    ['👩‍👩‍👧‍👦 family', '👩👩👧👦 family'],
  ])('calls %j %j', (alias, name) => {
    expect(channelName(alias, '1x2x3')).toBe(name)
  })

  it('never shows what deceives, whatever a stranger calls itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (alias) => {
        const name = channelName(alias, '1x2x3')
        expect(name.replace(/^\u2068(.*)\u2069$/u, '$1')).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u,
        )
        expect(name.trim()).toBe(name)
        expect(name.length).toBeGreaterThan(0)
        expect(name.length).toBeLessThanOrEqual(MAX_NAME * 20)
      }),
    )
  })
})

describe(quoted, () => {
  it('repeats what was said in one harmless line', () => {
    expect(quoted('a\u202e b\nc')).toBe('a b c')
    expect(quoted('\u0000')).toBe('?')
    expect(quoted('y'.repeat(50))).toBe(`${'y'.repeat(39)}…`)
  })
})
