import { type Channel, keptMsat } from '../lightning/channel.ts'
import type { Scid } from '../lightning/scid.ts'

/** How long an addition is watched, and how long a forecast waits for one. */
export const WATCHED_MS = 7 * 86_400_000
// An addition of a fifth of what was recommended is no test of the recommendation.
const LEAST_SHARE = 0.2
const USED_UP = 0.05
// Less of what was recommended than this may have come by itself: no rebalance that is said to be done.
const LEAST_CAME = 0.1

/** What a recommendation said it would bring until its amount is used up, in seven days at most. */
export type Forecast = {
  type: string
  /** Epoch ms when it was given. */
  at: number
  /** The amount to move in; undefined where it moves none, so that nothing can be measured. */
  amountMsat: bigint | undefined
  /** Float64 msat: what the channel could send when it was given; undefined where nobody kept that. */
  beforeMsat?: number | undefined
  expectedMsat: bigint
  lowMsat: bigint
  highMsat: bigint
}

/** An addition of balance that is being watched; Float64 msat. */
export type Trial = {
  forecast: Forecast
  startedAt: number
  addedMsat: number
  /** What of it an operator said was moved and no listing has shown yet. */
  claimedMsat: number
  /** What is left of it. */
  leftMsat: number
  earnedMsat: number
}

/** A trial that is over: what was forecast for the amount really added, and what it earned. */
export type Result = Omit<Forecast, 'amountMsat' | 'beforeMsat'> & {
  scid: Scid
  endedAt: number
  addedMsat: bigint
  earnedMsat: bigint
}

/**
 * Takes in a forward out of the channel, which could send `availableMsat` before it. Without the
 * addition it would hold so much less: what is larger than that is owed to the addition, which it
 * uses up. Returns whether it was. Float64 msat.
 */
export function measure(
  trial: Trial,
  availableMsat: number,
  outgoingMsat: number,
  feeMsat: number,
): boolean {
  if (outgoingMsat <= availableMsat - trial.leftMsat) return false
  trial.earnedMsat += Math.max(0, feeMsat)
  trial.leftMsat = Math.max(0, trial.leftMsat - outgoingMsat)
  return true
}

/** Our side less what it must keep, with what is in flight from us: it comes back or its end tells. */
export function availableMsat(channel: Channel): number {
  const inFlight = channel.pendingHtlcs
    .filter(({ incoming }) => !incoming)
    .reduce((sum, { amountMsat }) => sum + amountMsat, 0n)
  return Number(channel.localMsat + inFlight - keptMsat(channel))
}

/**
 * Returns what of a recommended amount came in, by what the channel could send at the advice and can
 * send now; 0 where it is too little to be the rebalance that an operator speaks of. Float64 msat.
 */
export function cameMsat({ amountMsat, beforeMsat = 0 }: Forecast, nowMsat: number): number {
  const amount = Number(amountMsat ?? 0n)
  const came = Math.min(amount, nowMsat - Math.max(0, beforeMsat))
  return came >= LEAST_CAME * amount ? Math.max(0, came) : 0
}

/** Returns whether the addition is used up, or was watched for long enough. */
export function isOver({ leftMsat, addedMsat, startedAt }: Trial, at: number): boolean {
  return leftMsat <= USED_UP * addedMsat || at - startedAt >= WATCHED_MS
}

/**
 * Returns what a trial that is over says: its forecast is taken in proportion where less was added,
 * and as it is where more was. Undefined where far less was added.
 */
export function resultOf(scid: Scid, trial: Trial, endedAt: number): Result | undefined {
  const { amountMsat = 0n, beforeMsat: _, ...forecast } = trial.forecast
  const share = Math.min(1, trial.addedMsat / Math.max(1, Number(amountMsat)))
  if (share < LEAST_SHARE) return undefined
  const times = (msat: bigint) => BigInt(Math.round(Number(msat) * share))
  return {
    ...forecast,
    scid,
    endedAt,
    expectedMsat: times(forecast.expectedMsat),
    lowMsat: times(forecast.lowMsat),
    highMsat: times(forecast.highMsat),
    addedMsat: BigInt(Math.round(trial.addedMsat)),
    earnedMsat: BigInt(Math.round(trial.earnedMsat)),
  }
}
