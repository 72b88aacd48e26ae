import { describe, expect, it } from 'vitest'
import { localTimeAt } from '../../src/alerts/local-clock.ts'
import { isQuiet, USUAL_QUIET_HOURS } from '../../src/alerts/quiet-hours.ts'

/** Minutes of a day (UTC) that are quiet in a zone. */
function quietMinutes(day: string, timeZone: string): number {
  const from = Date.parse(`${day}T12:00:00Z`)
  const minutes = Array.from({ length: 24 * 60 }, (_, i) => from + i * 60_000)
  return minutes.filter((at) => isQuiet(at, timeZone, USUAL_QUIET_HOURS)).length
}

describe(isQuiet, () => {
  it('lasts nine hours, in the night of a new summer time eight, and ten when it ends', () => {
    expect(quietMinutes('2026-06-10', 'Europe/Berlin')).toBe(9 * 60)
    expect(quietMinutes('2026-03-28', 'Europe/Berlin')).toBe(8 * 60)
    expect(quietMinutes('2026-10-24', 'Europe/Berlin')).toBe(10 * 60)
  })

  it('goes by the clock of the place, also where it is off by quarters of an hour', () => {
    const at = Date.parse('2026-11-21T16:30:00Z')
    expect(localTimeAt(at, 'Asia/Kathmandu').minute).toBe(22 * 60 + 15)
    expect(isQuiet(at, 'Asia/Kathmandu', USUAL_QUIET_HOURS)).toBe(true)
    expect(isQuiet(at, 'UTC', USUAL_QUIET_HOURS)).toBe(false)
  })

  it('includes its first minute and not its last', () => {
    const day = { from: 13 * 60, to: 14 * 60 }
    const at = (time: string) => isQuiet(Date.parse(`2026-11-21T${time}Z`), 'UTC', day)
    expect([at('12:59:59'), at('13:00:00'), at('13:59:59'), at('14:00:00')]).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})
