/** What a minute of a track holds. */
export const RINGS = ['failed', 'passed', 'attempts', 'hot'] as const
export type Ring = (typeof RINGS)[number]

// A minute enters the baseline when it is one to two hours old: two hours and some of slack.
const MINUTES = 128
const MOST = 2 ** 16 - 1
const OFFSETS: Readonly<Record<Ring, number>> = {
  failed: 0,
  passed: MINUTES,
  attempts: 2 * MINUTES,
  hot: 3 * MINUTES,
}

/** The windows tested, in minutes. */
export const WINDOWS_MIN = [5, 15, 60] as const

const COLUMNS = [
  /** Gamma(failed, exposure): forgotten counts and observed minutes, each minute times its season. */
  'failed',
  'passed',
  'exposure',
  /** The same of the last hours as they were (half-life 6 h): what a new level is taken from. */
  'freshFailed',
  'freshPassed',
  'freshExposure',
  /** Observed minutes ever. */
  'observed',
  /** Counted more than two minutes late since the hour began: they feed the baseline alone. */
  'lateFailed',
  'latePassed',
  /** Rate variation φ and spread of the ratio: sums of hourly estimates, and how many. */
  'variationSum',
  'variationHours',
  'spreadSum',
  'spreadHours',
  /** The tail guard of the count test and of the ratio test. */
  'guardHours',
  'countPeaks',
  'countPeakSum',
  'countPeakHour',
  'countPeakMax',
  'ratioPeaks',
  'ratioPeakSum',
  'ratioPeakHour',
  'ratioPeakMax',
  /** The greatest scores of the running hour. */
  'hourCount',
  'hourRatio',
  /** Whether an alert fired in the running hour. */
  'firedInHour',
  /** The season of the last, this and the next hour. */
  'seasonBefore',
  'seasonNow',
  'seasonNext',
  /** The minute up to which the rings are valid, and the last one with a visit or a failure. */
  'minute',
  'visitedAt',
  'failedAt',
  /** The last minute with a score above 4, and when that began. */
  'hotAt',
  'hotSince',
  /** The running episode; 0 when there is none. */
  'firedAt',
  'firedWindow',
  'reach',
  'calmMinutes',
  'firedMinutes',
  'peak',
  'heldSince',
  'endedAt',
  'hasSettled',
  /** Whether the running episode, or the last one, came soon after the one before. */
  'isRecurrent',
  /** Episodes that were incidents: not recurrent, and no part of a larger one. */
  'incidents',
] as const
export type Column = (typeof COLUMNS)[number]

export type SavedTrack = {
  columns: number[]
  rings: number[][]
  hours: number[][]
  worst: number[]
}

/** A prior of half a failure in half an hour: nothing known. */
const PRIOR = { failed: 0.5, passed: 0.5, exposure: 30 } as const

/**
 * The state of one series of counts: what a channel refused, or what a peer's channels or the node
 * did, or what failed downstream. Constant in size: 44 doubles, four rings of 128 minutes of two
 * bytes and a day's profile of two times 24 doubles, measured 3 kB with V8's headers. 500 channels
 * with both families take 3 MB; 10,000 would take 60 MB if every one of them was ever asked for.
 */
export class Track implements Record<Column, number> {
  failed: number = PRIOR.failed
  passed: number = PRIOR.passed
  exposure: number = PRIOR.exposure
  freshFailed = 0
  freshPassed = 0
  freshExposure = 0
  observed = 0
  lateFailed = 0
  latePassed = 0
  variationSum = 0
  variationHours = 0
  spreadSum = 0
  spreadHours = 0
  guardHours = 0
  countPeaks = 0
  countPeakSum = 0
  countPeakHour = 0
  countPeakMax = 0
  ratioPeaks = 0
  ratioPeakSum = 0
  ratioPeakHour = 0
  ratioPeakMax = 0
  hourCount = 0
  hourRatio = 0
  firedInHour = 0
  seasonBefore = 1
  seasonNow = 1
  seasonNext = 1
  minute: number
  visitedAt = 0
  failedAt = 0
  hotAt = 0
  hotSince = 0
  firedAt = 0
  firedWindow = 0
  reach = 0
  calmMinutes = 0
  firedMinutes = 0
  peak = 0
  heldSince = 0
  endedAt = 0
  hasSettled = 0
  isRecurrent = 0
  incidents = 0
  /** Visits and observed hours by hour of the day (UTC), forgotten over 28 days. */
  readonly visitsByHour = new Float64Array(24)
  readonly hoursByHour = new Float64Array(24)
  /** The worst hours, as pairs of score and hour, each later and milder than the one before. */
  readonly worst: number[] = []
  readonly #rings = new Uint16Array(RINGS.length * MINUTES)

