import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, daysSinceMonday, localTimeAt, momentOf } from '../../src/alerts/local-clock.ts'

function utc(at: number): string {
  return new Date(at).toISOString().slice(0, 16)
}

describe(momentOf, () => {
  it.each([
    ['a usual morning', '2026-11-21', 480, 'Europe/Berlin', '2026-11-21T07:00'],
    [
      'in spring, a time that is skipped: an hour later',
      '2026-03-29',
      150,
      'Europe/Berlin',
      '2026-03-29T01:30',
    ],
    [
      'in autumn, a time that comes twice: the first',
      '2026-10-25',
      150,
      'Europe/Berlin',
      '2026-10-25T00:30',
    ],
    [
      'where clocks move by half an hour, in spring',
      '2026-10-04',
      135,
      'Australia/Lord_Howe',
      '2026-10-03T15:45',
    ],
    [
      'where clocks move by half an hour, in autumn',
      '2026-04-05',
      105,
      'Australia/Lord_Howe',
      '2026-04-04T14:45',
    ],
    ['where midnight itself is skipped', '2026-09-06', 0, 'America/Santiago', '2026-09-06T04:00'],
    ['the morning after the change', '2026-03-29', 480, 'Europe/Berlin', '2026-03-29T06:00'],
    ['far east', '2026-11-21', 480, 'Pacific/Kiritimati', '2026-11-20T18:00'],
    ['far west', '2026-11-21', 1439, 'Pacific/Pago_Pago', '2026-11-22T10:59'],
    ['at a quarter of an hour', '2026-11-21', 480, 'Asia/Kathmandu', '2026-11-21T02:15'],
  ])('finds %s', (_, date, minute, zone, at) => {
    expect(utc(momentOf(date, minute, zone))).toBe(at)
  })

  const zone = fc.constantFrom(
    ...['Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Casablanca'],
    ...['Pacific/Apia', 'Asia/Kathmandu', 'America/St_Johns', 'UTC'],
  )

  it('is when the clock shows it, or has just skipped it', () => {
    const days = fc.integer({ min: 0, max: 3650 })
    fc.assert(
      fc.property(days, fc.nat(1439), zone, (day, minute, timeZone) => {
        const date = addDays('2024-01-01', day)
        const at = momentOf(date, minute, timeZone)
        const shown = localTimeAt(at, timeZone)
        const late = Date.parse(shown.date) - Date.parse(date) + (shown.minute - minute) * 60_000
        expect([0, 30 * 60_000, 60 * 60_000]).toContain(late)
        // Nothing before it shows as much of the date.
        const before = localTimeAt(at - 60_000, timeZone)
        expect(before.date < date || (before.date === date && before.minute < minute)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the calendar', () => {
  it('knows Mondays and the ends of months', () => {
    expect(daysSinceMonday('2026-11-23')).toBe(0)
    expect(daysSinceMonday('2026-11-22')).toBe(6)
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  })
})
