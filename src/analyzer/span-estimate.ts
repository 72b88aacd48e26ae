import type { Interval, SpanDraw } from './draws.ts'
import { groupBy } from './group-by.ts'
import type { ChannelMissed, EstimatedDemand, Missed, WindowDemand } from './views.ts'

/** What was missed over a span. */
export type SpanEstimate = {
  from: number
  to: number
  /** Liquidity over all peers: it ranks, it is not attainable (channels compete for one inflow). */
  node: Missed
  /** Liquidity by outgoing peer number. */
  peers: ReadonlyMap<number, Missed>
  /** By the serial of the channel asked for. */
  channels: ReadonlyMap<number, ChannelMissed>
  /** The demands behind it by the serial of the channel asked for, in time order. */
  demands: ReadonlyMap<number, readonly WindowDemand[]>
}

/** The demands of one span, before the interval is known. */
export type SpanPart = {
  first: number
  demands: readonly WindowDemand[]
  /** Places of the sums by name. */
  places: ReadonlyMap<string, number>
  sums: readonly (readonly number[])[]
}

const NODE = 'node'
const NOTHING: Missed = { expectedMsat: 0n, lowMsat: 0n, highMsat: 0n }

/** Sorts demands into the sums that they count in: liquidity by channel, peer and node; others by channel. */
export function spanPart(first: number, demands: readonly WindowDemand[]): SpanPart {
  const places = new Map<string, number>([[NODE, 0]])
  const placeOf = (name: string): number => {
    const known = places.get(name) ?? places.size
    places.set(name, known)
    return known
  }
  const sums = demands.map(({ demand }) =>
    demand.leftOut === undefined ? namesOf(demand).map(placeOf) : [],
  )
  return { first, demands, places, sums }
}

/** Returns what the draws need of a span. */
export function spanDraw({ first, demands, places, sums }: SpanPart): SpanDraw {
  const inflow = Float64Array.from(demands, (one) => one.inflow)
  return { first, inflow, sums, size: places.size }
}

/** Puts expectations and intervals together. */
export function spanEstimate(
  { from, to }: { from: number; to: number },
  { demands, places, sums }: SpanPart,
  intervals: readonly Interval[],
): SpanEstimate {
  const expected = new Float64Array(places.size)
  for (const [i, { expectedMsat }] of demands.entries()) {
    for (const sum of sums[i] ?? []) expected[sum] = (expected[sum] ?? 0) + expectedMsat
  }
  const missed = (name: string): Missed => {
    const place = places.get(name)
    if (place === undefined) return NOTHING
    const { low, high } = intervals[place] ?? { low: 0, high: 0 }
    return { expectedMsat: whole(expected[place] ?? 0), lowMsat: whole(low), highMsat: whole(high) }
  }
  const byChannel = groupBy(demands, ({ demand }) => demand.asked)
  return {
    from,
    to,
    node: missed(NODE),
    peers: new Map(
      [...new Set(demands.map(({ demand }) => demand.peer))].map((peer) => [
        peer,
        missed(peerName(peer)),
      ]),
    ),
    channels: new Map(
      [...byChannel].map(([serial, own]) => [serial, channelMissed(own, serial, missed)]),
    ),
    demands: byChannel,
  }
}

function channelMissed(
  demands: readonly WindowDemand[],
  serial: number,
  missed: (name: string) => Missed,
): ChannelMissed {
  const counted = demands.filter(({ demand }) => demand.leftOut === undefined)
  const liquidity = counted.filter(({ demand }) => demand.isLiquidity).length
  return {
    liquidity: missed(channelName(serial, true)),
    other: missed(channelName(serial, false)),
    liquidityDemands: liquidity,
    otherDemands: counted.length - liquidity,
  }
}

function namesOf({ asked, peer, isLiquidity }: EstimatedDemand): string[] {
  const own = channelName(asked, isLiquidity)
  return isLiquidity ? [NODE, peerName(peer), own] : [own]
}

function peerName(peer: number): string {
  return `peer ${peer}`
}

function channelName(serial: number, isLiquidity: boolean): string {
  return `${isLiquidity ? 'liquidity' : 'other'} ${serial}`
}

function whole(msat: number): bigint {
  return BigInt(Math.round(msat))
}
