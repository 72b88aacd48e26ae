import { localTimeAt } from './local-clock.ts'

/** A span of the local day in minutes after midnight, `from` included, `to` not; may span midnight. */
export type QuietHours = { from: number; to: number }

/** 22:00 to 07:00, what is offered first. */
export const USUAL_QUIET_HOURS: QuietHours = { from: 22 * 60, to: 7 * 60 }

/**
 * Returns whether a moment (epoch ms) falls into quiet hours on the clock of a place. It asks what
 * the clock on the wall shows, so hours that come twice or never when the clock is changed make the
 * night longer or shorter and nothing else.
 */
export function isQuiet(at: number, timeZone: string, { from, to }: QuietHours): boolean {
  const { minute } = localTimeAt(at, timeZone)
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to
}
