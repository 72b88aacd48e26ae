import { HOUR_MS } from './kind.ts'
import { addDays, daysSinceMonday, localTimeAt, momentOf } from './local-clock.ts'

/** When a chat gets its digests. */
export type DigestWishes = {
  daily: boolean
  /** The digest of the week, on Monday in place of the day's. */
  weekly: boolean
  /** In minutes after midnight; undefined: as the configuration says. */
  minute: number | undefined
}

/** What a chat gets that has not chosen anything. */
export const USUAL_DIGESTS: DigestWishes = { daily: true, weekly: true, minute: undefined }

/** The wishes of a chat on its own clock. */
export type DigestSchedule = { daily: boolean; weekly: boolean; minute: number; timeZone: string }

/** A digest that is to be pushed: the period that it sums up, its local date and its moment. */
export type DueDigest = { period: 'day' | 'week'; date: string; dueAt: number }

export type DueQuestion = {
  now: number
  schedule: DigestSchedule
  /** Epoch ms since when the chat has this schedule: what was due before never comes. */
  since: number
  /** The local dates that are done with. */
  dates: readonly string[]
}

// A digest due shortly before midnight must outlast an outage all the same.
const LEAST_LIFE_MS = 6 * HOUR_MS

/**
 * Returns the digest that is due now and not done with; undefined when there is none. One that was
 * missed comes late, until its day is over; the next covers older ones.
 */
export function dueDigest({ now, schedule, since, dates }: DueQuestion): DueDigest | undefined {
  const today = localTimeAt(now, schedule.timeZone).date
  const date = [today, addDays(today, -1)].find((one) => dueAtOf(one, schedule) <= now)
  if (date === undefined) return undefined
  const dueAt = dueAtOf(date, schedule)
  if (dueAt <= since || dates.includes(date)) return undefined
  if (now >= endOfDigest({ date, dueAt }, schedule.timeZone)) return undefined
  const period = periodFor(date, { schedule, since, dates })
  return period && { period, date, dueAt }
}

/** Returns when the next digest is due (epoch ms), as things stand; undefined when none is wanted. */
export function nextDigestAt(question: DueQuestion): number | undefined {
  const { now, schedule, dates } = question
  const today = localTimeAt(now, schedule.timeZone).date
  for (let days = 0; days <= 8; days++) {
    const date = addDays(today, days)
    const dueAt = dueAtOf(date, schedule)
    if (dueAt > now && !dates.includes(date) && periodFor(date, question)) return dueAt
  }
  return undefined
}

/** Returns when a digest is too old to be sent: at midnight after it, six hours later at least. */
export function endOfDigest(
  { date, dueAt }: Pick<DueDigest, 'date' | 'dueAt'>,
  timeZone: string,
): number {
  return Math.max(momentOf(addDays(date, 1), 0, timeZone), dueAt + LEAST_LIFE_MS)
}

/** Monday's is the week's; where Monday's was missed, so is the first one after it. */
function periodFor(
  date: string,
  { schedule, since, dates }: Omit<DueQuestion, 'now'>,
): DueDigest['period'] | undefined {
  const monday = addDays(date, -daysSinceMonday(date))
  const isFirst = !dates.some((one) => one >= monday && one < date)
  if (schedule.weekly && isFirst && dueAtOf(monday, schedule) > since) return 'week'
  return schedule.daily ? 'day' : undefined
}

function dueAtOf(date: string, { minute, timeZone }: DigestSchedule): number {
  return momentOf(date, minute, timeZone)
}
