import { SENSITIVITIES, type Severity } from '../analyzer/reading.ts'
import type { PeerOf } from './absorption.ts'
import { type Alert, isAtLeast, type RingCause } from './alert.ts'
import { isUnanswered } from './episode.ts'
import { covers, isInForce, type Mute } from './mutes.ts'
import { loudnessOf, type Preferences } from './preferences.ts'
import { isQuiet } from './quiet-hours.ts'

/** Why an alert waits and is looked at again. */
export type HoldReason =
  | 'absorbed'
  | 'set-free-just-now'
  | 'not-for-this-chat'
  | 'digest-only'
  | 'switched-off'
  | 'below-sensitivity'
  | 'below-threshold'
  | 'muted'
  | 'quiet-hours'

/** Whether a chat should be told of an alert now, how loudly, and why. */
export type Decision =
  | { act: 'ring'; reason: RingCause | 'held-no-more' }
  | { act: 'whisper'; reason: 'silent-kind' | 'capped' | 'over-before-told' }
  | { act: 'hold'; reason: HoldReason }
  /** Nothing is to be said, now or later, until the alert gives a new reason. */
  | { act: 'rest'; reason: 'told' | 'taken-on' | 'over-while-held' }

/** What the decision rests on. */
export type Question = {
  alert: Alert
  /** How many of the alert's reasons to ring this chat has been told of. */
  told: number
  /** Why it was held when last looked at; undefined when it was not. */
  held: HoldReason | undefined
  parent: Alert | undefined
  preferences: Preferences
  mutes: readonly Mute[]
  /** Ringing warnings in this chat within the last hour, and about this subject within a day. */
  ringsThisHour: number
  ringsOfSubject: number
  now: number
  steady: number
  timeZone: string
  peerOf: PeerOf
}

// Alert-facts §3.4: what goes beyond is told without a sound.
const MAX_RINGS_AN_HOUR = 6
const MAX_RINGS_OF_A_CHANNEL = 2

/** Decides whether a chat should be told of an alert now, and how loudly. */
export function decide(question: Question): Decision {
  const { alert, told, held, preferences } = question
  if (told >= alert.rings) return { act: 'rest', reason: 'told' }
  if (alert.state === 'resolved') return decideOver(question)
  // Somebody else answered what this would only have repeated.
  if (alert.ringCause === 'reminder' && told > 0 && alert.acknowledged) {
    return { act: 'rest', reason: 'taken-on' }
  }
  const reason = holdReason(question)
  if (reason !== undefined) return { act: 'hold', reason }
  if (loudnessOf(preferences, alert.kind) === 'silent') {
    return { act: 'whisper', reason: 'silent-kind' }
  }
  if (alert.severity !== 'crit' && isCapped(question)) return { act: 'whisper', reason: 'capped' }
  return { act: 'ring', reason: wasHeldByTheChat(held) ? 'held-no-more' : alert.ringCause }
}

/** Returns whether an alert waited for the chat's own wish to be left alone. */
export function wasHeldByTheChat(held: HoldReason | undefined): boolean {
  return held === 'muted' || held === 'quiet-hours'
}

/** Returns whether the chat's settings let an alert into its messages at all, sooner or later. */
export function isWanted(alert: Alert, preferences: Preferences): boolean {
  return unwantedReason(alert, preferences) === undefined
}

/** Over before anyone was told: it is still said, unless whoever held it does not care any more. */
function decideOver(question: Question): Decision {
  const { held } = question
  // A night's alerts belong into its one message in the morning, over or not.
  if (held === 'quiet-hours') {
    const reason = holdReason(question)
    if (reason === 'quiet-hours') return { act: 'hold', reason }
    return reason === undefined
      ? { act: 'whisper', reason: 'over-before-told' }
      : { act: 'rest', reason: 'over-while-held' }
  }
  const isHeld = held !== undefined || holdReason(question) !== undefined
  return isHeld
    ? { act: 'rest', reason: 'over-while-held' }
    : { act: 'whisper', reason: 'over-before-told' }
}

function holdReason(question: Question): HoldReason | undefined {
  const { alert, preferences, mutes, now, steady, timeZone, peerOf } = question
  if (isAbsorbed(question)) return 'absorbed'
  if (alert.aloneMs !== undefined) return 'set-free-just-now'
  const unwanted = unwantedReason(alert, preferences)
  if (unwanted !== undefined) return unwanted
  const isMuted = mutes.some(
    (mute) => isInForce(mute, { now, steady }) && covers(mute, alert, peerOf),
  )
  if (isMuted) return 'muted'
  const { quietHours, critInQuiet } = preferences
  if (quietHours === undefined || (alert.severity === 'crit' && critInQuiet)) return undefined
  return isQuiet(now, timeZone, quietHours) ? 'quiet-hours' : undefined
}

/** What a chat does not hear of can absorb nothing in it. */
function isAbsorbed({ alert, parent, preferences }: Question): boolean {
  return parent !== undefined && parent.id !== alert.id && isWanted(parent, preferences)
}

function unwantedReason(alert: Alert, preferences: Preferences): HoldReason | undefined {
  const { kind, severity, facts } = alert
  if (preferences.isSecond && !isUnanswered(alert)) return 'not-for-this-chat'
  const loudness = loudnessOf(preferences, kind)
  if (loudness === 'off') return 'switched-off'
  if (loudness === 'digest' || !isAtLeast(severity, LEAST_TOLD)) return 'digest-only'
  if (facts.kind === 'spike' && !isSensitive(preferences, facts.sensitivity)) {
    return 'below-sensitivity'
  }
  return isBelowThreshold(alert, preferences) ? 'below-threshold' : undefined
}

const LEAST_TOLD: Severity = 'warn'

function isSensitive({ sensitivity }: Preferences, needed: Preferences['sensitivity']): boolean {
  return SENSITIVITIES.indexOf(sensitivity) >= SENSITIVITIES.indexOf(needed)
}

/** Conditions fire at the lowest threshold of all chats; the others wait for their own. */
function isBelowThreshold({ facts }: Alert, { revenueMsat, lowPct }: Preferences): boolean {
  if (facts.kind === 'revenue') {
    return facts.missed.expectedMsat < (revenueMsat ?? facts.usualMsat)
  }
  if (facts.kind !== 'liquidity') return false
  return facts.localMsat * 100n > facts.capacityMsat * BigInt(lowPct)
}

function isCapped({ alert, ringsThisHour, ringsOfSubject }: Question): boolean {
  if (ringsThisHour >= MAX_RINGS_AN_HOUR) return true
  return alert.subject.startsWith('channel:') && ringsOfSubject >= MAX_RINGS_OF_A_CHANNEL
}
