import { exponential } from './random.ts'
import { startDemand } from './traffic-demands.ts'
import type { Arrivals, Flow } from './traffic-flow.ts'
import { garbage, startNodeProbes } from './traffic-noise.ts'
import { startNightlyRefill, startOwnTraffic } from './traffic-own.ts'
import { startRebalancers } from './traffic-rebalancers.ts'
import { Senders } from './traffic-senders.ts'
import type { WorldStage } from './world-stage.ts'

const DAY = 86_400_000
const PEAK = 1.6

const SOURCES = [
  ['fountain', 5],
  ['wallet', 4],
  ['market', 1],
] as const

const FLOWS: readonly Flow[] = [
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

/** Sets all traffic of the simulated world going. */
export function startTraffic(stage: WorldStage): void {
  const senders = new Senders(stage)
  for (const [i, flow] of FLOWS.entries()) {
    startArrivals(stage, {
      key: `flow-${i}-${flow.to}`,
      perDay: flow.perDay,
      start: (key) => startDemand(stage, senders, flow, key),
    })
  }
  startRebalancers(stage, senders)
  startNightlyRefill(stage)
  for (const arrivals of [...startOwnTraffic(stage), ...startNodeProbes(stage), garbage(stage)]) {
    startArrivals(stage, arrivals)
  }
}

// A Poisson stream with a daily rhythm: candidates come at the day's peak rate, and the hour
// decides which of them are real. Neither depends on anything that happened in the world.
function startArrivals(stage: WorldStage, arrivals: Arrivals): void {
  const { key, perDay, start } = arrivals
  const next = (n: number): void => {
    const gap = exponential(stage.draw(key, n, 'gap'), DAY / (perDay * PEAK))
    stage.after(gap, () => {
      if (stage.draw(key, n, 'hour') * PEAK < rhythm(stage.now)) start(`${key}/${n}`)
      next(n + 1)
    })
  }
  next(0)
}

/** Returns the share of the mean rate at a time of day: quietest before dawn, UTC. */
function rhythm(at: number): number {
  return 1 + 0.6 * Math.sin(((at / DAY) % 1) * 2 * Math.PI - (3 * Math.PI) / 4)
}
