import type { Incident } from './incidents.ts'
import type { Judge, Ring } from './judge.ts'
import type { Played } from './play.ts'
import type { World } from './world.ts'

export type TimedRing = Pick<Ring, 'kind' | 'at' | 'resolvedAt'>

/** What became of one incident. */
export type Case = Omit<Incident, 'channels'> & {
  /** The base rate of its channel; undefined for a peer's or the node's. */
  rate: number | undefined
  rings: readonly TimedRing[]
}

/** A ring for which there was no incident; the base rates of its channels. */
export type FalseAlarm = TimedRing & { seed: number; rates: readonly number[] }

/** What one world had to tell, as its process hands it on. */
export type WorldReport = {
  channelWeeks: number
  feeChanges: number
  feeAlarms: number
  falseAlarms: readonly FalseAlarm[]
  cases: readonly Case[]
  events: number
  cpu: { world: number; memory: number; counting: number; judging: number }
}

/** Returns the report of a world that was played; `share` is the part of a core that it had. */
export function reportOf(
  world: World,
  judge: Judge,
  run: { seed: number; weeks: number; played: Played; share: number },
): WorldReport {
  const { seed, weeks, played, share } = run
  const rateOf = (channel: number | undefined) => world.channels[channel ?? 0]?.rate ?? 0
  const seconds = (ms: number) => (share * ms) / 1000
  return {
    channelWeeks: world.channels.length * weeks,
    feeChanges: world.plan.feeChanges.length,
    feeAlarms: judge.feeAlarms().length,
    falseAlarms: judge
      .falseAlarms()
      .map((ring) => ({ ...timed(ring), seed, rates: ring.channels.map(rateOf) })),
    cases: judge.watched().map(({ channels, ...incident }) => ({
      ...incident,
      rate: incident.scope === 'channel' ? rateOf(channels[0]) : undefined,
      rings: judge.rings
        .filter(
          (ring) => ring.incident?.start === incident.start && ring.incident.channels === channels,
        )
        .map(timed),
    })),
    events: played.events,
    cpu: {
      world: seconds(played.worldMs),
      memory: seconds(played.memoryMs),
      counting: seconds(played.countingMs),
      judging: seconds(played.judgingMs),
    },
  }
}

function timed({ kind, at, resolvedAt }: Ring): TimedRing {
  return { kind, at, resolvedAt }
}