  constructor(minute: number) {
    this.minute = minute
  }

  /** Failures an observed minute, season apart. */
  get rate(): number {
    return this.failed / this.exposure
  }

  /** What passed in an observed minute, season apart. */
  get passRate(): number {
    return this.passed / this.exposure
  }

  /** Moves the rings on to a minute: those in between were quiet. */
  advance(minute: number): void {
    if (minute - this.minute >= MINUTES) this.#rings.fill(0)
    else for (let m = this.minute + 1; m <= minute; m++) this.#clear(m)
    this.minute = Math.max(this.minute, minute)
  }

  /** Adds to a minute, which the rings must hold. A ring's cell saturates: 65,535 in a minute. */
  add(ring: Ring, minute: number, count: number): void {
    this.advance(minute)
    const slot = OFFSETS[ring] + (minute & (MINUTES - 1))
    this.#rings[slot] = Math.min(MOST, Math.max(0, (this.#rings[slot] ?? 0) + count))
  }

  at(ring: Ring, minute: number): number {
    if (minute > this.minute || minute <= this.minute - MINUTES) return 0
    return this.#rings[OFFSETS[ring] + (minute & (MINUTES - 1))] ?? 0
  }

  /** The sum of the minutes after `from` and up to `to`. */
  sum(ring: Ring, from: number, to: number): number {
    const offset = OFFSETS[ring]
    const first = Math.max(from, this.minute - MINUTES) + 1
    const last = Math.min(to, this.minute)
    let sum = 0
    for (let m = first; m <= last; m++) sum += this.#rings[offset + (m & (MINUTES - 1))] ?? 0
    return sum
  }

  /** Marks the minutes after `from` and up to `to` as hot, or as not. */
  mark(from: number, to: number, isHot: boolean): void {
    const first = Math.max(from, this.minute - MINUTES) + 1
    for (let m = first; m <= Math.min(to, this.minute); m++) {
      this.#rings[OFFSETS.hot + (m & (MINUTES - 1))] = isHot ? 1 : 0
    }
  }

  save(): SavedTrack {
    return {
      columns: COLUMNS.map((column) => this[column]),
      rings: RINGS.map((ring) => this.#sparse(ring)),
      hours: [[...this.visitsByHour], [...this.hoursByHour]],
      worst: [...this.worst],
    }
  }

  restore(saved: SavedTrack): void {
    COLUMNS.forEach((column, i) => {
      this[column] = saved.columns[i] ?? 0
    })
    RINGS.forEach((ring, r) => {
      const pairs = saved.rings[r] ?? []
      for (let i = 0; i < pairs.length; i += 2) this.add(ring, pairs[i] ?? 0, pairs[i + 1] ?? 0)
    })
    this.visitsByHour.set(saved.hours[0] ?? [])
    this.hoursByHour.set(saved.hours[1] ?? [])
    this.worst.push(...saved.worst)
  }

  #clear(minute: number): void {
    const slot = minute & (MINUTES - 1)
    for (let offset = 0; offset < this.#rings.length; offset += MINUTES) {
      this.#rings[offset + slot] = 0
    }
  }

  /** Minute and count, in turn, of the minutes that hold anything. */
  #sparse(ring: Ring): number[] {
    const pairs: number[] = []
    for (let m = this.minute - MINUTES + 1; m <= this.minute; m++) {
      const count = this.at(ring, m)
      if (count > 0) pairs.push(m, count)
    }
    return pairs
  }
}
