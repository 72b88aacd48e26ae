import { afterEach, describe, expect, it } from 'vitest'
import * as format from '../../src/messages/format.ts'
import { localeOf } from '../../src/messages/locale.ts'
import { channelName, cleanName, nameAndId, shortPubkey } from '../../src/messages/names.ts'
import { type Reader, tellReaderBy, USUAL_READER } from '../../src/messages/reader.ts'
import { NOW, READING } from './support.ts'

function readAs(reader: Partial<Reader>): void {
  tellReaderBy(() => ({ ...USUAL_READER, ...reader }))
}
afterEach(() => tellReaderBy(() => undefined))

describe('a locale', () => {
  it.each([
    ['en-GB', '1,234,567 sat', '1.5 sat', '1.2M', '22 Oct 15:05', '14:05'],
    ['en-US', '1,234,567 sat', '1.5 sat', '1.2M', 'Oct 22 3:05 pm', '2:05 pm'],
    ['de-DE', '1.234.567 sat', '1,5 sat', '1,2M', '22 Oct 15:05', '14:05'],
    ['fr-FR', '1\u202f234\u202f567 sat', '1,5 sat', '1,2M', '22 Oct 15:05', '14:05'],
    ['en-IN', '12,34,567 sat', '1.5 sat', '1.2M', '22 Oct 3:05 pm', '2:05 pm'],
    ['pl-PL', '1\u00a0234\u00a0567 sat', '1,5 sat', '1,2M', '22 Oct 15:05', '14:05'],
  ])('%s has its own separators, dates and clock', (locale, whole, small, short, day, time) => {
    readAs({ locale })
    expect(format.sat(1_234_567_000n)).toBe(whole)
    expect(format.sat(1_500n)).toBe(small)
    expect(format.shortNumber(1_234_567_000n)).toBe(short)
    expect(format.localTime(NOW - 30 * 86_400_000, READING)).toBe(day)
    expect(format.localTime(NOW, READING)).toBe(time)
  })

  it('groups four digits, too, and writes western digits whatever the country writes', () => {
    readAs({ locale: 'es-ES' })
    expect(format.count(1234)).toBe('1.234')
    readAs({ locale: 'ar-EG' })
    expect(format.count(1234)).toBe('1,234')
  })

  it('gives way to a clock that was chosen', () => {
    readAs({ locale: 'de-DE', clock: '12h' })
    expect(format.timeOfDay(0)).toBe('12:00 am')
    readAs({ locale: 'en-US', clock: '24h' })
    expect(format.timeOfDay(0)).toBe('00:00')
  })

  it('is known by any spelling, and nothing else is', () => {
    expect(['de_de', 'DE-de', 'pt-BR', 'fr'].map(localeOf)).toEqual([
      'de-DE',
      'de-DE',
      'pt-BR',
      'fr',
    ])
    expect(['', 'xx-YY', 'english please', '../etc', 'a'.repeat(99)].map(localeOf)).toEqual(
      Array(5).fill(undefined),
    )
  })
})

describe('a reader to whom names and amounts are hidden', () => {
  it('sees letters for names and ids and dots for amounts, while counts and rates stay', () => {
    readAs({ pseudonym: (words) => `<${words.length}>` })
    expect(channelName('alice', '1x2x3')).toBe('peer <5>')
    expect(channelName('', '1x2x3')).toBe('ch-<5>')
    expect(cleanName('\u200b')).toBe('')
    expect(nameAndId('alice', '1x2x3').markup).toBe(
      '<b>peer &lt;5&gt;</b> <code>ch-&lt;5&gt;</code>',
    )
    expect(shortPubkey('02ab12cdee')).toBe('•••')
    for (const amount of [0n, 12n, 1_500n, 1_234_567_000n, -5_000n]) {
      expect(format.sat(amount)).toBe('••• sat')
      expect(format.shortSat(amount)).toBe('••• sat')
      expect(format.about(amount)).toBe('•••')
      expect(format.atMost(amount)).toMatch(/^(≤ ••• sat|fee unknown)$/)
    }
    expect(format.count(1234)).toBe('1,234')
    expect(format.shortCount(12_345)).toBe('12.3k')
    expect(format.ppm(210)).toBe('210 ppm')
    expect(format.percent(1n, 2n)).toBe('50 %')
  })
})
