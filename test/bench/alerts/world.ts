import { type FeeChange, type Incident, type Plan, planIncidents, type Surge } from './incidents.ts'
import { Random } from './random.ts'
import { type Attempt, amountSearch, attemptsOf, drawAmount } from './senders.ts'
import { drawChannels, drawNeighbour, type SimChannel, seasonOf, wander } from './sim-channel.ts'

/** What becomes of an attempt. */
export type Fate = 'settled' | 'failed' | 'refused' | 'feeRefused'
export type SimAttempt = Attempt & { outgoing: number; fate: Fate }

export type WorldOptions = {
  seed: number
  channels: number
  weeks: number
  hasProbes: boolean
  /** How much of the usual demand comes; all of it when not given. */
  demand?: number
}

const MINUTE_MS = 60_000
// Retries reach 20 minutes ahead, hammering 20, a search 13.
const AHEAD = 64
const FAILS_DOWNSTREAM = 0.3
// After a change of our fee senders learn of it one by one.
const KNOW_OLD_FEE = 0.6
const LEARN_FEE_MIN = 15
// One a week on every channel, besides the timers on half of them.
const SEARCHES_PER_MINUTE = 1 / (7 * 24 * 60)
// A peer of three channels, two of two, in each ten.
const PEERS_OF_TEN = [0, 0, 0, 1, 1, 2, 2, 3, 4, 5] as const
// A Monday at midnight.
export const WORLD_BEGINS = Date.UTC(2026, 0, 5)

/** A seeded node: which attempts come to it, minute by minute, and what goes wrong when. */
export class World {
  readonly channels: readonly SimChannel[]
  readonly peers: readonly (readonly number[])[]
  readonly plan: Plan
  readonly #random: Random
  readonly #hasProbes: boolean
  readonly #share: number
  readonly #coming: SimAttempt[][] = Array.from({ length: AHEAD }, () => [])
  readonly #surges: readonly Surge[][]
  #nextIncident = 0
  #running: Incident[] = []

  constructor({ seed, channels, weeks, hasProbes, demand = 1 }: WorldOptions) {
    this.#random = new Random(seed)
    this.#hasProbes = hasProbes
    this.#share = demand
    this.channels = drawChannels(this.#random, channels, hasProbes)
    this.peers = groupPeers(channels)
    this.plan = planIncidents(this.#random, { weeks, channels, peers: this.peers })
    this.#surges = this.channels.map(({ index }) =>
      this.plan.surges.filter((one) => one.channel === index),
    )
  }

  /** Returns the attempts of a minute (since the world began), in the order of time. */
  minute(minute: number): SimAttempt[] {
    this.#moveIncidents(minute)
    const changed = this.#lastFeeChanges(minute)
    for (const channel of this.channels) {
      if (minute % 10 === 0) wander(this.#random, channel)
      this.#demand(channel, minute, changed.get(channel.index))
      if (this.#hasProbes) this.#probe(channel, minute)
    }
    const slot = minute % AHEAD
    const attempts = this.#coming[slot] ?? []
    this.#coming[slot] = []
    return attempts.sort((a, b) => a.at - b.at)
  }

  #demand(channel: SimChannel, minute: number, change: FeeChange | undefined): void {
    const incident = this.#running.find((one) => one.channels.includes(channel.index))
    const level = seasonOf(channel, minute) * this.#surge(channel.index, minute)
    const demand = (this.#share * level * Math.exp(channel.drift + channel.logDemand)) / 60
    const usual = channel.rate * demand * Math.exp(channel.logFailure)
    const refused = this.#random.poisson(usual)
    const more = incident ? this.#random.poisson(usual * (incident.times - 1)) : 0
    const accepted = this.#random.poisson(channel.acceptedRate * demand)
    if (incident) incident.excess += more + (incident.isOut ? accepted : 0)
    for (let i = 0; i < refused + more; i++) this.#arrive(channel, minute, 'refused')
    for (let i = 0; i < accepted; i++) {
      this.#arrive(channel, minute, incident?.isOut ? 'refused' : this.#fateOf(minute, change))
    }
  }

  #fateOf(minute: number, change: FeeChange | undefined): Fate {
    if (change !== undefined) {
      const old = KNOW_OLD_FEE * Math.exp(-(minute - change.at) / LEARN_FEE_MIN)
      if (this.#random.next() < old) {
        change.refused++
        return 'feeRefused'
      }
    }
    return this.#random.next() < FAILS_DOWNSTREAM ? 'failed' : 'settled'
  }

  #arrive(channel: SimChannel, minute: number, fate: Fate): void {
    const first = {
      at: WORLD_BEGINS + (minute + this.#random.next()) * MINUTE_MS,
      incoming: drawNeighbour(this.#random, channel),
      outgoingMsat: drawAmount(this.#random),
    }
    const attempts =
      fate === 'settled'
        ? [first]
        : attemptsOf(this.#random, first, () => drawNeighbour(this.#random, channel))
    for (const attempt of attempts) this.#queue(channel, attempt, fate)
  }

  #queue(channel: SimChannel, attempt: Attempt, fate: Fate): void {
    const minute = Math.floor((attempt.at - WORLD_BEGINS) / MINUTE_MS)
    const { at, incoming, outgoingMsat } = attempt
    this.#coming[minute % AHEAD]?.push({
      at,
      incoming,
      outgoingMsat,
      outgoing: channel.index,
      fate,
    })
  }

  #probe(channel: SimChannel, minute: number): void {
    const at = WORLD_BEGINS + (minute + this.#random.next()) * MINUTE_MS
    const { timer } = channel
    const hour = Math.floor(minute / 60) % 24
    if (timer && minute % timer.every === 0 && (hour - timer.from + 24) % 24 < 12) {
      const attempt = { at, incoming: timer.neighbour, outgoingMsat: drawAmount(this.#random) }
      this.#queue(channel, attempt, 'refused')
    }
    if (this.#random.next() < SEARCHES_PER_MINUTE) {
      const neighbour = drawNeighbour(this.#random, channel)
      for (const attempt of amountSearch(this.#random, at, neighbour)) {
        this.#queue(channel, attempt, 'refused')
      }
    }
  }

  #surge(channel: number, minute: number): number {
    const surge = this.#surges[channel]?.find(({ start, end }) => minute >= start && minute < end)
    return surge?.times ?? 1
  }

  #moveIncidents(minute: number): void {
    const { incidents } = this.plan
    this.#running = this.#running.filter((one) => one.end > minute)
    for (;;) {
      const next = incidents[this.#nextIncident]
      if (!next || next.start > minute) return
      this.#running.push(next)
      this.#nextIncident++
    }
  }

  #lastFeeChanges(minute: number): Map<number, FeeChange> {
    const recent = this.plan.feeChanges.filter(({ at }) => at <= minute && minute - at < 120)
    return new Map(recent.map((change) => [change.channel, change]))
  }
}

function groupPeers(channels: number): number[][] {
  const peers: number[][] = []
  for (let i = 0; i < channels; i++) {
    const peer = 6 * Math.floor(i / 10) + (PEERS_OF_TEN[i % 10] ?? 0)
    peers[peer] = [...(peers[peer] ?? []), i]
  }
  return peers
}
