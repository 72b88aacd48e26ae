import type { AlertKind, ReadingFacts, Severity } from '../analyzer/reading.ts'

/** The subject of an alert that may contain another: the node, the channel's peer, or the same. */
export type Absorber = {
  kind: AlertKind
  of: 'node' | 'peer' | 'same'
  /** For two kinds that may absorb each other: it must have fired first, or at least as early. */
  fired?: 'before' | 'not-after'
}

/** How alerts of one kind live. One kind is one file in `kinds/`, listed in `kinds.ts`. */
export type AlertRule = {
  kind: AlertKind
  /** What the condition says when it does not say otherwise. */
  severity: Severity
  /** How long the condition must hold before it fires, in ms: storms and causes arrive meanwhile. */
  waitMs(facts: ReadingFacts): number
  /** How long it must be calm before it is over, in ms. */
  calmMs: number
  /** The alerts that make one of this kind part of themselves, the largest first. */
  absorbedBy: readonly Absorber[]
}

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The usual wait before an alert fires, as Alertmanager's `group_wait`. */
export const GROUP_WAIT_MS = 30_000

/** Returns the family of a kind, the word before its dot: what one mute covers. */
export function familyOf(kind: AlertKind): string {
  return kind.split('.')[0] ?? kind
}
