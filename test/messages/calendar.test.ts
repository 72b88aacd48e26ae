import { describe, expect, it } from 'vitest'
import { lastDays } from '../../src/messages/calendar.ts'

const from = (now: string, timeZone: string, days: number) =>
  lastDays({ now: Date.parse(now), timeZone }, days).map(({ at }) => new Date(at).toISOString())

describe(lastDays, () => {
  it('begins each day at the reader’s midnight, days of 23 and 25 hours, too', () => {
    expect(from('2026-03-30T10:07:00Z', 'Europe/Berlin', 3)).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
    expect(from('2026-10-26T10:07:00Z', 'Europe/Berlin', 3)).toEqual([
      '2026-10-23T22:00:00.000Z',
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ])
  })

  it('knows zones whose days begin at half past or a quarter to, and days without midnight', () => {
    expect(from('2026-11-21T13:00:00Z', 'Asia/Kathmandu', 1)).toEqual(['2026-11-20T18:15:00.000Z'])
    // In Beirut the clock goes from 24:00 to 01:00.
    expect(from('2026-03-29T12:00:00Z', 'Asia/Beirut', 2)).toEqual([
      '2026-03-27T22:00:00.000Z',
      '2026-03-28T22:00:00.000Z',
    ])
  })
})
