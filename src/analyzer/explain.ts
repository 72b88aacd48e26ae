import type { WindowAnalysis } from './analysis.ts'
import type { Explanation } from './answers.ts'
import { toMsat } from './gain.ts'
import type { Confidence, Missed, WindowDemand } from './views.ts'

/**
 * Walks through the figure for lack of balance: attempts, demands, less what was served, times the
 * chance, times what neighbours could still send. Of the demands of one channel, or of all.
 */
export function explain(
  { at, span }: Pick<Explanation, 'at' | 'span'>,
  demands: readonly WindowDemand[],
  missed: Missed,
  confidence: Confidence,
): Explanation {
  const all = demands.filter(({ demand }) => demand.isLiquidity)
  const counted = all.filter(({ demand }) => demand.leftOut === undefined)
  const sum = (of: (one: WindowDemand) => number) =>
    counted.reduce((total, one) => total + of(one), 0)
  const afterServed = sum(({ demand }) => demand.feeMsat)
  const chance = sum(({ demand }) => demand.feeMsat * demand.chance)
  // A timer that gets through makes more rounds than one: its expectation holds them.
  const afterChance = sum(({ expectedMsat, inflow, demand }) =>
    inflow > 0 ? expectedMsat / inflow : demand.feeMsat * demand.chance,
  )
  const afterInflow = sum(({ expectedMsat }) => expectedMsat)
  return {
    at,
    span,
    attempts: sum(({ demand }) => demand.attempts),
    offeredMsat: toMsat(sum(({ demand }) => demand.offeredMsat)),
    demands: counted.length,
    wantedMsat: toMsat(sum(({ demand }) => demand.askedMsat)),
    demandFeesMsat: toMsat(sum(({ demand }) => demand.askedFeeMsat)),
    servedDemands: counted.filter(({ demand }) => demand.servedShare > 0).length,
    afterServedMsat: toMsat(afterServed),
    meanChance: afterServed > 0 ? chance / afterServed : 0,
    timers: counted.filter(({ demand }) => demand.kind === 'timer').length,
    afterChanceMsat: toMsat(afterChance),
    afterInflowMsat: toMsat(afterInflow),
    // What is more than that comes of demands of which only day totals are remembered.
    foldedMsat: missed.expectedMsat - toMsat(afterInflow),
    missed,
    ignoredDemands: all.filter(({ demand }) => demand.leftOut === 'ignored').length,
    policyChangeDemands: all.filter(({ demand }) => demand.leftOut === 'policy-change').length,
    confidence,
  }
}

/** Returns the demands of an analysis of a channel (by serial), or of all channels. */
export function demandsIn({ estimate }: WindowAnalysis, serial?: number): readonly WindowDemand[] {
  if (serial !== undefined) return estimate.demands.get(serial) ?? []
  return [...estimate.demands.values()].flat()
}
