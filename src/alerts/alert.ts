import type { AlertKind, ReadingFacts, Severity, Subject } from '../analyzer/reading.ts'

/** Why an alert gives reason to ring, the last time that it did. */
export type RingCause = 'fired' | 'again' | 'worse' | 'reminder'

/** Who has taken an alert on, and when (epoch ms). */
export type Acknowledgement = { by: string; at: number }

/**
 * One alert: an instance of (kind, subject, episode), alive from its first firing until a week after
 * its end. Times named `…At` are epoch ms and for display alone; `steady…` are ms of the book's own
 * time, which never steps, and all that is waited for is counted by it.
 */
export type Alert = {
  /** Short and unique: `A3F7`. */
  id: string
  kind: AlertKind
  subject: Subject
  severity: Severity
  state: 'firing' | 'resolved'
  /** How it ended: the condition calmed down, or went on for so long that it is a new level. */
  ending: 'calm' | 'new-level' | undefined
  /** It ended as a new level that has not been calm since: it does not fire again before. */
  isStillOn: boolean
  /** Its figures as last measured; of a spike, at its worst moment so far. */
  facts: ReadingFacts
  firedAt: number
  steadyFired: number
  resolvedAt: number | undefined
  steadyResolved: number | undefined
  /** When it fired within the last six hours (steady ms), at most MAX_FIRINGS. */
  firings: readonly number[]
  /** It comes and goes: it is told once that it does, and must be calm for longer to be over. */
  isFlapping: boolean
  /** The alert that it is part of. */
  parent: string | undefined
  /** Since it was set free by the end of its parent, how long the condition held, in ms. */
  aloneMs: number | undefined
  /** Epoch ms since when the data to tell is missing. */
  blindSince: number | undefined
  acknowledged: Acknowledgement | undefined
  /** How often it rang again because nobody took it on. */
  reminders: number
  /** Observed time that it has been firing, and calm since, in ms. */
  firingMs: number
  calmMs: number
  /** Counts up with each change that a reader should see. */
  revision: number
  /** Steady ms of the last new figures. */
  steadyFigures: number
  /** Counts up with each reason to ring. */
  rings: number
  ringCause: RingCause
  ringAt: number
  steadyRing: number
}

/** A firing is remembered this often: more within six hours tell nothing new. */
export const MAX_FIRINGS = 12

// 32 letters without 0/O and 1/I: read from one phone and typed on another.
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const ID_LENGTH = 4
const IDS = LETTERS.length ** ID_LENGTH
// Odd, so that the first 1,048,576 ids differ; and large, so that neighbours look nothing alike.
const STRIDE = 660_161

/** Returns the id of the n-th alert: different for any million in a row. */
export function alertId(serial: number): string {
  let rest = (serial * STRIDE) % IDS
  let id = ''
  for (let i = 0; i < ID_LENGTH; i++) {
    id = (LETTERS[rest % LETTERS.length] ?? '') + id
    rest = Math.floor(rest / LETTERS.length)
  }
  return id
}

const RANKS: Readonly<Record<Severity, number>> = { digest: 0, warn: 1, crit: 2 }

/** Returns whether a severity is at least another. */
export function isAtLeast(severity: Severity, other: Severity): boolean {
  return RANKS[severity] >= RANKS[other]
}

/** Returns the key of a condition. */
export function keyOf({ kind, subject }: { kind: AlertKind; subject: Subject }): string {
  return `${kind} ${subject}`
}
