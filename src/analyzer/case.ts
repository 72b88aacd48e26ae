import type { Channel, Policy } from '../lightning/channel.ts'
import { failureClass } from '../lightning/failure.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Refused, SideView, Span, Window } from '../stats/views.ts'
import { hasMoney, partOf, spreadOf } from './gain.ts'
import type { ChannelMissed, IdleSource, Missed, WindowDemand } from './views.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const WEEK_MS = 7 * DAY_MS

/** Below this much covered time, or this many demands, nothing is extrapolated. */
export const LEAST_COVERED_MS = 72 * HOUR_MS
export const LEAST_DEMANDS = 5

/** What passed on one side of a channel over the window. */
export type Flow = Pick<SideView, 'settled' | 'failedDownstream' | 'volumeMsat' | 'earnedMsat'>

/** Another channel to the same peer: LND sends an HTLC over whichever of them can carry it whole. */
export type Parallel = { scid: Scid; spendableMsat: bigint; holdableMsat: bigint }

/** All that is known of one channel when the one thing to do about it is decided. */
export type ChannelCase = {
  scid: Scid
  alias: string
  pubkey: string | undefined
  window: Window
  span: Span
  /** For how long the node was listened to in all that is remembered, in ms. */
  knownMs: number
  now: number
  /** The last that LND said of it; undefined when it was never listed. */
  channel: Channel | undefined
  /** Epoch ms when it was found closed; undefined while open. */
  closedAt: number | undefined
  ownPolicy: Policy | undefined
  /** Epoch ms of the last change of our own fee that was seen; other settings do not count. */
  feeChangedAt: number | undefined
  /** Epoch ms since when the peer is away; undefined while it is connected or where it is unknown. */
  offlineSince: number | undefined
  /** For how long nothing went out, in ms of covered time: 0 where something did lately. */
  idleMs: number
  outgoing: Flow
  incoming: Flow
  /** Attempts refused on the outgoing side, by class. */
  refused: readonly Refused[]
  /** Demands that asked for this channel, oldest first, also those that are served or left out. */
  demands: readonly WindowDemand[]
  /** Demands of the window of which only the day's total is remembered. */
  foldedDemands: number
  missed: ChannelMissed
  /** What `demands` make up of it: all but the folded ones. */
  remembered: ChannelMissed
  /** What it could send at a time within the window, Float64 msat; undefined where unknown. */
  spendableAt: (at: number) => number | undefined
  /** For how long the node was listened to within the window up to a time, in ms. */
  coveredUntil: (at: number) => number
  parallels: readonly Parallel[]
  /** Own channels to other peers whose balance lies idle, most first. */
  sources: readonly IdleSource[]
  /** What moving balance into it has cost before, in ppm; undefined where unknown. */
  pastCostPpm: number | undefined
}

/** Returns the most that our side of a channel can ever send at once: both reserves stay. */
export function holdableMsat(channel: Channel): bigint {
  const most = channel.capacityMsat - channel.localReserveMsat - channel.remoteReserveMsat
  return most > 0n ? most : 0n
}

/** Returns the demands with money in them that lack of balance refused. */
export function liquidityDemands(one: ChannelCase): WindowDemand[] {
  return one.demands.filter((each) => each.demand.isLiquidity && hasMoney(each))
}

/** Returns the demands that count and were refused for one of these classes, not as liquidity. */
export function demandsOf(one: ChannelCase, classes: readonly string[]): WindowDemand[] {
  return one.demands.filter(
    ({ demand }) =>
      !demand.isLiquidity &&
      demand.leftOut === undefined &&
      classes.includes(failureClass(demand.failureCode)),
  )
}

/** Returns what some of the demands that are not liquidity make up of what the others missed. */
export function otherGain(one: ChannelCase, part: readonly WindowDemand[]): Missed {
  const all = one.demands.filter(({ demand }) => !demand.isLiquidity)
  return partOf(one.remembered.other, spreadOf(all), spreadOf(part))
}

/** Returns how many attempts were refused for one of these classes. */
export function attemptsOf(one: ChannelCase, classes: readonly string[]): number {
  return one.refused
    .filter(({ failure }) => classes.includes(failure))
    .reduce((sum, { attempts }) => sum + attempts, 0)
}

/** The least that a remedy must bring over the window: less is not worth a person's minute. */
export const WORTH_MSAT = 50_000n

/** Returns what serving a demand is expected to use up: chance · inflow · amount, all rounds of a timer. */
export function usedBy({ demand, expectedMsat }: WindowDemand): number {
  return demand.feeMsat > 0 ? (expectedMsat / demand.feeMsat) * demand.wantedMsat : 0
}

/** Returns on how many UTC days the demands came. */
export function daysOf(demands: readonly WindowDemand[]): number {
  return new Set(demands.map(({ demand }) => Math.floor(demand.at / DAY_MS))).size
}

/** Returns the amount of one HTLC (Float64 msat) that this share of the demands does not exceed; 0 for none. */
export function amountQuantile(demands: readonly WindowDemand[], share: number): number {
  const amounts = demands.map(({ demand }) => demand.amountMsat).sort((a, b) => a - b)
  return amounts[Math.min(amounts.length - 1, Math.floor(share * amounts.length))] ?? 0
}
