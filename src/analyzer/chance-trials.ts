import { type Coefficients, logistic, logitOf, scale } from './chance-curve.ts'

/** An own trial: a demand whose first attempt we forwarded, and the share of it that settled. */
export type Trial = {
  /** Float64 msat. */
  amountMsat: number
  /** Whether other amounts came between the same peers within seconds. */
  isSearch: boolean
  /** Place of the outgoing peer's effect. */
  peer: number
  /** 0 … 1. */
  settled: number
  /** Less for what is long ago. */
  weight: number
}

/** Own trials in columns: a large node has 200,000 of them, and the fit goes through all some ten times. */
export class Trials {
  size = 0
  x = new Float64Array(1_024)
  settled = new Float32Array(1_024)
  weight = new Float32Array(1_024)
  peer = new Uint32Array(1_024)
  isSearch = new Uint8Array(1_024)

  /** Appends a trial; returns its place. */
  add({ amountMsat, isSearch, peer, settled, weight }: Trial): number {
    if (this.size === this.x.length) this.#grow()
    this.x[this.size] = scale(amountMsat)
    this.settled[this.size] = settled
    this.weight[this.size] = weight
    this.peer[this.size] = peer
    this.isSearch[this.size] = isSearch ? 1 : 0
    return this.size++
  }

  /** P(a trial settles) under coefficients. */
  chance(place: number, coefficients: Coefficients): number {
    const { x, isSearch, peer } = this
    return logistic(logitOf(coefficients, x[place] ?? 0, isSearch[place] === 1, peer[place] ?? 0))
  }

  #grow(): void {
    this.x = grown(this.x, new Float64Array(this.size * 2))
    this.settled = grown(this.settled, new Float32Array(this.size * 2))
    this.weight = grown(this.weight, new Float32Array(this.size * 2))
    this.peer = grown(this.peer, new Uint32Array(this.size * 2))
    this.isSearch = grown(this.isSearch, new Uint8Array(this.size * 2))
  }
}

function grown<T extends Float64Array | Float32Array | Uint32Array | Uint8Array>(
  from: T,
  to: T,
): T {
  to.set(from)
  return to
}
