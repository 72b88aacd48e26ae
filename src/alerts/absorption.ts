import type { AlertKind, Subject } from '../analyzer/reading.ts'
import type { Scid } from '../lightning/scid.ts'
import { type Alert, isAtLeast, keyOf } from './alert.ts'
import type { Condition, Conditions } from './condition.ts'
import { type Absorber, type AlertRule, MINUTE_MS } from './kind.ts'

/** Returns the public key of a channel's peer; undefined when it is not known. */
export type PeerOf = (scid: Scid) => string | undefined

// What fired this long before its possible parent is an incident of its own.
const SAME_INCIDENT_MS = 10 * MINUTE_MS

/** What is part of what among the conditions of a moment. */
export class Parents {
  readonly #rules: ReadonlyMap<AlertKind, AlertRule>
  readonly #conditions: Conditions
  readonly #peerOf: PeerOf
  /** The kinds of what is on: only these can absorb anything. */
  readonly #kinds = new Set<AlertKind>()

  constructor(rules: ReadonlyMap<AlertKind, AlertRule>, conditions: Conditions, peerOf: PeerOf) {
    this.#rules = rules
    this.#conditions = conditions
    this.#peerOf = peerOf
    for (const { kind } of conditions.values()) this.#kinds.add(kind)
  }

  /** Returns the largest alert that makes another part of itself. */
  of(child: Alert): Alert | undefined {
    for (const { condition, fired } of this.#absorbers(child.kind, child.subject)) {
      const { alert } = condition
      if (alert && absorbs(alert, child, fired)) return alert
    }
    return undefined
  }

  /** Whether what would absorb a condition is about to fire: its message should come instead. */
  areStirring(kind: AlertKind, subject: Subject): boolean {
    return this.#absorbers(kind, subject).some(({ condition: { level, alert, settled } }) => {
      if (alert || settled) return false
      return level === 'fire' || level === 'hold'
    })
  }

  /** The conditions that may absorb one of a subject, the largest first. */
  #absorbers(kind: AlertKind, subject: Subject): Found[] {
    const found: Found[] = []
    for (const { kind: larger, of, fired } of this.#rules.get(kind)?.absorbedBy ?? []) {
      if (!this.#kinds.has(larger)) continue
      const parent = subjectOf(subject, of, this.#peerOf)
      const condition = parent && this.#conditions.get(keyOf({ kind: larger, subject: parent }))
      if (condition) found.push({ condition, fired })
    }
    return found
  }
}

type Found = { condition: Condition; fired: Absorber['fired'] }

/** Returns whether a firing alert makes another part of itself. */
function absorbs(parent: Alert, child: Alert, fired: Absorber['fired']): boolean {
  if (parent.state !== 'firing' || parent.id === child.id || parent.parent === child.id)
    return false
  if (!isAtLeast(parent.severity, child.severity)) return false
  const laterMs = parent.steadyFired - child.steadyFired
  if (fired !== undefined && (laterMs > 0 || (laterMs === 0 && fired === 'before'))) return false
  if (isAboutOther(parent, child)) return false
  return laterMs > 0 ? laterMs <= SAME_INCIDENT_MS : !isNewsUnder(child, parent)
}

/**
 * Returns whether a spike is news beside one that fired no later and was hot before. Whether it then
 * is a part of that one, or so much worse that it is not, only the detector can tell.
 */
function isNewsUnder({ facts: child }: Alert, { facts: parent }: Alert): boolean {
  if (child.kind !== 'spike' || parent.kind !== 'spike') return false
  return child.hotSince > parent.hotSince && child.under === undefined
}

/** Whether a spike has another cause than the lack of balance that an empty channel tells of. */
function isAboutOther(parent: Alert, child: Alert): boolean {
  if (parent.kind !== 'liq.low' || child.facts.kind !== 'spike') return false
  const { mainFailure } = child.facts
  return mainFailure !== undefined && mainFailure !== 'INSUFFICIENT_BALANCE'
}

function subjectOf(
  subject: Subject,
  of: 'node' | 'peer' | 'same',
  peerOf: PeerOf,
): Subject | undefined {
  if (of === 'node') return 'node'
  if (of === 'same') return subject
  const pubkey = subject.startsWith('channel:') ? peerOf(subject.slice(8) as Scid) : undefined
  return pubkey === undefined ? undefined : `peer:${pubkey}`
}
