import { receivableMsat } from '../lightning/channel.ts'
import { type ChannelCase, LEAST_DEMANDS, liquidityDemands, WORTH_MSAT } from './case.ts'
import { bendOf, type RefillStep, refillCurve } from './refill.ts'
import type { Recommendation } from './views.ts'

// Hardly any route moves balance for less: 10 ppm of 1M sat is 10 sat over three or more hops.
const LEAST_PPM = 10
const MOST_SOURCES = 5

/**
 * Moves balance in where what is asked for fits the channel and pays for the move. What it cost
 * before, where that is known, must lie below the ceiling: then less may pay where more does not.
 */
export function rebalanceIn(one: ChannelCase): Recommendation | undefined {
  const demands = liquidityDemands(one)
  if (demands.length < LEAST_DEMANDS) return undefined
  const steps = refillCurve({
    demands,
    missed: one.remembered.liquidity,
    spendableAt: one.spendableAt,
    roomMsat: one.channel && receivableMsat(one.channel),
    span: one.span,
    coveredUntil: one.coveredUntil,
  })
  const step = payingStep(steps, one.pastCostPpm)
  if (!step) return undefined
  return {
    type: 'rebalance_in',
    amountMsat: step.amountMsat,
    maxPpm: step.maxPpm,
    gain: step.gain,
    mostMsat: step.mostMsat,
    usedUpInMs: step.usedUpInMs,
    curve: steps.map(({ amountMsat, gain }) => ({ amountMsat, gain })),
    sources: one.sources.slice(0, MOST_SOURCES),
    pastCostPpm: one.pastCostPpm,
  }
}

function payingStep(
  steps: readonly RefillStep[],
  pastCostPpm: number | undefined,
): RefillStep | undefined {
  const bend = bendOf(steps)
  return steps.findLast(
    (step) =>
      bend !== undefined &&
      step.amountMsat <= bend.amountMsat &&
      step.gain.expectedMsat >= WORTH_MSAT &&
      step.maxPpm >= Math.max(LEAST_PPM, pastCostPpm ?? 0),
  )
}
