import type { Channel, ChannelPolicies, NodeInfo } from '../lightning/channel.ts'
import type { HtlcEvent, SettledForward } from '../lightning/htlc.ts'
import type { Scid } from '../lightning/scid.ts'
import { startTraffic } from './traffic.ts'
import { DEMO_TRAFFIC } from './traffic-demo.ts'
import type { Rush, TrafficPlan } from './traffic-plan.ts'
import { type ChannelSpec, defaultChannels, type PeerSpec, pubkeyOf } from './world-channels.ts'
import { WorldNode } from './world-node.ts'
import { policiesAt } from './world-policies.ts'
import { type Attempt, WorldStage } from './world-stage.ts'

export type WorldOptions = {
  seed: number
  /** Epoch ms. */
  startAt: number
  /** Default: the fourteen of `defaultChannels`. */
  channels?: readonly ChannelSpec[]
  /** What happens on these channels, whose peers it knows by name; default: the demo's. */
  traffic?: TrafficPlan
  /** Channels whose own side never runs dry. */
  ample?: ReadonlySet<Scid>
  /** Hears of every attempt to pass the node as it ends, also of those that never got to it. */
  trace?: (attempt: Attempt) => void
}

/** A simulated routing node and the network around it, as its LND would show it. */
export type World = {
  /** Plays on to a time (epoch ms); returns all HTLC events since the last call, in time order. */
  advance(to: number): HtlcEvent[]
  now(): number
  channels(): Channel[]
  policies(scid: Scid): ChannelPolicies | undefined
  nodeInfo(): NodeInfo
  /** LND's ForwardingHistory so far, oldest first; at most the last 50,000. */
  forwards(): readonly SettledForward[]
  peers(): readonly PeerSpec[]
  /** Gives our side of these channels as much as it can ever need, from now on. */
  setAmple(scids: ReadonlySet<Scid>): void
  /** Lets a crowd come that no plan knew of; its time is not before `now()`. */
  rush(rush: Rush): void
}

/**
 * Makes a world that is a pure function of its options: every draw is keyed by the seed, the payment,
 * its part and its attempt, so that in two worlds of one seed that differ in one thing the same
 * payment meets the same fate.
 */
export function createWorld(options: WorldOptions): World {
  const { seed, startAt } = options
  const specs = options.channels ?? defaultChannels(seed)
  const node = new WorldNode(specs, seed, startAt)
  const stage = new WorldStage(seed, node, startAt, options.trace)
  const setAmple = (scids: ReadonlySet<Scid>): void => {
    for (const channel of node.all) if (scids.has(channel.scid)) channel.makeAmple()
  }
  setAmple(options.ample ?? new Set())
  const rush = startTraffic(stage, options.traffic ?? DEMO_TRAFFIC)
  return {
    advance: (to) => stage.play(to),
    now: () => stage.now,
    channels: () => channelsOf(stage),
    policies: (scid) => policiesOf(stage, scid),
    nodeInfo: () => nodeInfoOf(stage),
    forwards: () => stage.forwards,
    peers: () => [...new Map(specs.map(({ peer }) => [peer.pubkey, peer])).values()],
    setAmple,
    rush,
  }
}

function channelsOf({ node, now }: WorldStage): Channel[] {
  return node.all
    .filter(({ openedAt }) => openedAt <= now)
    .map((channel) => channel.toChannel(node.isEligible(channel.spec.peer, now)))
}

function policiesOf({ node, now }: WorldStage, scid: Scid): ChannelPolicies | undefined {
  const channel = node.find(scid, now)
  return channel && policiesAt(channel.spec, now, channel.openedAt)
}

function nodeInfoOf(stage: WorldStage): NodeInfo {
  return {
    pubkey: pubkeyOf(stage.seed, 'our own node'),
    alias: 'missed-sats demo',
    version: '0.20.1-beta commit=v0.20.1-beta',
    network: 'mainnet',
    blockHeight: stage.blockHeight,
    syncedToChain: true,
    syncedToGraph: true,
  }
}
