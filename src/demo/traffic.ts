import { exponential } from './random.ts'
import { startDemand } from './traffic-demands.ts'
import { noise } from './traffic-noise.ts'
import { ownTraffic, startNightlyRefill } from './traffic-own.ts'
import type { Arrivals, Rush, TrafficPlan } from './traffic-plan.ts'
import { startRebalancers } from './traffic-rebalancers.ts'
import { startRush } from './traffic-rush.ts'
import { Senders } from './traffic-senders.ts'
import type { WorldStage } from './world-stage.ts'

const DAY = 86_400_000
const PEAK = 1.6

/** Sets all traffic of the simulated world going; returns how to let a crowd come besides. */
export function startTraffic(stage: WorldStage, plan: TrafficPlan): (rush: Rush) => void {
  const senders = new Senders(stage, plan.habits)
  for (const [i, flow] of plan.flows.entries()) {
    startArrivals(stage, {
      key: `flow-${i}-${flow.to}`,
      perDay: flow.perDay,
      start: (key) => startDemand(stage, senders, flow, key),
    })
  }
  startRebalancers(stage, senders, plan.rebalancers)
  startNightlyRefill(stage, plan.own.refill)
  if (plan.rush) startRush(stage, senders, plan.rush)
  for (const arrivals of [...ownTraffic(stage, senders, plan.own), ...noise(stage, plan.noise)]) {
    startArrivals(stage, arrivals)
  }
  return (rush) => startRush(stage, senders, rush)
}

// A Poisson stream with a daily rhythm: candidates come at the day's peak rate, and the hour
// decides which of them are real. Neither depends on anything that happened in the world.
function startArrivals(stage: WorldStage, arrivals: Arrivals): void {
  const { key, perDay, start } = arrivals
  if (perDay <= 0) return
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
