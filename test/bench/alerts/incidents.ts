import type { Random } from './random.ts'

export const MINUTES_A_WEEK = 7 * 24 * 60
const DAY = 24 * 60

/** What goes wrong on purpose: refusals `times` as many, or every attempt refused (`out`). */
export type Incident = {
  scope: 'channel' | 'peer' | 'node'
  /** The channels that it is about. */
  channels: readonly number[]
  /** Minutes since the world began. */
  start: number
  end: number
  times: number
  isOut: boolean
  /** Distinct demands refused beyond the usual, per channel and in all, as they come. */
  excess: number
}

/** A change of our own fee on a channel: for an hour senders still offer the old one. */
export type FeeChange = {
  channel: number
  at: number
  /** Demands refused for the old fee so far, as they come. */
  refused: number
}

/** A surge of demand, refused and accepted alike: nothing is wrong. */
export type Surge = { channel: number; start: number; end: number; times: number }

export type Gap = { start: number; end: number }

export type Plan = {
  incidents: Incident[]
  feeChanges: FeeChange[]
  surges: Surge[]
  gaps: Gap[]
}

// Of ten spikes three are each of 2, 5 and 20 times, and one is a channel that refuses everything.
const SIZES = [2, 2, 2, 5, 5, 5, 20, 20, 20, Number.NaN] as const
const LENGTHS = [10, 30, 60] as const
// With those of its peer and of the node a channel has about one incident a week.
const SPIKES_PER_WEEK = 0.6
const LONG_PER_WEEK = 0.04
const FEE_CHANGES_PER_WEEK = 0.5
const SURGES_PER_WEEK = 0.5
const GAPS_PER_WEEK = 2
const GAP_MEAN = 40
const PEER_PER_WEEK = 0.15
const NODE_PER_WEEK = 0.3
// Nothing is planned for the first day, in which nothing rings, nor so near to the last incident of
// the same channel that one could be taken for the other.
const APART = 5 * 60

/** Returns what happens in a world, in the order of time. */
export function planIncidents(
  random: Random,
  world: { weeks: number; channels: number; peers: readonly (readonly number[])[] },
): Plan {
  const minutes = world.weeks * MINUTES_A_WEEK
  const all = Array.from({ length: world.channels }, (_, i) => i)
  const wide = [
    ...times(random, world.weeks, NODE_PER_WEEK, () => incident(random, minutes, 'node', all)),
    ...world.peers
      .filter((channels) => channels.length > 1)
      .flatMap((channels) =>
        times(random, world.weeks, PEER_PER_WEEK, () =>
          incident(random, minutes, 'peer', channels),
        ),
      ),
  ]
  const single = all.flatMap((channel) => [
    ...times(random, world.weeks, LONG_PER_WEEK, () => longIncident(random, minutes, channel)),
    ...times(random, world.weeks, SPIKES_PER_WEEK, () =>
      incident(random, minutes, 'channel', [channel]),
    ),
  ])
  return {
    incidents: apart([...wide, ...single]).sort((a, b) => a.start - b.start),
    feeChanges: all.flatMap((channel) =>
      times(random, world.weeks, FEE_CHANGES_PER_WEEK, () => ({
        channel,
        at: random.whole(DAY, minutes),
        refused: 0,
      })),
    ),
    surges: all.flatMap((channel) =>
      times(random, world.weeks, SURGES_PER_WEEK, () => {
        const start = random.whole(0, minutes)
        return {
          channel,
          start,
          end: start + random.whole(30, 120),
          times: random.between(2, 4),
        }
      }),
    ),
    gaps: times(random, world.weeks, GAPS_PER_WEEK, () => {
      const start = random.whole(60, minutes)
      return { start, end: start + Math.ceil(random.exponential(GAP_MEAN)) }
    }).sort((a, b) => a.start - b.start),
  }
}

function times<T>(random: Random, weeks: number, perWeek: number, make: () => T): T[] {
  return Array.from({ length: random.poisson(weeks * perWeek) }, make)
}

function incident(
  random: Random,
  minutes: number,
  scope: Incident['scope'],
  channels: readonly number[],
): Incident {
  const start = random.whole(1.5 * DAY, minutes - 3 * 60)
  // What happens to a peer or a node at once is not a doubling.
  const size = scope === 'channel' ? random.pick(SIZES) : random.pick([5, 20, 20, Number.NaN])
  const end = start + (scope === 'channel' ? random.pick(LENGTHS) : random.pick([30, 60]))
  const isOut = Number.isNaN(size)
  return { scope, channels, start, end, times: isOut ? 1 : size, isOut, excess: 0 }
}

function longIncident(random: Random, minutes: number, channel: number): Incident {
  const start = random.whole(1.5 * DAY, Math.max(2 * DAY, minutes - 1.5 * DAY))
  const end = start + DAY
  return { scope: 'channel', channels: [channel], start, end, times: 20, isOut: false, excess: 0 }
}

/** Drops what would overlap on a channel; wide incidents come first and stay. */
function apart(incidents: readonly Incident[]): Incident[] {
  const kept: Incident[] = []
  const byChannel = new Map<number, Incident[]>()
  for (const one of incidents) {
    const clashes = one.channels.some((channel) =>
      (byChannel.get(channel) ?? []).some(
        (other) => one.start < other.end + APART && other.start < one.end + APART,
      ),
    )
    if (clashes) continue
    kept.push(one)
    for (const channel of one.channels) {
      byChannel.set(channel, [...(byChannel.get(channel) ?? []), one])
    }
  }
  return kept
}
