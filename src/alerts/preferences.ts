import type { AlertKind, Sensitivity } from '../analyzer/reading.ts'
import { type DigestWishes, USUAL_DIGESTS } from './digest-schedule.ts'
import { USUAL_LOW_PCT } from './kinds/liq-low.ts'
import type { QuietHours } from './quiet-hours.ts'

/** How loudly a chat hears of a kind: with sound, without, in lists and digests alone, not at all. */
export const LOUDNESSES = ['ring', 'silent', 'digest', 'off'] as const
export type Loudness = (typeof LOUDNESSES)[number]

/** What a chat wants to hear. */
export type Preferences = {
  sensitivity: Sensitivity
  /** Kinds that are not at their usual loudness. */
  loudness: Readonly<Partial<Record<AlertKind, Loudness>>>
  /** Undefined: none. */
  quietHours: QuietHours | undefined
  /** Whether critical alerts ring in quiet hours. */
  critInQuiet: boolean
  /** From how much missed in a day on: msat; undefined: by the node's own fees. */
  revenueMsat: bigint | undefined
  /** An outbound side below this share of capacity is low, in percent. */
  lowPct: number
  /** It hears critical alerts that nobody else took on, and nothing more. */
  isSecond: boolean
  digests: DigestWishes
}

/** What a chat hears that has not chosen anything. */
export const USUAL_PREFERENCES: Preferences = {
  sensitivity: 'normal',
  loudness: {},
  quietHours: undefined,
  critInQuiet: true,
  revenueMsat: undefined,
  lowPct: USUAL_LOW_PCT,
  isSecond: false,
  digests: USUAL_DIGESTS,
}

/** Returns how loudly a chat wants to hear of a kind. */
export function loudnessOf({ loudness }: Preferences, kind: AlertKind): Loudness {
  return loudness[kind] ?? 'ring'
}
