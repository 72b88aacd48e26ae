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
  const afterChance = sum(({ demand }) => demand.feeMsat * demand.chance)
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
    meanChance: afterServed > 0 ? afterChance / afterServed : 0,
    afterChanceMsat: toMsat(afterChance),
    afterInflowMsat: toMsat(sum(({ expectedMsat }) => expectedMsat)),
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
