import type { Severity } from '../analyzer/reading.ts'
import type { PeerOf } from './absorption.ts'
import { type Alert, isAtLeast } from './alert.ts'
import type { AlertBook } from './book.ts'
import { type Decision, decide, wasHeldByTheChat } from './decide.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './kind.ts'
import {
  type Draft,
  type Letter,
  type ListCause,
  type Notice,
  newNotice,
  showsAlerts,
} from './letter.ts'
import type { Mailbox } from './mailbox.ts'

/** The one thing to do next in a chat. */
export type Step =
  | { kind: 'send'; draft: Draft }
  | { kind: 'resend'; letter: Letter; isLoud: boolean }
  /** Show in a letter what became of its alerts, and these alerts besides. */
  | { kind: 'edit'; letter: Letter; joining: readonly string[] }
  /** Something is due, but not before so many ms. */
  | { kind: 'wait'; ms: number }
  | { kind: 'idle' }

/** What the plan is made from beside the mailbox. */
export type PlanContext = { book: AlertBook; now: number; timeZone: string; peerOf: PeerOf }

/** More new messages than this within a minute become one. */
export const MAX_SINGLES = 3
// What was to be said longer ago than this is late, and says so.
export const LATE_MS = 2 * MINUTE_MS
const AMBIGUITY_MS = 15_000
const LIST_EDIT_MS = 10_000
// A storm goes on for as long as something joins it within a minute, ten minutes at the most.
const STORM_MS = 10 * MINUTE_MS
const MAX_MEMBERS = 1_000

type Rings = { hour: number; of(subject: string): number }
const NO_RINGS: Rings = { hour: 0, of: () => 0 }

type Due = { notice: Notice; alert: Alert; decision: Decision }

/** Returns the next thing to do in a chat: first what rings hardest, then edits, then answers. */
export function nextStep(box: Mailbox, context: PlanContext): Step {
  const retry = retryStep(box, context)
  if (retry?.kind === 'resend' && retry.letter.severity === 'crit') return retry
  const due = sortOut(box, context)
  const { book } = context
  const waits: Step[] = []
  const steps = [
    () => announceBacklog(box, due, book),
    () => announce(box, due.crit, book),
    () => retry,
    () => held(due.held, book),
    () => announce(box, due.warn, book),
    () => editStep(box, book),
    () => answerStep(box, book),
    () => whisper(box, due.quiet, book),
  ]
  for (const make of steps) {
    const step = make()
    if (step?.kind === 'wait') waits.push(step)
    else if (step) return step
  }
  return waits.reduce(sooner, { kind: 'idle' })
}

/** Returns the alert that should have rung in this chat first, and for how long it could have. */
export function longestWait(
  box: Mailbox,
  context: PlanContext,
): { alert: Alert; waitedMs: number } | undefined {
  const { crit, warn } = sortOut(box, context)
  const [longest] = [...crit, ...warn]
    .map((due) => ({ alert: due.alert, waitedMs: lateness(due, context.book) }))
    .sort((a, b) => b.waitedMs - a.waitedMs)
  return longest
}

/** Letters whose fate is unknown go again; those refused for their form go in another. */
function retryStep(box: Mailbox, context: PlanContext): Step | undefined {
  let wait: Step | undefined
  for (const letter of box.live) {
    if (letter.state !== 'unsure' && letter.state !== 'unsent') continue
    const alerts = alertsOf(letter, context.book)
    if (isPointless(letter, alerts)) {
      box.lose(letter)
      continue
    }
    const ms =
      letter.state === 'unsent' ? 0 : letter.steadyTried + AMBIGUITY_MS - context.book.steady
    if (ms <= 0) return { kind: 'resend', letter, isLoud: mayRing(box, letter, alerts, context) }
    wait = { kind: 'wait', ms }
  }
  return wait
}

/** A word that all is over, or a second ring, which meanwhile is no longer true. */
function isPointless({ form }: Letter, alerts: readonly Alert[]): boolean {
  if (form === 'over') return alerts.some(({ state }) => state === 'firing')
  return form === 'reminder' && alerts.every((one) => one.state !== 'firing' || one.acknowledged)
}

function mayRing(
  box: Mailbox,
  letter: Letter,
  alerts: readonly Alert[],
  context: PlanContext,
): boolean {
  if (!letter.isLoud) return false
  return alerts.some((alert) => {
    const notice = newNotice(alert.id)
    return decideFor(box, notice, alert, NO_RINGS, context).act === 'ring'
  })
}

function sortOut(box: Mailbox, context: PlanContext) {
  const rings = ringsOf(box, context.book)
  const groups = { crit: [] as Due[], held: [] as Due[], warn: [] as Due[], quiet: [] as Due[] }
  for (const notice of box.due) {
    const alert = context.book.get(notice.alert)
    if (alert === undefined) continue
    const decision = decideFor(box, notice, alert, rings, context)
    if (decision.act === 'rest' || isAboutThisChat(notice, alert, context.book)) box.rest(notice)
    else if (decision.act === 'hold') box.hold(notice, decision.reason)
    else groupFor(groups, notice, alert, decision).push({ notice, alert, decision })
  }
  return groups
}

/** Who hears late that alerts come late is the one that it is about, and sees it. */
function isAboutThisChat(notice: Notice, alert: Alert, book: AlertBook): boolean {
  return alert.kind === 'bot.delivery' && lateness({ notice, alert }, book) > LATE_MS
}

