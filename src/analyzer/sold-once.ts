import type { WindowDemand } from './views.ts'

/** What a demand takes at the most, all rounds (Float64 msat), what it needs at once, its fee per msat. */
type Offer = { wanted: number; needed: number; price: number }

/** What demands offered, best paid first. */
export class Offers {
  readonly #offers: readonly Offer[]

  /** `needed` is what each demand lacked, Float64 msat: less than that does not serve it. */
  constructor(demands: readonly WindowDemand[], needed: readonly number[]) {
    this.#offers = demands
      .map((one, i) => ({
        wanted: one.demand.wantedMsat * roundsOf(one),
        needed: needed[i] ?? Infinity,
        price: one.demand.feeMsat / Math.max(1, one.demand.wantedMsat),
      }))
      .sort((a, b) => b.price - a.price)
  }

  /**
   * The most that `soldMsat` earn, each of them once, at the best prices of those whom moving in
   * `amountMsat` can serve; Float64 msat.
   */
  mostFor(soldMsat: number, amountMsat: number): number {
    let left = soldMsat
    let earned = 0
    for (const { wanted, needed, price } of this.#offers) {
      if (left <= 0) break
      if (needed > amountMsat) continue
      const sold = Math.min(wanted, left)
      earned += sold * price
      left -= sold
    }
    return earned
  }
}

/** How often a demand counts: more than once for a timer. */
function roundsOf({ demand, inflow, expectedMsat }: WindowDemand): number {
  const once = demand.feeMsat * demand.chance * inflow
  return once > 0 ? Math.max(1, expectedMsat / once) : 1
}
