import { type Coefficients, logistic, logitOf, scale } from './chance-model.ts'
import type { Cases, DemandCase } from './demand-cases.ts'
import { afterFailures, anyOfTicks, patienceOf } from './patience.ts'

/** Returns the chances of all refused demands under given coefficients, into `chances`. */
export type FillChances = (coefficients: Coefficients, chances: Float64Array) => void

/** Prepares the chances of refused demands; own timers tell how patient one may be (at the mode). */
export function prepareChances(cases: Cases, mode: Coefficients): FillChances {
  const patience = patienceOf(
    cases.timerTries.flatMap(({ trial, ...one }) => {
      const known = cases.trials[trial]
      if (!known) return []
      const { amountMsat, isSearch, peer } = known
      return { ...one, chance: logistic(logitOf(mode, scale(amountMsat), isSearch, peer)) }
    }),
  )
  const prepared = cases.demands.map((demand) => ({
    x: scale(demand.wholeMsat),
    isSearch: demand.isSearch,
    peer: cases.peers.get(demand.peer) ?? -1,
    failed: demand.failed,
    ticks: demand.kind === 'timer' ? demand.ticks : 0,
  }))
  return (coefficients, chances) => {
    for (let i = 0; i < prepared.length; i++) {
      const one = prepared[i]
      if (!one) continue
      const p = logistic(logitOf(coefficients, one.x, one.isSearch, one.peer))
      if (one.ticks > 0) chances[i] = anyOfTicks(p, one.ticks, one.failed, patience)
      else chances[i] = one.failed > 0 ? afterFailures(p, one.failed, patience) : p
    }
  }
}

/** What a demand is worth if it settles, Float64 msat; a timer that gets through makes its rounds. */
export function worthOf({ kind, feeMsat, leftOut }: DemandCase, rounds: number): number {
  if (leftOut !== undefined) return 0
  return kind === 'timer' ? feeMsat * rounds : feeMsat
}
