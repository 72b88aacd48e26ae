import { describe, expect, it } from 'vitest'
import * as format from '../../src/messages/format.ts'
import { NOW, READING } from './support.ts'

describe(format.sat, () => {
  it.each([
    [0n, '0 sat'],
    [12n, '0.012 sat'],
    [1_000n, '1 sat'],
    [1_500n, '1.5 sat'],
    [-9_990n, '-9.99 sat'],
    [10_400n, '10 sat'],
    [1_234_567_499n, '1,234,567 sat'],
  ])('shows %s msat as %s', (msat, text) => {
    expect(format.sat(msat)).toBe(text)
  })
})

describe(format.rowsShown, () => {
  it('has separators, as all numbers', () => {
    expect(format.rowsShown(0, 8)).toBe('1–8')
    expect(format.rowsShown(1_600, 8)).toBe('1,601–1,608')
    expect(format.rowsShown(3_675, 1)).toBe('3,676')
  })
})

describe(format.shortSat, () => {
  it.each([
    [840_000n, '840 sat'],
    [9_999_499n, '9,999 sat'],
    [120_000_000n, '120k sat'],
    [12_340_000n, '12.3k sat'],
    [1_200_000_000n, '1.2M sat'],
    [48_200_000_000n, '48.2M sat'],
    [21_000_000_000_000_000n, '21,000G sat'],
  ])('shows %s msat as %s', (msat, text) => {
    expect(format.shortSat(msat)).toBe(text)
  })
})

describe(format.about, () => {
  it.each([
    [0n, '0'],
    [12n, '<1'],
    [499n, '<1'],
    [1_400n, '1'],
    [99_400n, '99'],
    [99_600n, '100'],
    [420_100n, '420'],
    [1_249_000n, '1,200'],
    [9_960_000n, '10k'],
    [17_167_000n, '17k'],
    [1_250_000_000n, '1.3M'],
  ])('shows an estimate of %s msat to two digits: %s', (msat, text) => {
    expect(format.about(msat)).toBe(text)
  })
})

describe(format.share, () => {
  it.each([
    [0, '0 %'],
    [0.001, '<1 %'],
    [0.524, '52 %'],
    [0.999, '>99 %'],
    [1, '100 %'],
  ])('shows %s as %s', (part, text) => {
    expect(format.share(part)).toBe(text)
  })
})

describe(format.duration, () => {
  it.each([
    [-5, '0 s'],
    [840, '0.8 s'],
    [45_000, '45 s'],
    [60_000, '1 min'],
    [83_520_000, '23 h 12 min'],
    [7_200_000, '2 h'],
    [273_600_000, '3 d 4 h'],
  ])('shows %s ms as %s', (ms, text) => {
    expect(format.duration(ms)).toBe(text)
  })
})

describe(format.localTime, () => {
  it('shows the reader’s own clock, with the day when it is another', () => {
    expect(format.localTime(NOW, READING)).toBe('14:05')
    expect(format.localTime(NOW - 20 * 3_600_000, READING)).toBe('Fri 18:05')
    expect(format.localTime(NOW - 30 * 86_400_000, READING)).toBe('22 Oct 15:05')
    expect(format.localTime(NOW - 400 * 86_400_000, READING)).toBe('17 Oct 2025 15:05')
    expect(format.localTime(NOW, { ...READING, timeZone: 'Asia/Kolkata' })).toBe('18:35')
  })

  it('shows both hours of the night in which summer time ends', () => {
    const now = Date.parse('2026-10-25T10:00:00Z')
    const at = (time: string) =>
      format.localTime(Date.parse(time), { now, timeZone: 'Europe/Berlin' })
    expect(at('2026-10-25T00:30:00Z')).toBe('02:30')
    expect(at('2026-10-25T01:30:00Z')).toBe('02:30')
  })
})

describe(format.agoAndTime, () => {
  it('tells a moment both ways', () => {
    expect(format.agoAndTime(NOW - 720_000, READING)).toBe('12 min ago, 13:53')
    expect(format.agoAndTime(NOW - 500, READING)).toBe('just now, 14:04')
  })
})

describe(format.isTimeZone, () => {
  it('knows real zones from anything else', () => {
    expect(
      ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'].every(format.isTimeZone),
    ).toBe(true)
    expect(['', 'Mars/Base', '../etc', 'Europe/Berlin\n', '+99:99'].some(format.isTimeZone)).toBe(
      false,
    )
  })
})
