import { AMBIGUITY_MS, type Step } from './announce.ts'
import type { AlertBook } from './book.ts'
import type { DigestPost } from './digest-box.ts'
import type { DigestSchedule } from './digest-schedule.ts'
import type { Mailbox } from './mailbox.ts'
import { isInForce } from './mutes.ts'
import type { Preferences } from './preferences.ts'
import { isQuiet } from './quiet-hours.ts'

/**
 * Says the digest of a chat, with a sound unless the chat wants quiet now: who chose the hour wants
 * it all the same. One that came to be unwanted, or too old, is given up.
 */
export function digestStep(
  box: Mailbox,
  { book, now, timeZone }: { book: AlertBook; now: number; timeZone: string },
): Step | undefined {
  const { post } = box.digests
  if (post === undefined) return undefined
  if (!isWanted(post, box.state.preferences) || box.digests.isOver(post, now, timeZone)) {
    box.digests.drop()
    return undefined
  }
  const ms = post.state === 'unsure' ? post.steadyTried + AMBIGUITY_MS - book.steady : 0
  if (ms > 0) return { kind: 'wait', ms }
  return { kind: 'digest', isLoud: !isHushed(box, book, now, timeZone) }
}

/** Returns the wishes of a chat on its own clock; one that hears of little else gets no digest. */
export function scheduleOf(
  { digests, isSecond }: Preferences,
  timeZone: string,
  usualMinute: number,
): DigestSchedule {
  const { daily, weekly, minute = usualMinute } = digests
  return { daily: daily && !isSecond, weekly: weekly && !isSecond, minute, timeZone }
}

function isWanted({ period }: DigestPost, { digests, isSecond }: Preferences): boolean {
  if (isSecond) return false
  return period === 'week' ? digests.weekly : digests.daily
}

function isHushed(box: Mailbox, { steady }: AlertBook, now: number, timeZone: string): boolean {
  const { preferences, mutes } = box.state
  const { quietHours } = preferences
  if (quietHours && isQuiet(now, timeZone, quietHours)) return true
  return mutes.some((mute) => !mute.subject && !mute.family && isInForce(mute, { now, steady }))
}
