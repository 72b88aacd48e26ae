import type { Scid } from '../lightning/scid.ts'
import { exponential, logNormal, pick } from './random.ts'
import type { Habits } from './traffic-habits.ts'
import type { Fate } from './world-offer.ts'
import { feeMsat, inboundFeeMsat, policyAt, type WorldPolicy } from './world-policies.ts'
import type { WorldStage } from './world-stage.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** What those who pay through us know and remember: our policies, and where we failed them. */
export class Senders {
  readonly habits: Habits
  readonly #stage: WorldStage
  // At most `sendersPerPeer` entries for each peer of the node.
  readonly #avoided = new Map<string, { until: number; leastMsat: number }>()

  constructor(stage: WorldStage, habits: Habits) {
    this.#stage = stage
    this.habits = habits
  }

  /** Returns who pays: one of a limited circle towards each peer. */
  nameOf(key: string, to: string): string {
    return `${to}-${Math.floor(this.#stage.draw(key, 'sender') * this.habits.sendersPerPeer)}`
  }

  /** Whether the sender stays away after an earlier refusal of this amount or less. */
  avoids(sender: string, key: string, amountMsat: number): boolean {
    const avoided = this.#avoided.get(sender)
    if (!avoided || this.#stage.now >= avoided.until || amountMsat < avoided.leastMsat) return false
    return this.#stage.draw(key, 'obeys') < this.habits.obeysShare
  }

  /** The sender learns that we cannot forward that much to the peer it asked for. */
  punish(sender: string, amountMsat: number): void {
    const until = this.#stage.now + this.habits.avoidanceMs
    this.#avoided.set(sender, { until, leastMsat: amountMsat })
  }

  /** Returns our policy as the sender's gossip has it, which may be minutes or hours old. */
  knownPolicy(sender: string, asked: Scid, isFresh: boolean): WorldPolicy | undefined {
    const channel = this.#stage.node.get(asked)
    if (!channel) return undefined
    const lag = isFresh ? 0 : this.#gossipLag(sender)
    return policyAt(channel.spec, this.#stage.now - lag, channel.openedAt)
  }

  /** Returns the fee in msat that the sender offers for an outgoing amount. */
  offeredFee(policy: WorldPolicy, key: string, from: string, outgoingMsat: number): number {
    const fee = feeMsat(policy, outgoingMsat)
    const spec = this.#stage.node.channelsOf(from, this.#stage.now)[0]?.spec
    const inbound = spec ? inboundFeeMsat(spec, outgoingMsat + fee) : 0
    const extra = this.#stage.draw(key, 'generous') < 0.1 ? Math.floor(fee * 0.02) : 0
    return Math.max(0, fee + inbound + extra)
  }

  /** Some never look at the largest and smallest HTLC that a policy allows. */
  ignoresLimits(sender: string): boolean {
    return this.#stage.draw(sender, 'ignores limits') < this.habits.ignoresLimitsShare
  }

  /** Returns one of our open channels to a peer. */
  channelTo(to: string, key: string): Scid | undefined {
    const channels = this.#stage.node.channelsOf(to, this.#stage.now)
    return pick(this.#stage.draw(key, 'asked'), channels)?.scid
  }

  /** Returns what would become of an attempt of a payment beyond us. */
  fate(payment: string, key: string, outgoingMsat: number): Fate {
    const { hopelessShare, reach: points } = this.habits
    const isHopeless = this.#stage.draw(payment, 'hopeless') < hopelessShare
    const p = isHopeless ? 0 : reach(points, outgoingMsat / 1000)
    const succeeds = this.#stage.draw(key, 'fate') < p
    const u = this.#stage.draw(key, 'delay')
    const delayMs = succeeds ? logNormal(u, 1_200, 0.6) : logNormal(u, 2_300, 0.8)
    return { succeeds, delayMs: Math.min(delayMs, 5 * MINUTE) }
  }

  #gossipLag(sender: string): number {
    const isOld = this.#stage.draw(sender, 'old gossip') < this.habits.oldGossipShare
    return exponential(this.#stage.draw(sender, 'gossip lag'), isOld ? 10 * HOUR : 30 * MINUTE)
  }
}

/** Returns P(the rest of the route works) for an amount in sat. */
export function reach(points: Habits['reach'], sat: number): number {
  const x = Math.log(Math.max(sat, 1))
  for (const [i, [to, pTo]] of points.entries()) {
    const [from, pFrom] = points[i - 1] ?? [to, pTo]
    if (x > Math.log(to)) continue
    const width = Math.log(to) - Math.log(from)
    return width === 0 ? pTo : pFrom + ((pTo - pFrom) * (x - Math.log(from))) / width
  }
  return points.at(-1)?.[1] ?? 0
}
