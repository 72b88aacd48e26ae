import type { LndState } from '../lightning/node-status.ts'
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

/** How readily spikes ring: a false-alarm budget for the node of one a month, a week or a day. */
export const SENSITIVITIES = ['low', 'normal', 'high'] as const
export type Sensitivity = (typeof SENSITIVITIES)[number]

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
  | {
      kind: 'revenue'
      missed: Missed
      /** From how much on a chat is told that has not chosen a threshold of its own. */
      usualMsat: bigint
      earnedMsat: bigint
    }
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
  | { kind: 'lnd'; since: number; state: LndState }
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
  /**
   * How long ago the like was last seen in this channel's own history, in days; undefined when it
   * never was since the watch began.
   */
  worstInDays: number | undefined
  /** The least sensitive setting at which it fires: a chat with a lower one is not rung. */
  sensitivity: Sensitivity
  /** Epoch ms at which it turned hot: its score rose past 4 after 15 minutes below. */
  hotSince: number
  /**
   * The firing spike of the peer or node that it is a part of: it does not ring beside it, in a chat
   * that was rung for that one.
   */
  under: Subject | undefined
  /** Over because what lasted for a day was taken for the new usual. */
  isNewLevel: boolean
}
