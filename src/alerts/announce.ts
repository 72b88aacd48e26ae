import type { Severity } from '../analyzer/reading.ts'
import { type Alert, isAtLeast } from './alert.ts'
import type { AlertBook } from './book.ts'
import type { Decision } from './decide.ts'
import { HOUR_MS, MINUTE_MS } from './kind.ts'
import type { Draft, Letter, ListCause, Notice } from './letter.ts'
import type { Mailbox } from './mailbox.ts'

/** The one thing to do next in a chat. */
export type Step =
  | { kind: 'send'; draft: Draft }
  | { kind: 'resend'; letter: Letter; isLoud: boolean }
  /** Show in a letter what became of its alerts, and these alerts besides. */
  | { kind: 'edit'; letter: Letter; joining: readonly string[] }
  /** Say the digest that is due. */
  | { kind: 'digest'; isLoud: boolean }
  /** Something is due, but not before so many ms. */
  | { kind: 'wait'; ms: number }
  | { kind: 'idle' }

/** More new messages than this within a minute become one. */
export const MAX_SINGLES = 3
/** What was to be said longer ago than this is late, and says so. */
export const LATE_MS = 2 * MINUTE_MS
/** Whether a call that ended without an answer arrived, nobody knows: Telegram may still be at it. */
export const AMBIGUITY_MS = 15_000
/** A list is edited this often at most. */
export const LIST_EDIT_MS = 10_000
/** A letter of so many alerts is a document of some 60 kB. */
export const MAX_MEMBERS = 1_000
// A storm goes on for as long as something joins it within a minute, ten minutes at the most.
const STORM_MS = 10 * MINUTE_MS

/** An alert that a chat is to be told of now, and how. */
export type Due = { notice: Notice; alert: Alert; decision: Decision }

/** What a chat is to be told of, by how it is told. */
export type DueGroups = { crit: Due[]; held: Due[]; warn: Due[]; quiet: Due[] }

/** What waited for the end of quiet hours or of a mute, as one message. */
export function held(due: readonly Due[], book: AlertBook): Step | undefined {
  return due.length === 0 ? undefined : { kind: 'send', draft: listOf('held', due, book) }
}

/** All that a chat missed while it could not be reached, as one message. */
export function announceBacklog(
  box: Mailbox,
  { crit, held, warn, quiet }: DueGroups,
  book: AlertBook,
): Step | undefined {
  if (!box.state.isBack) return undefined
  const all = [...crit, ...held, ...warn, ...quiet]
  if (all.length === 0) {
    box.change({ isBack: false })
    return undefined
  }
  return { kind: 'send', draft: listOf('away', all, book) }
}

/** Says up to three things a minute one by one; more become one list, which those after it join. */
export function announce(box: Mailbox, due: readonly Due[], book: AlertBook): Step | undefined {
  const [first] = due
  if (first === undefined) return undefined
  const recent = box.lately.filter(({ steadySent }) => book.steady - steadySent < MINUTE_MS)
  if (recent.length + due.length <= MAX_SINGLES) return one(box, first, book)
  const isCrit = first.decision.act === 'ring' && first.alert.severity === 'crit'
  const storm = isCrit ? undefined : box.lately.find((letter) => isOpenStorm(letter, book))
  if (storm) return joinStep(storm, due, book)
  const wasOut = isLate(due, book)
  if (recent.length < MAX_SINGLES || isCrit || wasOut) {
    return { kind: 'send', draft: listOf(wasOut ? 'late' : 'storm', due, book) }
  }
  const oldest = Math.min(...recent.map(({ steadySent }) => steadySent))
  return { kind: 'wait', ms: oldest + MINUTE_MS - book.steady }
}

/** What is said without a sound: one by one when it is little, else in one list an hour. */
export function whisper(box: Mailbox, due: readonly Due[], book: AlertBook): Step | undefined {
  const [first] = due
  if (first === undefined) return undefined
  const open = box.lately.find(
    (letter) =>
      letter.cause === 'quiet' && isOpen(letter) && book.steady - letter.steadySent < HOUR_MS,
  )
  if (open) return joinStep(open, due, book)
  return { kind: 'send', draft: listOf('quiet', due, book) }
}

function one(box: Mailbox, due: Due, book: AlertBook): Step {
  const { notice, alert, decision } = due
  const main = notice.letter === undefined ? undefined : box.letters.get(notice.letter)
  const isReminder =
    decision.act === 'ring' && decision.reason === 'reminder' && notice.told > 0 && main
  const draft: Draft = {
    form: isReminder ? 'reminder' : 'alert',
    cause: undefined,
    answers: isReminder ? [isReminder.id] : [],
    isLoud: decision.act === 'ring',
    severity: alert.severity,
    lateMs: lateness(due, book),
    alerts: [alert.id],
  }
  return { kind: 'send', draft }
}

function listOf(cause: ListCause, due: readonly Due[], book: AlertBook): Draft {
  const members = due.slice(0, MAX_MEMBERS)
  const isHeld = cause === 'held' || cause === 'quiet'
  return {
    form: members.length === 1 ? 'alert' : 'list',
    cause,
    answers: [],
    isLoud: members.some(({ decision }) => decision.act === 'ring'),
    severity: gravest(members.map(({ alert }) => alert.severity)),
    lateMs: isHeld ? 0 : Math.max(...members.map((member) => lateness(member, book))),
    alerts: members.map(({ alert }) => alert.id),
  }
}

function joinStep(letter: Letter, due: readonly Due[], book: AlertBook): Step | undefined {
  const room = MAX_MEMBERS - letter.members.length
  const ms = letter.steadyTried + LIST_EDIT_MS - book.steady
  if (ms > 0) return { kind: 'wait', ms }
  return { kind: 'edit', letter, joining: due.slice(0, room).map(({ alert }) => alert.id) }
}

/** A list that rang a moment ago, or that something joined a moment ago, and that has room. */
function isOpenStorm(letter: Letter, { steady }: AlertBook): boolean {
  if (!isOpen(letter) || !letter.isLoud || letter.cause === 'quiet') return false
  return steady - letter.steadySent < STORM_MS && steady - letter.steadyJoined < MINUTE_MS
}

function isOpen({ form, state, members }: Letter): boolean {
  return form === 'list' && state === 'sent' && members.length < MAX_MEMBERS
}

function isLate(due: readonly Due[], book: AlertBook): boolean {
  return due.some((one) => lateness(one, book) > LATE_MS)
}

/** How long a chat could have been told by now, in ms. */
export function lateness(
  { alert, notice }: Pick<Due, 'alert' | 'notice'>,
  { steady }: AlertBook,
): number {
  const since = notice.told === 0 ? alert.steadyFired : alert.steadyRing
  return steady - Math.max(since, notice.steadyHeld)
}

function gravest(severities: readonly Severity[]): Severity {
  return severities.reduce((a, b) => (isAtLeast(a, b) ? a : b), 'digest')
}
