import type { Reading } from '../../analyzer/reading.ts'
import { type AlertRule, MINUTE_MS } from '../kind.ts'

/** LND is connected, yet says nothing for far longer than usual. */
export const lndSilent: AlertRule = {
  kind: 'lnd.silent',
  severity: 'warn',
  waitMs: () => 0,
  calmMs: MINUTE_MS,
  absorbedBy: [{ kind: 'lnd.down', of: 'node' }],
}

/** The event stream's silence against its usual pace. */
export type SilenceInput = {
  isListening: boolean
  /** Time listened without an event, in ms by a clock that never steps. */
  silentMs: number
  /** Epoch ms of the last event, for display. */
  since: number
  /** Time listened per event over the last week, in ms; undefined without enough of either. */
  usualGapMs: number | undefined
}

// At 30 expected events none at all has a chance below 1e-6, counts being Gamma-Poisson with a
// spread of 0.1: (1 + 0.1 · 30)^(-1/0.1).
const EXPECTED_EVENTS = 30
// The quietest hour of a day has no less than a fifth of its mean: the floor of the day's profile.
const QUIETEST_HOUR = 0.2

/** Fires once 30 events should have come even at the quietest hour, and none did. */
export function readSilence(input: SilenceInput): Reading {
  const { isListening, silentMs, since, usualGapMs } = input
  const expected = usualGapMs === undefined ? 0 : (silentMs / usualGapMs) * QUIETEST_HOUR
  const isSilent = expected >= EXPECTED_EVENTS
  return {
    kind: 'lnd.silent',
    subject: 'node',
    severity: lndSilent.severity,
    level: !isListening ? 'unknown' : isSilent ? 'fire' : 'calm',
    facts: { kind: 'silence', since, usualGapMs: usualGapMs ?? 0 },
  }
}
