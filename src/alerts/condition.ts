import type { AlertKind, Level, Reading, Subject } from '../analyzer/reading.ts'
import type { Alert } from './alert.ts'
import { MINUTE_MS } from './kind.ts'

/** A condition that is not calm, or whose alert is firing. */
export type Condition = {
  kind: AlertKind
  subject: Subject
  level: Level
  /** Time that the threshold was met since it was last calm, and that nothing is known, in ms. */
  metMs: number
  blindMs: number
  reading: Reading | undefined
  alert: Alert | undefined
  /** The alert that ended as a new level, until the condition calms down. */
  settled: Alert | undefined
}

/** Conditions by the key of their kind and subject. */
export type Conditions = ReadonlyMap<string, Condition>

// A gap shorter than this is no news: every restart of the program makes one.
const BLIND_MS = 2 * MINUTE_MS
// Counters of firing alerts reach the disk this often; a crash forgets no more.
const COUNTERS_MS = 10 * MINUTE_MS

/** Returns a condition of which nothing is known yet, with the alert that fires for it or settled. */
export function conditionOf(
  { kind, subject }: Pick<Alert, 'kind' | 'subject'>,
  { alert, settled }: { alert?: Alert; settled?: Alert },
): Condition {
  return {
    kind,
    subject,
    level: 'unknown',
    metMs: 0,
    blindMs: 0,
    reading: undefined,
    alert,
    settled,
  }
}

/** Lets time pass. Returns whether its alert's counters are due to be kept. */
export function elapse(condition: Condition, ms: number): boolean {
  const { level, alert } = condition
  if (level === 'fire') condition.metMs += ms
  if (level === 'unknown') condition.blindMs += ms
  if (alert === undefined || level === 'unknown') return false
  const countedBefore = Math.floor(alert.firingMs / COUNTERS_MS)
  alert.firingMs += ms
  if (level === 'calm') alert.calmMs += ms
  if (alert.aloneMs !== undefined && level === 'fire') alert.aloneMs += ms
  return Math.floor(alert.firingMs / COUNTERS_MS) > countedBefore
}

/** Takes over what is known now (epoch ms). Returns whether its alert went blind by that, or sees again. */
export function setLevel(condition: Condition, level: Level, now: number): boolean {
  const { alert } = condition
  condition.level = level
  if (level === 'calm') condition.metMs = 0
  if (alert === undefined) return false
  if (level === 'fire' || level === 'hold') alert.calmMs = 0
  if (level !== 'unknown') condition.blindMs = 0
  const isBlind = condition.blindMs >= BLIND_MS
  if (isBlind === (alert.blindSince !== undefined)) return false
  alert.blindSince = isBlind ? now - condition.blindMs : undefined
  alert.revision += 1
  return true
}
