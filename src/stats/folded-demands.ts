import { type DemandRow, FLAGS, NO_REFUSAL } from './demand-columns.ts'

const DAY_MS = 86_400_000
// 120 bytes each: 6 MB. Only a node that makes more than 250,000 demands in 30 days folds at all.
const MAX_ENTRIES = 50_000

/** Demands of one day, channel and class that no longer stand on their own. */
export type FoldedDemand = {
  /** Epoch ms of the UTC day's start. */
  day: number
  /** The channel asked for, by serial. */
  asked: number
  failureCode: number
  isLiquidity: boolean
  demands: number
  attempts: number
  /** Float64 msat and msat²: what the analysis before had expected of them. */
  expectedMsat: number
  variance: number
}

/** As saved: [asked, failure code, liquidity, demands, attempts, expected, variance]. */
export type FoldedDay = [number, number, 0 | 1, number, number, number, number][]

/** Day totals by channel and class of the demands that the log had no room for. */
export class FoldedDemands {
  readonly #days = new Map<number, Map<string, FoldedDemand>>()
  readonly #dirty = new Set<number>()
  #size = 0
  /** Entries that even the totals had no room for: of their demands nothing is known. */
  dropped = 0

  /** How many demands are in the totals. */
  get demands(): number {
    let sum = 0
    for (const one of this.since(0)) sum += one.demands
    return sum
  }

  get size(): number {
    return this.#size
  }

  /** Adds a row that leaves the log; one without money adds nothing. */
  add(row: DemandRow): void {
    if (row.failureCode === NO_REFUSAL || (row.flags & FLAGS.ignored) !== 0) return
    const isLiquidity = (row.flags & FLAGS.liquidity) !== 0
    const entry = this.#entry(dayOf(row.at), row.asked, row.failureCode, isLiquidity)
    entry.demands++
    entry.attempts += row.attempts
    entry.expectedMsat += row.expected
    entry.variance += row.variance
  }

  /** All entries since a time. */
  *since(from: number): Generator<FoldedDemand> {
    for (const [day, entries] of this.#days) if (day + DAY_MS > from) yield* entries.values()
  }

  /** Forgets the days that ended before a time. */
  prune(before: number): void {
    for (const day of this.#days.keys()) if (day + DAY_MS <= before) this.#forget(day)
  }

  /** Returns the days that changed since the last call; of one that is gone, undefined. */
  takeDirty(): { day: number; entries: FoldedDay | undefined }[] {
    const changed = [...this.#dirty].map((day) => ({ day, entries: this.#saved(day) }))
    this.#dirty.clear()
    return changed
  }

  restore(day: number, entries: FoldedDay): void {
    for (const [asked, code, liquidity, demands, attempts, expectedMsat, variance] of entries) {
      const entry = this.#entry(day, asked, code, liquidity === 1)
      Object.assign(entry, { demands, attempts, expectedMsat, variance })
    }
    this.#dirty.delete(day)
  }

  #entry(day: number, asked: number, failureCode: number, isLiquidity: boolean): FoldedDemand {
    const entries = this.#days.get(day) ?? new Map<string, FoldedDemand>()
    this.#days.set(day, entries)
    this.#dirty.add(day)
    const key = `${asked} ${failureCode} ${isLiquidity}`
    const known = entries.get(key)
    if (known) return known
    const sums = { demands: 0, attempts: 0, expectedMsat: 0, variance: 0 }
    const entry = { day, asked, failureCode, isLiquidity, ...sums }
    entries.set(key, entry)
    if (++this.#size > MAX_ENTRIES) this.#forgetOldest()
    return entry
  }

  #forgetOldest(): void {
    const oldest = Math.min(...this.#days.keys())
    this.dropped += this.#days.get(oldest)?.size ?? 0
    this.#forget(oldest)
  }

  #forget(day: number): void {
    this.#size -= this.#days.get(day)?.size ?? 0
    this.#days.delete(day)
    this.#dirty.add(day)
  }

  #saved(day: number): FoldedDay | undefined {
    const entries = this.#days.get(day)
    if (!entries) return undefined
    return [...entries.values()].map((one) => [
      one.asked,
      one.failureCode,
      one.isLiquidity ? 1 : 0,
      one.demands,
      one.attempts,
      one.expectedMsat,
      one.variance,
    ])
  }
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS
}
