import type { Weights } from './random.ts'
import { USUAL_HABITS } from './traffic-habits.ts'
import type { Flow, Rebalancer, Rush, TrafficPlan } from './traffic-plan.ts'
import type { PeerName } from './world-channels.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const SOURCES = [
  ['fountain', 5],
  ['wallet', 4],
  ['market', 1],
] as const

const FLOWS: readonly (Flow & { from: Weights<PeerName>; to: PeerName })[] = [
  { from: SOURCES, to: 'alice', perDay: 1_250, medianSat: 60_000, sigma: 1.3 },
  { from: SOURCES, to: 'merchant', perDay: 45, medianSat: 25_000, sigma: 1.1 },
  { from: SOURCES, to: 'twins', perDay: 170, medianSat: 70_000, sigma: 1.4 },
  { from: SOURCES, to: 'turtle', perDay: 60, medianSat: 60_000, sigma: 1.1 },
  { from: SOURCES, to: 'flapper', perDay: 60, medianSat: 20_000, sigma: 1.1 },
  { from: SOURCES, to: 'hermit', perDay: 12, medianSat: 30_000, sigma: 1 },
  { from: SOURCES, to: 'newcomer', perDay: 30, medianSat: 40_000, sigma: 1 },
  { from: SOURCES, to: 'roaster', perDay: 100, medianSat: 90_000, sigma: 0.9 },
  { from: SOURCES, to: 'dynamo', perDay: 35, medianSat: 40_000, sigma: 1.1 },
  { from: SOURCES, to: 'dust', perDay: 30, medianSat: 400, sigma: 1.6 },
  { from: SOURCES, to: 'market', perDay: 25, medianSat: 50_000, sigma: 1.2 },
  {
    from: [
      ['alice', 4],
      ['market', 1],
    ],
    to: 'wallet',
    perDay: 30,
    medianSat: 60_000,
    sigma: 1.2,
  },
  {
    from: [
      ['market', 3],
      ['dynamo', 2],
    ],
    to: 'fountain',
    perDay: 25,
    medianSat: 70_000,
    sigma: 1.2,
  },
  {
    from: [
      ['twins', 2],
      ['merchant', 2],
    ],
    to: 'market',
    perDay: 25,
    medianSat: 50_000,
    sigma: 1.1,
  },
  {
    from: [
      ['turtle', 1],
      ['dust', 1],
    ],
    to: 'dynamo',
    perDay: 15,
    medianSat: 15_000,
    sigma: 1,
  },
  {
    from: [
      ['flapper', 3],
      ['hermit', 1],
    ],
    to: 'wallet',
    perDay: 25,
    medianSat: 30_000,
    sigma: 1,
  },
  { from: SOURCES, to: 'merchant', perDay: 130, medianSat: 50_000, sigma: 1, isProbing: true },
  { from: SOURCES, to: 'dynamo', perDay: 150, medianSat: 50_000, sigma: 1, isProbing: true },
  { from: SOURCES, to: 'market', perDay: 120, medianSat: 50_000, sigma: 1, isProbing: true },
  { from: SOURCES, to: 'flapper', perDay: 100, medianSat: 50_000, sigma: 1, isProbing: true },
  { from: SOURCES, to: 'twins', perDay: 100, medianSat: 50_000, sigma: 1, isProbing: true },
  {
    from: [['market', 1]],
    to: 'wallet',
    perDay: 120,
    medianSat: 50_000,
    sigma: 1,
    isProbing: true,
  },
]

const REBALANCERS: readonly (Rebalancer & { from: PeerName; to: PeerName })[] = [
  {
    name: 'fountain-alice',
    from: 'fountain',
    to: 'alice',
    amountMsat: 500_000_000,
    everyMs: 10 * MINUTE,
    campaignMs: 9 * HOUR,
    luck: 0.2,
    repeats: 0,
    halvings: 0,
  },
  {
    name: 'wallet-twins',
    from: 'wallet',
    to: 'twins',
    amountMsat: 250_000_000,
    everyMs: 15 * MINUTE,
    campaignMs: 11 * HOUR,
    luck: 0.25,
    repeats: 0,
    halvings: 0,
  },
  {
    name: 'market-roaster',
    from: 'market',
    to: 'roaster',
    amountMsat: 300_000_000,
    everyMs: 20 * MINUTE,
    campaignMs: 14 * HOUR,
    luck: 0.3,
    repeats: 0,
    halvings: 0,
  },
]

// The operator moves money from where it piles up to where it is asked for.
const WAYS: Weights<readonly [PeerName, PeerName]> = [
  [['fountain', 'alice'], 5],
  [['wallet', 'alice'], 3],
  [['wallet', 'merchant'], 4],
  [['fountain', 'merchant'], 2],
  [['fountain', 'twins'], 2],
  [['wallet', 'roaster'], 1],
  [['wallet', 'dynamo'], 2],
  [['market', 'turtle'], 1],
  [['fountain', 'flapper'], 1],
]
const PAYEES: Weights<PeerName> = [
  ['market', 2],
  ['fountain', 2],
  ['wallet', 2],
  ['alice', 1],
]

/** The traffic of the demo's node, whose channels are those of `defaultChannels`. */
export const DEMO_TRAFFIC: TrafficPlan = {
  flows: FLOWS,
  habits: USUAL_HABITS,
  rebalancers: REBALANCERS,
  own: {
    sendsPerDay: 14,
    receivesPerDay: 18,
    payees: PAYEES,
    rebalances: { perDay: 26, medianSat: 200_000, ways: WAYS },
    refill: { way: ['fountain', 'roaster'], parts: 5, amountMsat: 600_000_000 },
  },
  noise: {
    neighbours: ['fountain', 'wallet', 'market', 'dynamo'],
    invoiceProbesPerDay: 110,
    garbagePerDay: 40,
  },
}

// A crowd for a shop that goes down under it: rings within three minutes and, at the demo's pace, is
// over before the second minute of life is.
const RUSH = { afterMs: 2 * MINUTE, lastsMs: 4 * MINUTE, payments: 60 } as const

/** Whom crowds come to on demand, one after the other. */
const RUSHES = [
  { to: 'roaster', medianSat: 40_000 },
  { to: 'dynamo', medianSat: 30_000 },
  { to: 'twins', medianSat: 50_000 },
  { to: 'merchant', medianSat: 25_000 },
] as const satisfies readonly { to: PeerName; medianSat: number }[]

/** The crowd that wants to pay at the merchant's soon after a time (epoch ms). */
export function rushOf(present: number): Rush {
  const { afterMs, lastsMs, payments } = RUSH
  const flow = { from: SOURCES, to: 'merchant', medianSat: 25_000, sigma: 1.1 }
  return { flow, at: present + afterMs, lastsMs, payments }
}

/** The demo's traffic with that crowd. */
export function trafficWithRush(present: number): TrafficPlan {
  return { ...DEMO_TRAFFIC, rush: rushOf(present) }
}

/** A crowd that comes at once; each round (from 0) to another peer. */
export function rushAt(at: number, round: number): Rush {
  const { to, medianSat } = RUSHES[round % RUSHES.length] ?? RUSHES[0]
  const flow = { from: SOURCES, to, medianSat, sigma: 1.1 }
  return { flow, at, lastsMs: RUSH.lastsMs, payments: RUSH.payments, round }
}
