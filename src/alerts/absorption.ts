import type { AlertKind, Subject } from '../analyzer/reading.ts'
import type { Scid } from '../lightning/scid.ts'
import { type Alert, isAtLeast } from './alert.ts'
import { type Absorber, type AlertRule, MINUTE_MS } from './kind.ts'

/** Returns the public key of a channel's peer; undefined when it is not known. */
export type PeerOf = (scid: Scid) => string | undefined

/** The condition of an alert that might absorb another. */
export type Candidate = { kind: AlertKind; subject: Subject; fired: Absorber['fired'] }

// What fired this long before its possible parent is an incident of its own.
const SAME_INCIDENT_MS = 10 * MINUTE_MS

/** Returns the conditions of some kinds that may absorb one of this subject, the largest first. */
export function candidatesFor(
  { absorbedBy }: AlertRule,
  subject: Subject,
  kinds: ReadonlySet<AlertKind>,
  peerOf: PeerOf,
): readonly Candidate[] {
  const candidates: Candidate[] = []
  for (const { kind, of, fired } of absorbedBy) {
    const parent = kinds.has(kind) ? subjectOf(subject, of, peerOf) : undefined
    if (parent !== undefined) candidates.push({ kind, subject: parent, fired })
  }
  return candidates
}

/** Returns whether a firing alert makes another part of itself. */
export function absorbs(parent: Alert, child: Alert, fired: Absorber['fired']): boolean {
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
