import { draw, type Key, logNormal } from '../../../src/demo/random.ts'
import { type Habits, USUAL_HABITS } from '../../../src/demo/traffic-habits.ts'
import type { Flow, OwnPlan, Rebalancer, TrafficPlan } from '../../../src/demo/traffic-plan.ts'
import {
  type ChannelSpec,
  type Outages,
  type PeerSpec,
  pubkeyOf,
  USUAL_CHANNEL,
} from '../../../src/demo/world-channels.ts'

/**
 * The size of a node and how it is asked. Each seed draws another node of the kind: capacities,
 * balances, fees and activity lie around these figures, the latter with heavy tails.
 */
export type Shape = {
  /** Neighbours that bring payments, those that payments are for, and those that do both. */
  sources: number
  sinks: number
  hubs: number
  /** Median capacities in sat. */
  sourceSat: number
  sinkSat: number
  /** The share of a sink's channel that is ours at the start lies between these. */
  sinkLocal: readonly [number, number]
  /** Payments and probes a day towards a sink, in the median. */
  perDay: number
  medianSat: number
  /** Deviation of the logarithm of the amounts. */
  sigma: number
  /** A day's payments and probes of those who never pay, for each of these as a share of `perDay`. */
  probing: number
  /** A day's payments of millions towards each sink. */
  whalesPerDay: number
  rebalancers: number
  /** Circular payments of the operator a day. */
  rebalancesPerDay: number
  /** The share of sinks whose fee changes twice a day. */
  feeShifts: number
  /** The share of sinks that go offline, and how. */
  offline: number
  outages: Outages | undefined
  habits: Partial<Habits>
}

export type DrawnNode = { channels: readonly ChannelSpec[]; traffic: TrafficPlan }

