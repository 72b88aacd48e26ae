import type { Reading, ReadingFacts } from '../analyzer/reading.ts'
import { type Alert, isAtLeast, MAX_FIRINGS, type RingCause } from './alert.ts'
import { type AlertRule, HOUR_MS, MINUTE_MS } from './kind.ts'

/** A moment on both clocks: epoch ms, and ms of the book's own time. */
export type Moment = { now: number; steady: number }

const SAME_EPISODE_MS = 2 * HOUR_MS
const FLAPPING_WITHIN_MS = 6 * HOUR_MS
const FLAPPING_FIRINGS = 3
// What flaps must be calm for twice as long with each firing, from at least a quarter of an hour.
const LEAST_FLAPPING_HOLD_MS = 15 * MINUTE_MS
const LONGEST_HOLD_MS = 4 * HOUR_MS
const FIGURES_MS = 5 * MINUTE_MS
const REMINDER_MS = 15 * MINUTE_MS
const MAX_REMINDERS = 3

/** Returns the alert of a condition that fires for the first time, or long after the last. */
export function born(id: string, reading: Reading, { now, steady }: Moment): Alert {
  const { kind, subject, severity, facts } = reading
  return {
    id,
    kind,
    subject,
    severity,
    state: 'firing',
    ending: undefined,
    isStillOn: false,
    facts,
    firedAt: now,
    steadyFired: steady,
    resolvedAt: undefined,
    steadyResolved: undefined,
    firings: [steady],
    isFlapping: false,
    parent: undefined,
    aloneMs: undefined,
    blindSince: undefined,
    acknowledged: undefined,
    reminders: 0,
    firingMs: 0,
    calmMs: 0,
    revision: 1,
    steadyFigures: steady,
    rings: 1,
    ringCause: 'fired',
    ringAt: now,
    steadyRing: steady,
  }
}

/** Returns whether an alert that fires now is the same episode as an earlier one. */
export function isSameEpisode(earlier: Alert, { steady }: Moment): boolean {
  if (earlier.ending !== 'calm' || earlier.steadyResolved === undefined) return false
  return steady - earlier.steadyResolved <= SAME_EPISODE_MS
}

/** Fires an alert again. It rings, unless it was already told that it comes and goes. */
export function fireAgain(alert: Alert, reading: Reading, moment: Moment): void {
  const { now, steady } = moment
  const wasFlapping = alert.isFlapping
  const recent = alert.firings.filter((at) => steady - at < FLAPPING_WITHIN_MS)
  alert.firings = [...recent, steady].slice(-MAX_FIRINGS)
  alert.isFlapping = alert.firings.length >= FLAPPING_FIRINGS
  Object.assign(alert, {
    state: 'firing',
    severity: reading.severity,
    ending: undefined,
    facts: reading.facts,
    firedAt: now,
    steadyFired: steady,
    resolvedAt: undefined,
    steadyResolved: undefined,
    acknowledged: undefined,
    reminders: 0,
    firingMs: 0,
    calmMs: 0,
    steadyFigures: steady,
    revision: alert.revision + 1,
  } satisfies Partial<Alert>)
  if (!(wasFlapping && alert.isFlapping)) ring(alert, 'again', moment)
}

/** Ends an alert. */
export function end(alert: Alert, ending: 'calm' | 'new-level', { now, steady }: Moment): void {
  Object.assign(alert, {
    state: 'resolved',
    ending,
    isStillOn: ending === 'new-level',
    resolvedAt: now,
    steadyResolved: steady,
    parent: undefined,
    aloneMs: undefined,
    blindSince: undefined,
    calmMs: 0,
    revision: alert.revision + 1,
  } satisfies Partial<Alert>)
}

/** Returns how long the alert's condition must be calm before it is over, in ms. */
export function calmNeededMs({ isFlapping, firings }: Alert, { calmMs }: AlertRule): number {
  if (!isFlapping) return calmMs
  const longer = Math.max(calmMs, LEAST_FLAPPING_HOLD_MS) * 2 ** (firings.length - 2)
  return Math.min(longer, Math.max(calmMs, LONGEST_HOLD_MS))
}

/**
 * Takes over what a condition that is met says now: a graver severity rings, new figures are shown
 * every few minutes. Returns whether the alert changed.
 */
export function follow(alert: Alert, reading: Reading, moment: Moment): boolean {
  const { severity } = reading
  const facts = worse(alert.facts, reading.facts)
  if (!isAtLeast(alert.severity, severity)) {
    alert.severity = severity
    alert.facts = facts
    ring(alert, 'worse', moment)
    alert.revision += 1
    return true
  }
  const isYoung = moment.steady - alert.steadyFigures < FIGURES_MS
  // Whether it is a part of another decides whether it rings, and so does not wait.
  if ((isYoung && isPart(alert.facts) === isPart(facts)) || isSame(alert.facts, facts)) return false
  alert.facts = facts
  alert.steadyFigures = moment.steady
  alert.revision += 1
  return true
}

/** Rings a critical alert again that nobody took on. Returns whether it did. */
export function remind(alert: Alert, moment: Moment): boolean {
  const { severity, acknowledged, isFlapping, parent, reminders, firingMs } = alert
  if (severity !== 'crit' || acknowledged || isFlapping || parent !== undefined) return false
  if (reminders > MAX_REMINDERS || firingMs < REMINDER_MS * (reminders + 1)) return false
  alert.reminders += 1
  alert.revision += 1
  // The last one is for the second chat alone.
  if (alert.reminders <= MAX_REMINDERS) ring(alert, 'reminder', moment)
  return true
}

/** Returns whether all reminders of a critical alert went by without anyone taking it on. */
export function isUnanswered({ reminders, acknowledged }: Alert): boolean {
  return reminders > MAX_REMINDERS && acknowledged === undefined
}

// A spike is told by its worst moment, also once it fades and when it is over.
function worse(known: ReadingFacts, now: ReadingFacts): ReadingFacts {
  if (known.kind !== 'spike' || now.kind !== 'spike' || now.failed >= known.failed) return now
  return { ...known, under: now.under, isNewLevel: now.isNewLevel }
}

function isPart(facts: ReadingFacts): boolean {
  return facts.kind === 'spike' && facts.under !== undefined
}

function ring(alert: Alert, cause: RingCause, { now, steady }: Moment): void {
  alert.rings += 1
  alert.ringCause = cause
  alert.ringAt = now
  alert.steadyRing = steady
}

function isSame(a: ReadingFacts | object, b: ReadingFacts | object): boolean {
  const [left, right] = [Object.entries(a), Object.entries(b)]
  if (left.length !== right.length) return false
  return left.every(([name, value], i) => {
    const [otherName, other] = right[i] ?? []
    if (name !== otherName) return false
    if (typeof value !== 'object' || value === null) return value === other
    return typeof other === 'object' && other !== null && isSame(value, other)
  })
}
