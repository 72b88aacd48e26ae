import type { Scid } from '../lightning/scid.ts'
import { draw } from './random.ts'
import { WorldChannel } from './world-channel.ts'
import type { ChannelSpec, PeerSpec } from './world-channels.ts'

const REESTABLISH_MS = 40_000

/** A time at which a peer, by name, is away (epoch ms). */
export type PlannedOutage = { name: string; from: number; to: number }

/** The simulated node's channels and how its peers come and go. */
export class WorldNode {
  readonly all: readonly WorldChannel[]
  readonly #seed: number
  readonly #byScid = new Map<Scid, WorldChannel>()
  readonly #planned: PlannedOutage[] = []

  constructor(specs: readonly ChannelSpec[], seed: number, startAt: number) {
    this.#seed = seed
    this.all = specs.map((spec) => new WorldChannel(spec, seed, startAt))
    for (const channel of this.all) this.#byScid.set(channel.scid, channel)
  }

  /** Takes a peer away for a time. */
  planOutage(outage: PlannedOutage): void {
    this.#planned.push(outage)
  }

  /** Returns the open channel that an onion's id means to our switch, or undefined. */
  find(scid: Scid, at: number): WorldChannel | undefined {
    const channel = this.#byScid.get(scid)
    return channel && channel.openedAt <= at ? channel : undefined
  }

  get(scid: Scid): WorldChannel | undefined {
    return this.#byScid.get(scid)
  }

  /** Returns the open channels with a peer. */
  channelsOf(peer: string, at: number): readonly WorldChannel[] {
    return this.all.filter(({ spec, openedAt }) => spec.peer.name === peer && openedAt <= at)
  }

  isOnline(peer: PeerSpec, at: number): boolean {
    return at >= this.onlineAt(peer, at)
  }

  /** Whether the link may forward: for some seconds after a reconnection it may not yet. */
  isEligible(peer: PeerSpec, at: number): boolean {
    return this.isOnline(peer, at) && this.isOnline(peer, at - REESTABLISH_MS)
  }

  /** Returns when a link can be used again: now, or some seconds after the outage's end. */
  usableAt(peer: PeerSpec, at: number): number {
    if (this.isEligible(peer, at)) return at
    const lastOutage = this.isOnline(peer, at) ? at - REESTABLISH_MS : at
    return this.onlineAt(peer, lastOutage) + REESTABLISH_MS
  }

  /** Returns the end of the outage that a time falls into, or that time itself. */
  onlineAt(peer: PeerSpec, at: number): number {
    const planned = this.#planned.find(
      ({ name, from, to }) => name === peer.name && at >= from && at < to,
    )
    if (planned) return planned.to
    if (!peer.outages) return at
    const { slotMs, share, beginMs, leastMs, mostMs } = peer.outages
    const slot = Math.floor(at / slotMs)
    const key = ['outage', peer.name, slot] as const
    if (draw(this.#seed, ...key, 'none') < 1 - share) return at
    const begin = slot * slotMs + draw(this.#seed, ...key, 'begin') * beginMs
    const end = begin + leastMs + draw(this.#seed, ...key, 'length') * (mostMs - leastMs)
    return at >= begin && at < end ? end : at
  }
}
