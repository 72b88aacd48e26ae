import { type Coefficients, logistic, logitOf, pastKnot, scale } from './chance-curve.ts'
import type { Cases, DemandCase } from './demand-cases.ts'
import { afterFailures, anyOfTicks, patienceOf } from './patience.ts'

const NOT_A_TIMER = 0
const DEMANDS_PER_SLICE = 5_000

/**
 * The chances of all refused demands under any coefficients, prepared in columns: an interval takes
 * 400 times 60,000 of them on the largest node.
 */
export class DemandChances {
  /** What failures downstream leave of a demand's chance; 1 for a timer, whose chance holds them. */
  readonly kept: Float64Array
  readonly #patience: number
  readonly #demands: readonly DemandCase[]
  // x, and how far it is past each knot.
  readonly #x: Float64Array
  readonly #past: readonly [Float64Array, Float64Array, Float64Array]
  readonly #isSearch: Uint8Array
  readonly #effect: Uint32Array
  readonly #ticks: Uint32Array

  private constructor(cases: Cases, mode: Coefficients) {
    const { demands } = cases
    this.#demands = demands
    this.#patience = patienceOf(
      cases.timerTries.map(({ trial, ...one }) => ({
        ...one,
        chance: cases.trials.chance(trial, mode),
      })),
    )
    const size = demands.length
    this.#x = new Float64Array(size)
    this.#past = [new Float64Array(size), new Float64Array(size), new Float64Array(size)]
    this.#isSearch = new Uint8Array(size)
    this.#effect = new Uint32Array(size)
    this.#ticks = new Uint32Array(size)
    this.kept = new Float64Array(size)
  }

  /** Prepares the columns of all demands. Yields between slices. */
  static *prepare(cases: Cases, mode: Coefficients): Generator<void, DemandChances> {
    const chances = new DemandChances(cases, mode)
    for (let i = 0; i < cases.demands.length; i++) {
      if (i % DEMANDS_PER_SLICE === DEMANDS_PER_SLICE - 1) yield
      chances.#prepare(i)
    }
    return chances
  }

  #prepare(i: number): void {
    const demand = this.#demands[i]
    if (!demand) return
    const isTimer = demand.kind === 'timer'
    const x = scale(demand.amountMsat)
    this.#x[i] = x
    for (const [knot, past] of this.#past.entries()) past[i] = pastKnot(x, knot)
    this.#isSearch[i] = demand.isSearch ? 1 : 0
    this.#effect[i] = demand.effect
    this.#ticks[i] = isTimer ? demand.ticks : NOT_A_TIMER
    this.kept[i] = isTimer ? 1 : afterFailures(1, demand.failed, this.#patience)
  }

  /** Returns P(a demand would have settled), `kept` included. */
  chance(place: number, coefficients: Coefficients): number {
    const demand = this.#demands[place]
    if (!demand) return 0
    const logit = logitOf(coefficients, this.#x[place] ?? 0, demand.isSearch, demand.effect)
    return logistic(this.#ofTicks(place, logit)) * (this.kept[place] ?? 0)
  }

  /** Fills in the logits of the demands from one on, without what `kept` takes off. */
  fillLogits({ fixed, peers }: Coefficients, logits: Float64Array, first: number): void {
    const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0] = fixed
    const [past0, past1, past2] = this.#past
    for (let i = first; i < logits.length; i++) {
      logits[i] =
        b0 +
        b1 * (this.#x[i] ?? 0) +
        b2 * (past0[i] ?? 0) +
        b3 * (past1[i] ?? 0) +
        b4 * (past2[i] ?? 0) +
        b5 * (this.#isSearch[i] ?? 0) +
        (peers[this.#effect[i] ?? 0] ?? 0)
      if (this.#ticks[i] !== NOT_A_TIMER) logits[i] = this.#ofTicks(i, logits[i] ?? 0)
    }
  }

  /** For a timer, the logit of any of its ticks having settled; for any other demand, as given. */
  #ofTicks(place: number, logit: number): number {
    const ticks = this.#ticks[place] ?? NOT_A_TIMER
    if (ticks === NOT_A_TIMER) return logit
    const failed = this.#demands[place]?.failed ?? 0
    const p = anyOfTicks(logistic(logit), ticks, failed, this.#patience)
    return Math.log(p / (1 - p))
  }
}

/** What a demand is worth if it settles, Float64 msat; a timer that gets through makes its rounds. */
export function worthOf({ kind, feeMsat, leftOut }: DemandCase, rounds: number): number {
  if (leftOut !== undefined) return 0
  return kind === 'timer' ? feeMsat * rounds : feeMsat
}
