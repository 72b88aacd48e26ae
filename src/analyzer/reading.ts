import type { Scid } from '../lightning/scid.ts'
import type { Missed } from './views.ts'

/** The kinds of alert: stable words in code, settings, JSON and metrics alike. */
export const ALERT_KINDS = [
  'spike.local',
  'spike.downstream',
  'spike.peer',
  'spike.node',
  'revenue.missed',
  'liq.low',
  'peer.offline',
  'lnd.down',
  'lnd.silent',
  'bot.delivery',
] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** What an alert is about. */
export type Subject = 'node' | `peer:${string}` | `channel:${Scid}`

/** `crit` and `warn` may ring; `digest` only shows in lists and the digest. */
export type Severity = 'crit' | 'warn' | 'digest'

/**
 * How a condition stands now: `fire` meets the threshold, `calm` is below the one at which it is
 * over, `hold` is between the two, and `unknown` is when the data to tell is missing (it neither
 * rings nor resolves).
 */
export type Level = 'fire' | 'hold' | 'calm' | 'unknown'

/** One condition as measured now: what the lifecycle of alerts lives on. */
export type Reading = {
  kind: AlertKind
  subject: Subject
  severity: Severity
  level: Level
  facts: ReadingFacts
}

/** The figures that an alert's text rests on; by kind. */
export type ReadingFacts =
  | SpikeFacts
  | { kind: 'revenue'; missed: Missed; thresholdMsat: bigint; earnedMsat: bigint }
  | {
      kind: 'liquidity'
      localMsat: bigint
      capacityMsat: bigint
      /** Until it is empty at the present outflow, in ms; undefined when it is not flowing out. */
      emptyInMs: number | undefined
      /** Distinct demands refused for lack of balance within the last hour. */
      refusedDemands: number
    }
  | { kind: 'peer-offline'; since: number; channels: number; capacityMsat: bigint; demands: number }
  | { kind: 'lnd'; since: number; state: string }
  | { kind: 'silence'; since: number; usualGapMs: number }
  | { kind: 'delivery'; oldestUnsentAt: number | undefined; deadChats: number }

/** A spike of failures: distinct demands against what is usual. */
export type SpikeFacts = {
  kind: 'spike'
  windowMs: number
  /** Distinct demands that failed in the window, and how many were to be expected. */
  failed: number
  expected: number
  /** Attempts, for display: retries included. */
  attempts: number
  /** LND's term of the class with the most demands among them, and its share of them. */
  mainFailure: string | undefined
  mainShare: number
  /** How long ago the like was last seen in this channel's own history, in days. */
  worstInDays: number | undefined
}
