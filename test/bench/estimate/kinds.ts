import { draw, logNormal } from '../../../src/demo/random.ts'
import { USUAL_HABITS } from '../../../src/demo/traffic-habits.ts'
import { FLAPPING, type Outages } from '../../../src/demo/world-channels.ts'
import { drawNode, type Shape } from './drawn-node.ts'
import type { NodeKind, Pause } from './node-kind.ts'
import { START } from './period.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const SLOT_MS = 21 * HOUR

const MEDIUM: Shape = {
  sources: 3,
  sinks: 6,
  hubs: 2,
  sourceSat: 20_000_000,
  sinkSat: 6_000_000,
  sinkLocal: [0.05, 0.7],
  perDay: 45,
  medianSat: 45_000,
  sigma: 1.3,
  probing: 0.15,
  whalesPerDay: 0,
  rebalancers: 1,
  rebalancesPerDay: 10,
  feeShifts: 0.15,
  offline: 0.15,
  outages: FLAPPING,
  habits: {},
}

const LONG_OUTAGES: Outages = {
  slotMs: 12 * HOUR,
  share: 0.6,
  beginMs: 6 * HOUR,
  leastMs: 40 * MINUTE,
  mostMs: 5 * HOUR,
}

/** The kinds of node that the bench plays. */
export const KINDS: readonly NodeKind[] = [
  kind('calm', 'few payments, few retries, channels mostly filled', {
    perDay: 22,
    sinkLocal: [0.1, 0.8],
    probing: 0.05,
    rebalancers: 0,
    habits: {
      attempts: [
        [1, 5],
        [2, 3],
        [3, 2],
      ],
    },
  }),
  kind('retry-heavy', 'senders try up to sixteen times, many of them minutes apart', {
    perDay: 30,
    habits: {
      attempts: [
        [2, 1],
        [4, 2],
        [6, 3],
        [8, 3],
        [11, 2],
        [16, 1],
      ],
      slowShare: 0.12,
      patientShare: 0.35,
      halvesShare: 0.35,
      obeysShare: 0.4,
    },
  }),
  kind('multi-part-heavy', 'most payments come in two to eight parts, half of them unequal', {
    medianSat: 90_000,
    perDay: 30,
    habits: { multiPart: { share: 0.75, leastMsat: 40_000_000, mostParts: 8, unevenShare: 0.5 } },
  }),
  kind('probe-heavy', 'three in four of those who come want to know, not to pay', {
    probing: 1.2,
    habits: {
      wants: [
        ['payment', 40],
        ['probe', 25],
        ['ladder', 15],
        ['search', 10],
        ['probe then pay', 10],
      ],
    },
  }),
  kind('rebalancer-heavy', "nine neighbours' bots try the same amount for hours", {
    perDay: 25,
    rebalancers: 9,
  }),
  kind('whale', 'large channels, and payments of millions of sat besides the usual ones', {
    sourceSat: 60_000_000,
    sinkSat: 25_000_000,
    whalesPerDay: 5,
  }),
  kind('offline peers', 'most peers come and go, some for hours', {
    offline: 0.8,
    outages: LONG_OUTAGES,
  }),
  kind('stream gaps', 'nobody listens for about an eighth of the time', {}, pausesOf),
  kind('small node', 'nine channels of one to four million sat, a few payments an hour', {
    sources: 2,
    sinks: 4,
    hubs: 1,
    sourceSat: 3_500_000,
    sinkSat: 2_000_000,
    perDay: 14,
    rebalancesPerDay: 5,
  }),
  kind('stale fees', 'fees change twice a day and most senders hear of it late', {
    feeShifts: 0.9,
    habits: { oldGossipShare: 0.6 },
  }),
  kind('hard-avoiding senders', 'few buyers, who stay away for an hour after a refusal', {
    habits: {
      attempts: [
        [1, 5],
        [2, 3],
        [3, 1],
      ],
      halvesShare: 0.5,
      sendersPerPeer: 40,
      obeysShare: 1,
    },
  }),
  kind('busy', 'three times the traffic of the others', {
    perDay: 140,
    sourceSat: 40_000_000,
    sinkSat: 12_000_000,
    rebalancers: 3,
    rebalancesPerDay: 25,
    habits: { sendersPerPeer: 4 * USUAL_HABITS.sendersPerPeer },
  }),
]

function kind(
  name: string,
  about: string,
  differences: Partial<Shape>,
  pauses: NodeKind['pauses'] = () => [],
): NodeKind {
  return { name, about, draw: (seed) => drawNode(seed, { ...MEDIUM, ...differences }), pauses }
}

// One in each eighth of a week, from minutes to hours.
function pausesOf(seed: number, days: number): readonly Pause[] {
  return Array.from({ length: Math.floor((days * 24 * HOUR) / SLOT_MS) }, (_, i) => {
    const from = START + (i + 0.5 * draw(seed, 'pause', i, 'from')) * SLOT_MS
    const lengthMs = logNormal(draw(seed, 'pause', i, 'length'), 2 * HOUR, 0.9)
    const to = from + Math.min(lengthMs, SLOT_MS / 2)
    return { from: wholeMinute(from), to: wholeMinute(to) }
  })
}

function wholeMinute(at: number): number {
  return Math.ceil(at / MINUTE) * MINUTE
}