const HABITS: Habits = {
  ...USUAL_HABITS,
  wants: [
    ['payment', 60],
    ['probe', 18],
    ['ladder', 8],
    ['search', 4],
    ['probe then pay', 10],
  ],
  probes: [
    ['probe', 3],
    ['ladder', 4],
    ['search', 2],
  ],
  multiPart: { ...USUAL_HABITS.multiPart, unevenShare: 0.3 },
  hopelessShare: 0.1,
  paysFoundShare: 0.4,
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
// Neighbours with two channels: the first source and the second sink.
const TWICE: readonly string[] = ['source-1', 'sink-2']

/** Draws a node of a shape; the same seed draws the same node. */
export function drawNode(seed: number, shape: Shape): DrawnNode {
  const u = (...keys: readonly Key[]): number => draw(seed, 'node', ...keys)
  const sources = names('source', shape.sources)
  const sinks = names('sink', shape.sinks)
  const hubs = names('hub', shape.hubs)
  return {
    channels: [...sources, ...sinks, ...hubs].flatMap((name, i) =>
      (TWICE.includes(name) ? [0, 1] : [0]).map((twin) => channelOf(seed, shape, name, i, twin)),
    ),
    traffic: {
      flows: flowsOf(u, shape, sources, sinks, hubs),
      habits: { ...HABITS, ...shape.habits },
      rebalancers: rebalancersOf(u, shape, sources, [...sinks, ...hubs]),
      own: ownPlanOf(shape, sources, sinks, hubs),
      noise: { neighbours: sources, invoiceProbesPerDay: 20, garbagePerDay: 15 },
    },
  }
}

type Draw = (...keys: readonly Key[]) => number

function names(role: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${role}-${i + 1}`)
}

function channelOf(
  seed: number,
  shape: Shape,
  name: string,
  place: number,
  twin: number,
): ChannelSpec {
  const u = (purpose: string): number => draw(seed, 'channel', name, twin, purpose)
  const between = (purpose: string, low: number, high: number): number =>
    low + (high - low) * u(purpose)
  const isSink = name.startsWith('sink')
  const isSource = name.startsWith('source')
  const median = isSink ? shape.sinkSat : shape.sourceSat
  const capacitySat = Math.round(logNormal(u('capacity'), median, 0.4) / 100_000) * 100_000
  const [low, high] = isSink ? shape.sinkLocal : isSource ? [0.1, 0.4] : [0.3, 0.7]
  const feeRatePpm = Math.round(isSink ? between('fee', 200, 900) : between('fee', 40, 200))
  const fromHour = Math.floor(between('shift', 5, 12))
  return {
    ...USUAL_CHANNEL,
    scid: `${850_000 + 100 * place}x${17 * (place + 1)}x${twin}`,
    peer: peerOf(seed, shape, name),
    capacitySat,
    localSat: Math.floor(capacitySat * between('local', low, high)),
    initiator: u('initiator') < 0.5,
    feeRatePpm,
    baseFeeMsat: u('base fee') < 0.3 ? 1_000 : 0,
    inboundFeeRatePpm: isSource && u('inbound fee') < 0.3 ? -20 : 0,
    maxHtlcSat: isSink && u('limit') < 0.2 ? Math.floor(capacitySat * between('max', 0.1, 0.5)) : 0,
    feeShift:
      isSink && u('shifts') < shape.feeShifts
        ? { fromHour, toHour: fromHour + 9, feeRatePpm: Math.round(feeRatePpm * 1.6) }
        : undefined,
  }
}

function peerOf(seed: number, shape: Shape, name: string): PeerSpec {
  const isFlaky = name.startsWith('sink') && draw(seed, 'peer', name, 'offline') < shape.offline
  const outages = isFlaky ? shape.outages : undefined
  return { name, pubkey: pubkeyOf(seed, name), alias: name, outages }
}

function flowsOf(
  u: Draw,
  shape: Shape,
  sources: readonly string[],
  sinks: readonly string[],
  hubs: readonly string[],
): Flow[] {
  const flow = (from: readonly string[], to: string, share: number): Flow => ({
    from: from.map((name) => [name, logNormal(u(to, name, 'weight'), 1, 0.7)] as const),
    to,
    perDay: logNormal(u(to, 'per day'), shape.perDay * share, 0.8),
    medianSat: logNormal(u(to, 'median'), shape.medianSat, 0.5),
    sigma: shape.sigma,
  })
  const payments = [
    ...sinks.map((to) => flow([...sources, ...hubs], to, 1)),
    ...hubs.map((to) => flow([...sources, ...sinks], to, 0.7)),
    ...sources.map((to) => flow([...hubs, ...sinks], to, 0.7)),
  ]
  const whales = sinks.map((to) => ({
    ...flow(sources, to, 1),
    perDay: shape.whalesPerDay,
    medianSat: 2_500_000,
    sigma: 0.7,
  }))
  const probing = [...sinks, ...hubs].map((to) => ({
    ...flow(sources, to, shape.probing),
    isProbing: true,
  }))
  return [...payments, ...whales, ...probing].filter(({ perDay }) => perDay > 0)
}

function rebalancersOf(
  u: Draw,
  shape: Shape,
  sources: readonly string[],
  targets: readonly string[],
): Rebalancer[] {
  const one = (name: string): Rebalancer => {
    const from = sources[Math.floor(u(name, 'from') * sources.length)] ?? ''
    const to = targets[Math.floor(u(name, 'to') * targets.length)] ?? ''
    return {
      name,
      from,
      to,
      amountMsat: Math.round(logNormal(u(name, 'amount'), 300, 0.7)) * 1_000_000,
      everyMs: (5 + 35 * u(name, 'every')) * MINUTE,
      campaignMs: (8 + 30 * u(name, 'campaign')) * HOUR,
      luck: 0.03 + 0.35 * u(name, 'luck'),
      repeats: 0.6 * u(name, 'repeats'),
      halvings: u(name, 'halvings') < 0.25 ? 2 : 0,
    }
  }
  return names('rebalancer', shape.rebalancers).map(one)
}

// The operator moves money from where it piles up to where it is asked for.
function ownPlanOf(
  shape: Shape,
  sources: readonly string[],
  sinks: readonly string[],
  hubs: readonly string[],
): OwnPlan {
  const ways = sources.flatMap((out) => sinks.map((back) => [[out, back], 1] as const))
  return {
    sendsPerDay: 4,
    receivesPerDay: 4,
    payees: [...hubs, ...sources].map((name) => [name, 1] as const),
    rebalances: { perDay: shape.rebalancesPerDay, medianSat: 0.03 * shape.sinkSat, ways },
    refill: undefined,
  }
}
