import type { Level, Reading, Severity } from '../../analyzer/reading.ts'
import type { Scid } from '../../lightning/scid.ts'
import { type AlertRule, HOUR_MS, MINUTE_MS } from '../kind.ts'

/** A channel's outbound side runs out while it is asked for. */
export const liqLow: AlertRule = {
  kind: 'liq.low',
  severity: 'digest',
  waitMs: () => MINUTE_MS,
  calmMs: 5 * MINUTE_MS,
  absorbedBy: [
    { kind: 'lnd.down', of: 'node' },
    { kind: 'peer.offline', of: 'peer' },
    { kind: 'spike.local', of: 'same', fired: 'before' },
  ],
}

/** A channel's outbound side, how fast it empties and what was refused for it. */
export type LiquidityInput = {
  scid: Scid
  /** What can be sent now: the reserve and what hangs in HTLCs are not part of it. */
  localMsat: bigint
  capacityMsat: bigint
  /** Net, in Float64 msat a ms: the larger of two moving averages; undefined with too few forwards. */
  outflowPerMs: number | undefined
  /** Distinct demands refused for lack of balance within the last hour. */
  refusedDemands: number
}

/** Of capacity: an outbound side that counts as low, unless the chat chose another share. */
export const USUAL_LOW_PCT = 10
// Alert-facts' other figures: over at twice the share that fires, empty at 1 % and below.
const CALM_FACTOR = 2
const EMPTY_PCT = 1
const SOON_MS = 2 * HOUR_MS
const DEMANDS = 5

/**
 * Warns about a channel that is empty while at least five demands an hour ask for it; one that will
 * be empty within two hours goes to the digest.
 */
export function readLiquidity(input: LiquidityInput, lowPct: number): Reading {
  const { scid, localMsat, capacityMsat, refusedDemands } = input
  const emptyInMs = timeToEmpty(input)
  const isEmptyAndAsked = refusedDemands >= DEMANDS && isBelow(input, EMPTY_PCT)
  const isEmptying = emptyInMs !== undefined && emptyInMs <= SOON_MS && isBelow(input, lowPct)
  const severity: Severity = isEmptyAndAsked ? 'warn' : 'digest'
  const level: Level = isEmptyAndAsked || isEmptying ? 'fire' : 'hold'
  return {
    kind: 'liq.low',
    subject: `channel:${scid}`,
    severity,
    level: isBelow(input, CALM_FACTOR * lowPct) ? level : 'calm',
    facts: { kind: 'liquidity', localMsat, capacityMsat, emptyInMs, refusedDemands },
  }
}

/** Returns how long the balance lasts at the present outflow, in ms; undefined when none flows out. */
function timeToEmpty({ localMsat, outflowPerMs }: LiquidityInput): number | undefined {
  if (outflowPerMs === undefined || outflowPerMs <= 0) return undefined
  return Number(localMsat) / outflowPerMs
}

function isBelow({ localMsat, capacityMsat }: LiquidityInput, pct: number): boolean {
  return localMsat * 100n <= capacityMsat * BigInt(pct)
}