function groupFor(
  groups: { crit: Due[]; held: Due[]; warn: Due[]; quiet: Due[] },
  { held }: Notice,
  { severity }: Alert,
  { act, reason }: Decision,
): Due[] {
  if (act === 'ring' && severity === 'crit') return groups.crit
  if (wasHeldByTheChat(held)) return groups.held
  return act === 'ring' || reason === 'over-before-told' ? groups.warn : groups.quiet
}

function decideFor(
  box: Mailbox,
  notice: Notice,
  alert: Alert,
  rings: Rings,
  { book, now, timeZone, peerOf }: PlanContext,
): Decision {
  const { preferences, mutes } = box.state
  return decide({
    alert,
    told: notice.told,
    held: notice.held,
    parent: alert.parent === undefined ? undefined : book.get(alert.parent),
    preferences,
    mutes,
    ringsThisHour: rings.hour,
    ringsOfSubject: rings.of(alert.subject),
    now,
    steady: book.steady,
    timeZone,
    peerOf,
  })
}

/** Counts the ringing warnings of the last hour, and of each subject within a day. */
function ringsOf(box: Mailbox, book: AlertBook): Rings {
  const subjects = new Map<string, number>()
  let hour = 0
  for (const letter of box.lately) {
    const ago = book.steady - letter.steadySent
    if (!letter.isLoud || letter.severity === 'crit' || ago > DAY_MS) continue
    if (ago < HOUR_MS) hour += 1
    for (const { subject } of alertsOf(letter, book)) {
      subjects.set(subject, (subjects.get(subject) ?? 0) + 1)
    }
  }
  return { hour, of: (subject) => subjects.get(subject) ?? 0 }
}

/** What waited for the end of quiet hours or of a mute, as one message. */
function held(due: readonly Due[], book: AlertBook): Step | undefined {
  return due.length === 0 ? undefined : { kind: 'send', draft: listOf('held', due, book) }
}

/** All that a chat missed while it could not be reached, as one message. */
function announceBacklog(
  box: Mailbox,
  { crit, held, warn, quiet }: ReturnType<typeof sortOut>,
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
function announce(box: Mailbox, due: readonly Due[], book: AlertBook): Step | undefined {
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
function whisper(box: Mailbox, due: readonly Due[], book: AlertBook): Step | undefined {
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
function lateness({ alert, notice }: Pick<Due, 'alert' | 'notice'>, { steady }: AlertBook): number {
  const since = notice.told === 0 ? alert.steadyFired : alert.steadyRing
  return steady - Math.max(since, notice.steadyHeld)
}

function gravest(severities: readonly Severity[]): Severity {
  return severities.reduce((a, b) => (isAtLeast(a, b) ? a : b), 'digest')
}

/** Shows what became of alerts: the ends first, lists at most every ten seconds. */
function editStep(box: Mailbox, book: AlertBook): Step | undefined {
  const stale = [...box.live].filter((letter) => isStale(box, letter, book))
  const letter =
    stale.find((one) => alertsOf(one, book).every(({ state }) => state === 'resolved')) ?? stale[0]
  if (letter === undefined) return undefined
  const ms = letter.form === 'list' ? letter.steadyTried + LIST_EDIT_MS - book.steady : 0
  return ms > 0 ? { kind: 'wait', ms } : { kind: 'edit', letter, joining: [] }
}

function isStale(box: Mailbox, letter: Letter, book: AlertBook): boolean {
  if (letter.state !== 'sent' || !showsAlerts(letter)) return false
  return letter.members.some(({ alert, shown, isClosed }) =>
    box.isMoved(letter, alert) ? !isClosed : (book.get(alert)?.revision ?? 0) > shown,
  )
}

/** A short word for letters that rang and whose alerts are all over; one word for several. */
function answerStep(box: Mailbox, book: AlertBook): Step | undefined {
  const over = [...box.live].filter((letter) => isOver(box, letter, book))
  const news = over.filter((one) => showsAlerts(one) && one.isLoud && !one.isAnswered)
  for (const letter of over) if (!news.includes(letter)) box.retire(letter)
  if (news.length === 0) return undefined
  const draft: Draft = {
    form: 'over',
    cause: undefined,
    answers: news.map(({ id }) => id),
    isLoud: false,
    severity: 'digest',
    lateMs: 0,
    alerts: news.flatMap((letter) => stillIn(box, letter)).slice(0, MAX_MEMBERS),
  }
  return { kind: 'send', draft }
}

function stillIn(box: Mailbox, letter: Letter): readonly string[] {
  return letter.members.map(({ alert }) => alert).filter((alert) => !box.isMoved(letter, alert))
}

/** Whether all that a letter shows here is over and seen so, or there is nothing left to edit. */
function isOver(box: Mailbox, letter: Letter, book: AlertBook): boolean {
  if (!showsAlerts(letter)) return letter.state === 'sent' || letter.state === 'lost'
  if (letter.state !== 'sent' && letter.state !== 'lost') return false
  return letter.members.every(({ alert, isClosed }) => {
    if (letter.state === 'sent' && !isClosed) return false
    return box.isMoved(letter, alert) || book.get(alert)?.state !== 'firing'
  })
}

function alertsOf({ members }: Letter, book: AlertBook): readonly Alert[] {
  return members.map(({ alert }) => book.get(alert)).filter((alert) => alert !== undefined)
}

function sooner(a: Step, b: Step): Step {
  if (a.kind !== 'wait') return b
  return b.kind === 'wait' && b.ms < a.ms ? b : a
}
