import type { Reading, Subject } from '../../analyzer/reading.ts'
import type { Missed } from '../../analyzer/views.ts'
import { type AlertRule, MINUTE_MS } from '../kind.ts'

/** A channel, a peer or the node missed fees worth a look within 24 hours. */
export const revenueMissed: AlertRule = {
  kind: 'revenue.missed',
  severity: 'warn',
  waitMs: () => 0,
  calmMs: 30 * MINUTE_MS,
  absorbedBy: [{ kind: 'lnd.down', of: 'node' }],
}

/** What a subject missed and earned over the last 24 hours; a node's is its best single step. */
export type RevenueInput = {
  subject: Subject
  missed: Missed
  earnedMsat: bigint
  /** Whether there is enough data to say so. */
  isKnown: boolean
}

/** Below this nobody wants to be told: 500 sat. */
export const LEAST_REVENUE_MSAT = 500_000n

/** Returns the threshold of who has not chosen one: twice the mean daily fees of the node. */
export function usualRevenueThreshold(meanDailyFeesMsat: bigint): bigint {
  const twice = 2n * meanDailyFeesMsat
  return twice > LEAST_REVENUE_MSAT ? twice : LEAST_REVENUE_MSAT
}

/** The threshold of chats that chose none, and the lowest in force: msat. */
export type RevenueThresholds = { usualMsat: bigint; lowestMsat: bigint }

/**
 * Fires when the expected miss reaches the lowest threshold, and is calm below half of it. By too
 * little data it never fires; what rings already goes on.
 */
export function readRevenue(
  { subject, missed, earnedMsat, isKnown }: RevenueInput,
  { usualMsat, lowestMsat }: RevenueThresholds,
): Reading {
  const isCalm = 2n * missed.expectedMsat < lowestMsat
  const fires = isKnown && missed.expectedMsat >= lowestMsat
  return {
    kind: 'revenue.missed',
    subject,
    severity: revenueMissed.severity,
    level: fires ? 'fire' : isCalm ? 'calm' : 'hold',
    facts: { kind: 'revenue', missed, usualMsat, earnedMsat },
  }
}
