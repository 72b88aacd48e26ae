import type { PeerOf } from './absorption.ts'
import type { Alert } from './alert.ts'
import {
  AMBIGUITY_MS,
  announce,
  announceBacklog,
  type Due,
  type DueGroups,
  held,
  LATE_MS,
  lateness,
  type Step,
  whisper,
} from './announce.ts'
import type { AlertBook } from './book.ts'
import { type Decision, decide, wasHeldByTheChat } from './decide.ts'
import { digestStep } from './digest-step.ts'
import { alertsOf, answerStep, editStep } from './follow-up.ts'
import { DAY_MS, HOUR_MS } from './kind.ts'
import { type Letter, type Notice, newNotice } from './letter.ts'
import type { Mailbox } from './mailbox.ts'

/** What the plan is made from beside the mailbox. */
export type PlanContext = { book: AlertBook; now: number; timeZone: string; peerOf: PeerOf }

type Rings = { hour: number; of(subject: string): number }
const NO_RINGS: Rings = { hour: 0, of: () => 0 }

/** Returns the next thing to do in a chat: first what rings hardest, then the digest, edits and answers. */
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
    () => digestStep(box, context),
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

function sortOut(box: Mailbox, context: PlanContext): DueGroups {
  const rings = ringsOf(box, context.book)
  const groups: DueGroups = { crit: [], held: [], warn: [], quiet: [] }
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
  groups: DueGroups,
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

function sooner(a: Step, b: Step): Step {
  if (a.kind !== 'wait') return b
  return b.kind === 'wait' && b.ms < a.ms ? b : a
}
