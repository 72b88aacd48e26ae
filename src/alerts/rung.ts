import {
  type AlertKind,
  type Reading,
  SENSITIVITIES,
  type Sensitivity,
  type Severity,
  type Subject,
} from '../analyzer/reading.ts'
import type { PeerOf } from './absorption.ts'
import type { Alert } from './alert.ts'
import { AlertBook } from './book.ts'
import type { AlertRule } from './kind.ts'

/** An alert that would have rung, or gone to the digest; times are epoch ms. */
export type RungAlert = {
  kind: AlertKind
  subject: Subject
  severity: Severity
  firedAt: number
  resolvedAt: number | undefined
}

// As when live: a look a minute, and a pass between for what waits for half of one.
const HALF_MINUTE_MS = 30_000

/** What would have rung in a time that is played anew, minute by minute, by its own clock. */
export class Rung {
  readonly #book: AlertBook
  readonly #sensitivity: Sensitivity
  readonly #found = new Map<string, RungAlert>()

  constructor(rules: readonly AlertRule[], peerOf: PeerOf, sensitivity: Sensitivity = 'normal') {
    this.#book = new AlertBook(rules, peerOf)
    this.#sensitivity = sensitivity
  }

  /** Takes in the conditions at the beginning of a minute, and lets it pass. */
  minute(now: number, readings: readonly Reading[], blindKinds: ReadonlySet<AlertKind>): void {
    this.#book.observe({ now, elapsedMs: HALF_MINUTE_MS, readings, blindKinds })
    this.#note()
    this.#book.pass(now + HALF_MINUTE_MS, HALF_MINUTE_MS)
    this.#note()
    this.#book.forgetOld(() => true)
  }

  /** Returns what became a new level since the last call: its detector should learn it. */
  takeSettled(): readonly Pick<Alert, 'kind' | 'subject'>[] {
    return this.#book.takeSettled()
  }

  /** Returns what rang so far, in order. */
  all(): readonly RungAlert[] {
    return [...this.#found.values()].sort((a, b) => a.firedAt - b.firedAt)
  }

  #note(): void {
    for (const alert of this.#book.takeChanged()) {
      const key = `${alert.id} ${alert.steadyFired}`
      const known = this.#found.get(key)
      if (known) {
        known.resolvedAt = alert.resolvedAt
        known.severity = alert.severity
      } else if (this.#rings(alert)) {
        const { kind, subject, severity, firedAt, resolvedAt } = alert
        this.#found.set(key, { kind, subject, severity, firedAt, resolvedAt })
      }
    }
  }

  /** Whether it is told by itself: not as part of another, nor of a chat that is less sensitive. */
  #rings({ state, parent, aloneMs, facts }: Alert): boolean {
    if (state === 'resolved' || parent !== undefined || aloneMs !== undefined) return false
    if (facts.kind !== 'spike') return true
    return SENSITIVITIES.indexOf(this.#sensitivity) >= SENSITIVITIES.indexOf(facts.sensitivity)
  }
}
