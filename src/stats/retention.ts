import { partPrefix } from './closed-parts.ts'
import { BUCKETS, bucketStart, type Horizon, horizons } from './windows.ts'

/** A closed bucket that has left a window (or its retention) and awaits being read back. */
export type DueBucket = { horizon: number; prefix: string; start: number }

/** Which closed buckets the windows' totals still hold, and how long buckets are kept. */
export class Retention {
  #horizons: readonly Horizon[]
  /** When the oldest bucket begins that each horizon holds (epoch ms). */
  #low: number[]
  // The start of the newest closed bucket with a part, by length: later ones hold nothing.
  #lastPart = [0, 0, 0]

  constructor(now: number, days: number) {
    this.#horizons = horizons(days)
    this.#low = this.#horizons.map((horizon) => startOf(horizon, now))
  }

  /** Keeps day buckets that many days from now on; those dropped before do not come back. */
  retain(days: number): void {
    this.#horizons = horizons(days)
  }

  /** Returns when the oldest bucket begins that a horizon still holds (epoch ms). */
  lowOf(horizon: number): number {
    return this.#low[horizon] ?? 0
  }

  /** Notes that a closed bucket, of the length at that place of BUCKETS, has a part. */
  notePart(bucket: number, start: number): void {
    this.#lastPart[bucket] = Math.max(this.#lastPart[bucket] ?? 0, start)
  }

  /** Returns since when buckets of a length are kept: until the last horizon of their length. */
  keptSince(bucket: number): number {
    return this.lowOf(this.#horizons.findLastIndex((horizon) => horizon.bucket === bucket))
  }

  /** Returns the columns of the windows that hold the bucket which a time falls into. */
  columnsHolding(at: number): number[] {
    return this.#horizons.flatMap(({ column, bucket }, i) => {
      const start = bucketStart(at, BUCKETS[bucket]?.ms ?? 1)
      return column !== undefined && start >= this.lowOf(i) ? [column] : []
    })
  }

  /** Returns the closed buckets that have left a horizon by now; `running` is where open ones begin. */
  due(now: number, running: readonly number[]): DueBucket[] {
    return this.#horizons.flatMap((horizon, i) => {
      const { name, ms } = bucketOf(horizon)
      const end = Math.min(startOf(horizon, now), running[horizon.bucket] ?? 0)
      const filled = Math.min(end, (this.#lastPart[horizon.bucket] ?? 0) + ms)
      const starts: DueBucket[] = []
      for (let start = this.lowOf(i); start < filled; start += ms) {
        starts.push({ horizon: i, prefix: partPrefix(name, start), start })
      }
      if (starts.length === 0) this.#low[i] = Math.max(this.lowOf(i), end)
      return starts
    })
  }

  /** Moves past a due bucket and returns the horizon that it leaves. */
  leave({ horizon: i, start }: DueBucket): Horizon | undefined {
    const horizon = this.#horizons[i]
    if (horizon) this.#low[i] = Math.max(this.lowOf(i), start + bucketOf(horizon).ms)
    return horizon
  }

  state(): { low: number[]; lastPart: number[] } {
    return { low: [...this.#low], lastPart: [...this.#lastPart] }
  }

  restore({ low, lastPart }: { low: readonly number[]; lastPart: readonly number[] }): void {
    this.#low = this.#horizons.map((_, i) => low[i] ?? this.lowOf(i))
    this.#lastPart = [...lastPart]
  }
}

function bucketOf({ bucket }: Horizon): (typeof BUCKETS)[number] {
  return BUCKETS[bucket] ?? BUCKETS[0]
}

function startOf(horizon: Horizon, now: number): number {
  return bucketStart(now - horizon.ms, bucketOf(horizon).ms)
}
