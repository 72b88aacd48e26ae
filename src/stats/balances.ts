import { type Channel, keptMsat } from '../lightning/channel.ts'

/** Both sides of a channel at a time; Float64 msat, epoch ms. */
export type BalancePoint = { at: number; localMsat: number; remoteMsat: number }

const WIDTH = 3
// A point is worth keeping when a balance moved by this share of the capacity ...
const STEP = 1 / 64
// ... at most once a minute, which is how often LND is asked; and smaller moves once an hour.
const LEAST_MS = 60_000
const USUAL_MS = 3_600_000
const SEGMENT = 64

/**
 * The balances of a channel through time: what LND lists, moved by HTLCs in between. Points are kept
 * when something moved; when there are too many, every second of the older half goes, so that the
 * past is remembered more coarsely than the present.
 */
export class Balances {
  /** Now; undefined before LND has listed the channel. */
  localMsat: number | undefined
  remoteMsat: number | undefined
  /** What of our side cannot be spent (reserve, fee buffer), and of the peer's side. */
  #localKeptMsat = 0
  #remoteKeptMsat = 0
  #capacityMsat = 0
  #points = new Float64Array(8 * WIDTH)
  #count = 0
  readonly #dirty = new Set<number>()

  /** Takes over what LND lists. `room` is how many points this channel may keep. */
  list(channel: Channel, at: number, room: number): void {
    this.resume(channel)
    this.#note(at, room)
  }

  /** Goes on from what LND listed last, without a point of its own. */
  resume(channel: Channel): void {
    this.localMsat = Number(channel.localMsat)
    this.remoteMsat = Number(channel.remoteMsat)
    this.#capacityMsat = Number(channel.capacityMsat)
    this.#localKeptMsat = Number(keptMsat(channel))
    this.#remoteKeptMsat = Number(channel.remoteReserveMsat)
  }

  /** Moves both sides by an HTLC (msat, negative: away); nothing while they are unknown. */
  move(localMsat: number, remoteMsat: number, at: number, room: number): void {
    if (this.localMsat === undefined || this.remoteMsat === undefined) return
    this.localMsat = this.#within(this.localMsat + localMsat)
    this.remoteMsat = this.#within(this.remoteMsat + remoteMsat)
    this.#note(at, room)
  }

  /** What we can send now, in msat; undefined while unknown. */
  get spendableMsat(): number | undefined {
    return this.localMsat === undefined
      ? undefined
      : Math.max(0, this.localMsat - this.#localKeptMsat)
  }

  /** What we could send at a time; undefined while unknown. */
  spendableAt(at: number): number | undefined {
    const point = this.at(at)
    return point && Math.max(0, point.localMsat - this.#localKeptMsat)
  }

  /** What the peer could send us at a time; undefined while unknown. */
  receivableAt(at: number): number | undefined {
    const point = this.at(at)
    return point && Math.max(0, point.remoteMsat - this.#remoteKeptMsat)
  }

  /** The last point at or before a time, else the first; undefined when there is none. */
  at(time: number): BalancePoint | undefined {
    return this.#count === 0 ? undefined : this.#point(this.#placeAt(time))
  }

  #placeAt(time: number): number {
    let low = 0
    let high = this.#count - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#points[middle * WIDTH] ?? 0) <= time) low = middle
      else high = middle - 1
    }
    return low
  }

  get size(): number {
    return this.#count
  }

  /** All points, oldest first. */
  *[Symbol.iterator](): Generator<BalancePoint> {
    for (let i = 0; i < this.#count; i++) yield this.#point(i)
  }

  /** Returns the segments of 64 points that changed since the last call, as saved. */
  takeDirty(): { segment: number; points: number[] }[] {
    const changed = [...this.#dirty].map((segment) => ({ segment, points: this.#saved(segment) }))
    this.#dirty.clear()
    return changed
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0
  }

  /** Puts a saved segment back; segments come in their order. */
  restore(points: readonly number[]): void {
    for (let i = 0; i + WIDTH <= points.length; i += WIDTH) {
      const [at = 0, localMsat = 0, remoteMsat = 0] = points.slice(i, i + WIDTH)
      if (at >= this.#lastAt) this.#append(at, localMsat, remoteMsat)
    }
    this.#dirty.clear()
  }

  /** Epoch ms of the last point; 0 before the first. */
  get #lastAt(): number {
    return this.#points[(this.#count - 1) * WIDTH] ?? 0
  }

  get #last(): BalancePoint | undefined {
    return this.#count === 0 ? undefined : this.#point(this.#count - 1)
  }

  #note(at: number, room: number): void {
    const { localMsat = 0, remoteMsat = 0 } = this
    // Told by a clock that has been set back since.
    while (this.#lastAt > at) this.#dropLast()
    if (at - this.#lastAt < LEAST_MS) return
    const last = this.#last
    if (last) {
      const moved = Math.max(
        Math.abs(localMsat - last.localMsat),
        Math.abs(remoteMsat - last.remoteMsat),
      )
      if (moved === 0) return
      if (moved < this.#capacityMsat * STEP && at - last.at < USUAL_MS) return
    }
    if (this.#count >= room) this.#thin()
    this.#append(at, localMsat, remoteMsat)
  }

  #append(at: number, localMsat: number, remoteMsat: number): void {
    if (this.#points.length < (this.#count + 1) * WIDTH) {
      const larger = new Float64Array(this.#points.length * 2)
      larger.set(this.#points)
      this.#points = larger
    }
    this.#points.set([at, localMsat, remoteMsat], this.#count * WIDTH)
    this.#dirty.add(Math.floor(this.#count / SEGMENT))
    this.#count++
  }

  #dropLast(): void {
    this.#count--
    this.#dirty.add(Math.floor(this.#count / SEGMENT))
  }

  #thin(): void {
    const before = this.#count
    const half = before >> 1
    let kept = 0
    for (let i = 0; i < before; i++) {
      if (i < half && i % 2 === 1) continue
      this.#points.copyWithin(kept * WIDTH, i * WIDTH, (i + 1) * WIDTH)
      kept++
    }
    this.#count = kept
    for (let i = 0; i < before; i += SEGMENT) this.#dirty.add(i / SEGMENT)
  }

  #point(i: number): BalancePoint {
    const from = i * WIDTH
    return {
      at: this.#points[from] ?? 0,
      localMsat: this.#points[from + 1] ?? 0,
      remoteMsat: this.#points[from + 2] ?? 0,
    }
  }

  #saved(segment: number): number[] {
    const end = Math.min(this.#count, (segment + 1) * SEGMENT)
    return [...this.#points.subarray(segment * SEGMENT * WIDTH, end * WIDTH)]
  }

  #within(msat: number): number {
    return Math.min(Math.max(0, msat), this.#capacityMsat)
  }
}
