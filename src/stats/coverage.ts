/** An interval in which the event stream was up (epoch ms). */
export type Interval = { from: number; to: number }

/** A time that the stream was not up, and how far LND's history has been read to fill it. */
export type Gap = { from: number; to: number; filledTo: number }

export type CoverageState = { intervals: Interval[]; gaps: Gap[] }

// Intervals of the last 31 days serve the longest window. 2,000 of them is a reconnect every 22
// minutes for a month; beyond that the two oldest are joined by dropping the older one.
const KEPT_MS = 31 * 86_400_000
const MAX_INTERVALS = 2_000
// Forwards before the first stream: what the longest window shows.
export const FIRST_FILL_MS = 30 * 86_400_000
// A forward settles in LND's history before the stream tells of it, by seconds or (its payer being
// offline) minutes: what ended shortly before a gap may never have been told.
export const OVERLAP_MS = 2 * 60_000
// A machine that slept, or a clock that was set forward: while it runs, a heartbeat or an event
// comes far more often than this.
const LONGEST_SILENCE_MS = 10 * 60_000
// A reconnect storm leaves many small gaps; each is read from LND's history once.
const MAX_GAPS = 500

/**
 * When the stream was up. Times in which it was not are uncovered for ever: refusals then are
 * unknown; settled forwards are filled in from LND's ForwardingHistory.
 */
export class Coverage {
  #intervals: Interval[] = []
  #upSince: number | undefined
  #lastSeen = 0
  #gaps: Gap[] = []

  get isUp(): boolean {
    return this.#upSince !== undefined
  }

  /** Epoch ms of the first coverage that is still remembered. */
  get since(): number | undefined {
    return this.#intervals[0]?.from ?? this.#upSince
  }

  /** The stream is up. Whatever lies between the last coverage and now is a gap to fill. */
  up(at: number): void {
    if (this.#upSince !== undefined) this.down(at)
    const last = this.#intervals.at(-1)
    const from = last ? Math.min(last.to, at) : at - FIRST_FILL_MS
    if (at > from || last) this.#gaps.push({ from, to: at, filledTo: from - OVERLAP_MS })
    if (this.#gaps.length > MAX_GAPS) this.#joinGaps()
    this.#upSince = at
    this.#lastSeen = at
  }

  /** The stream still was up at that time. */
  seen(at: number): void {
    if (at > this.#lastSeen) this.#lastSeen = at
  }

  /**
   * Whether so long nothing was seen, although a heartbeat comes every half minute, that the machine
   * must have slept: what was refused or settled then is unknown.
   */
  hasSlept(now: number): boolean {
    return this.isUp && now - this.#lastSeen > LONGEST_SILENCE_MS
  }

  /** The stream ended, at the latest when it was last seen. */
  sleep(): void {
    this.down(this.#lastSeen)
  }

  /** The stream ended. */
  down(at: number): void {
    if (this.#upSince === undefined) return
    this.#intervals.push({ from: this.#upSince, to: Math.max(at, this.#upSince) })
    this.#upSince = undefined
    if (this.#intervals.length > MAX_INTERVALS) this.#intervals.shift()
  }

  /** For how long of a span the stream was up, in ms. */
  coveredMs(from: number, to: number): number {
    let sum = 0
    let counted = from
    for (const interval of this.#all(to)) {
      sum += Math.max(0, Math.min(to, interval.to) - Math.max(counted, interval.from))
      counted = Math.max(counted, interval.to)
    }
    return sum
  }

  /** The times within a span at which the stream was down, newest first, after the first coverage. */
  holes(now: number, most: number): { from: number; to: number | undefined }[] {
    const holes: { from: number; to: number | undefined }[] = []
    const all = this.#all(now)
    const last = all.at(-1)
    if (last && !this.isUp) holes.push({ from: last.to, to: undefined })
    for (let i = all.length - 1; i > 0 && holes.length < most; i--) {
      holes.push({ from: all[i - 1]?.to ?? 0, to: all[i]?.from })
    }
    return holes.slice(0, most)
  }

  /** The times within a span at which nobody listened, oldest first; before the first coverage, too. */
  uncovered(from: number, to: number): Interval[] {
    const found: Interval[] = []
    let known = from
    for (const interval of this.#all(to)) {
      if (interval.from > known) found.push({ from: known, to: Math.min(interval.from, to) })
      known = Math.max(known, interval.to)
    }
    found.push({ from: known, to })
    return found.filter((one) => one.to > one.from)
  }

  /** The times within a span of which settled forwards are not known yet, oldest first. */
  unread(from: number, to: number): Interval[] {
    const gaps = this.#gaps.map((gap) => ({ from: Math.max(gap.from, gap.filledTo), to: gap.to }))
    const last = this.#intervals.at(-1)
    // Of an outage that goes on nothing can be read.
    if (last && !this.isUp) gaps.push({ from: last.to, to })
    return gaps
      .map((gap) => ({ from: Math.max(gap.from, from), to: Math.min(gap.to, to) }))
      .filter((gap) => gap.to > gap.from)
  }

  /** The gaps that LND's history has not filled yet, oldest first. */
  get gaps(): readonly Gap[] {
    return this.#gaps
  }

  /** Notes that a gap is filled up to a time; a gap filled to its end is done with. */
  filled(gap: Gap, to: number): void {
    gap.filledTo = Math.max(gap.filledTo, to)
    if (gap.filledTo >= gap.to) this.#gaps = this.#gaps.filter((other) => other !== gap)
  }

  /** Drops what no window reaches any more. */
  prune(now: number): void {
    this.#intervals = this.#intervals.filter(({ to }) => to >= now - KEPT_MS)
  }

  state(): CoverageState {
    const running = this.#upSince === undefined ? [] : [{ from: this.#upSince, to: this.#lastSeen }]
    return {
      intervals: [...this.#intervals, ...running],
      gaps: this.#gaps.map((gap) => ({ ...gap })),
    }
  }

  restore(state: CoverageState): void {
    this.#intervals = [...state.intervals]
    this.#gaps = state.gaps.map((gap) => ({ ...gap }))
  }

  #all(now: number): Interval[] {
    const running = this.#upSince === undefined ? [] : [{ from: this.#upSince, to: now }]
    return [...this.#intervals, ...running]
  }

  #joinGaps(): void {
    const [first, second, ...rest] = this.#gaps
    if (first && second) this.#gaps = [{ ...first, to: second.to }, ...rest]
  }
}
