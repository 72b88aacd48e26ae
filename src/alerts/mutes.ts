import type { Severity, Subject } from '../analyzer/reading.ts'
import type { Scid } from '../lightning/scid.ts'
import type { PeerOf } from './absorption.ts'
import type { Alert } from './alert.ts'
import { DAY_MS, familyOf, HOUR_MS } from './kind.ts'

/** The spans that a mute may have. */
export const MUTE_SPANS = ['1h', '8h', '24h', 'forever'] as const
export type MuteSpan = (typeof MUTE_SPANS)[number]

/**
 * What a mute covers: a subject (a peer with its channels, the node with nothing else), a family of
 * kinds, or the family on the subject alone. Undefined is everything.
 */
export type MuteTarget = { subject: Subject | undefined; family: string | undefined }

/** A mute of one chat. */
export type Mute = MuteTarget & {
  id: number
  span: MuteSpan
  /** Its beginning by the book's own time. */
  madeSteady: number
  /** Epoch ms; undefined: for good. */
  until: number | undefined
  /** Its end by the book's own time: whatever happens to the clock, it is never longer. */
  steadyUntil: number | undefined
}

const SPANS_MS: Readonly<Record<MuteSpan, number | undefined>> = {
  '1h': HOUR_MS,
  '8h': 8 * HOUR_MS,
  '24h': DAY_MS,
  forever: undefined,
}

/** Returns a mute that begins now. */
export function muteOf(
  id: number,
  target: MuteTarget,
  span: MuteSpan,
  { now, steady }: { now: number; steady: number },
): Mute {
  const ms = SPANS_MS[span]
  const until = ms === undefined ? undefined : now + ms
  const steadyUntil = ms === undefined ? undefined : steady + ms
  return { id, ...target, span, madeSteady: steady, until, steadyUntil }
}

/** Returns whether a mute is in force. */
export function isInForce(mute: Mute, { now, steady }: { now: number; steady: number }): boolean {
  const { until, steadyUntil } = mute
  if (until === undefined || steadyUntil === undefined) return true
  return now < until && steady < steadyUntil
}

/** Returns whether two mutes cover the same. */
export function isSameTarget(a: MuteTarget, b: MuteTarget): boolean {
  return a.subject === b.subject && a.family === b.family
}

/**
 * Returns whether a mute covers an alert. Critical ones pierce it, unless it names their family: who
 * mutes a channel's noise does not mean its force-close.
 */
export function covers(
  { subject, family }: MuteTarget,
  alert: Pick<Alert, 'kind' | 'subject'> & { severity: Severity },
  peerOf: PeerOf,
): boolean {
  if (family !== undefined && family !== familyOf(alert.kind)) return false
  if (family === undefined && alert.severity === 'crit') return false
  return subject === undefined || contains(subject, alert.subject, peerOf)
}

function contains(subject: Subject, inner: Subject, peerOf: PeerOf): boolean {
  if (subject === inner) return true
  if (!subject.startsWith('peer:') || !inner.startsWith('channel:')) return false
  return peerOf(inner.slice('channel:'.length) as Scid) === subject.slice('peer:'.length)
}
