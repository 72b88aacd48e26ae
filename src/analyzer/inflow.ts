import { normalCdf } from './dice.ts'

/** What a neighbour could send us at a time, over one of its channels; undefined: unknown. */
export type Source = {
  key: number
  receivableAt(at: number): number | undefined
  /** At a time, and then each time it changed up to another. */
  receivableBetween(from: number, to: number): readonly number[]
}

/** A demand as it asks the neighbour for balance. Float64 msat. */
export type Inflow = {
  at: number
  amountMsat: number
  /** P(it would have settled). */
  chance: number
  /** For a timer: how many rounds it makes once it gets through; 1 for any other. */
  rounds: number
  isTimer: boolean
  sources: readonly Source[]
}

/** Additional inflow credited so far over one channel: its mean, variance, and as of when. */
type Credit = { mean: number; variance: number; at: number }

// The neighbour did send the HTLC: it had the amount, and a little for its own reserve.
const AT_LEAST = 1.05
const AMOUNT_SPREAD = 1e-4

/**
 * Returns, for demands towards one peer in time order, P(the neighbour still had the amount on its
 * side) given what demands before had used up of it: what we forward in addition must first reach
 * us. The largest single effect of the estimate (1.3 to 1.8 times too high without; estimator.md
 * §3.6). What the neighbour really spent later gives credit back as far as it would have lacked for
 * that. Where balances are unknown nothing is taken off.
 */
export function inflowChances(demands: readonly Inflow[]): Float64Array {
  const credits = new Map<number, Credit>()
  return Float64Array.from(demands, (demand) => {
    const best = roomiest(demand, credits)
    // A demand that was served whole wants nothing any more.
    if (!best || demand.amountMsat <= 0) return 1
    const { credit, room } = best
    const { chance, isTimer, rounds } = demand
    const amount = demand.amountMsat * rounds
    const spread = Math.sqrt(credit.variance + AMOUNT_SPREAD * amount ** 2)
    const q = isTimer ? clamp(room / amount) : normalCdf((room - amount) / spread)
    credit.mean += chance * q * amount
    credit.variance += chance * q * (1 - chance * q) * amount ** 2
    return q
  })
}

function roomiest(
  { at, amountMsat, sources }: Inflow,
  credits: Map<number, Credit>,
): { credit: Credit; room: number } | undefined {
  let best: { credit: Credit; room: number } | undefined
  for (const source of sources) {
    const receivable = source.receivableAt(at)
    if (receivable === undefined) continue
    const credit = credits.get(source.key) ?? { mean: 0, variance: 0, at }
    credits.set(source.key, credit)
    giveBack(credit, source, at)
    const room = Math.max(receivable, AT_LEAST * amountMsat) - credit.mean
    if (!best || room > best.room) best = { credit, room }
  }
  return best
}

// Each time that the neighbour really spent, with less left than was credited, some of that spending
// would not have happened: by so much less it is short of now.
function giveBack(credit: Credit, source: Source, at: number): void {
  const before = credit.mean
  let last: number | undefined
  for (const receivable of source.receivableBetween(credit.at, at)) {
    const spent = last === undefined ? 0 : last - receivable
    if (spent > 0) credit.mean -= Math.max(0, Math.min(credit.mean - receivable, spent))
    last = receivable
  }
  if (before > 0) credit.variance *= credit.mean / before
  credit.at = at
}

function clamp(share: number): number {
  return Math.min(Math.max(share, 0), 1)
}
