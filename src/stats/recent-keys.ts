const SEGMENT = 500
// No key is 0: serial numbers of channels begin at 1.
const EMPTY = 0

/**
 * The keys of the HTLCs that ended last, so that a replayed event is known for one. 100,000 keys
 * (LND replays what was in flight when it stopped: at most 966 HTLCs on each of some hundred
 * channels) take about 6 MB. Kept in a ring of segments of 500, the unit in which they are saved.
 */
export class RecentKeys {
  readonly #keys = new Set<number>()
  readonly #ring: Float64Array
  readonly #dirty = new Set<number>()
  #next = 0

  constructor(capacity = 100_000) {
    this.#ring = new Float64Array(Math.ceil(capacity / SEGMENT) * SEGMENT)
  }

  get size(): number {
    return this.#keys.size
  }

  has(key: number): boolean {
    return this.#keys.has(key)
  }

  add(key: number): void {
    if (this.#keys.has(key)) return
    const oldest = this.#ring[this.#next] ?? EMPTY
    if (oldest !== EMPTY) this.#keys.delete(oldest)
    this.#keys.add(key)
    this.#ring[this.#next] = key
    this.#dirty.add(Math.floor(this.#next / SEGMENT))
    this.#next = (this.#next + 1) % this.#ring.length
  }

  /** Forgets a key: its id was given to another HTLC. */
  delete(key: number): void {
    this.#keys.delete(key)
  }

  /** Returns the segments that changed since the last call, with their keys. */
  takeDirty(): { segment: number; keys: number[] }[] {
    const segments = [...this.#dirty].map((segment) => ({
      segment,
      keys: [...this.#ring.subarray(segment * SEGMENT, (segment + 1) * SEGMENT)],
    }))
    this.#dirty.clear()
    return segments
  }

  /** Puts a saved segment back. */
  restore(segment: number, keys: readonly number[]): void {
    keys.slice(0, SEGMENT).forEach((key, i) => {
      const at = segment * SEGMENT + i
      if (at >= this.#ring.length) return
      this.#ring[at] = key
      if (key !== EMPTY) this.#keys.add(key)
    })
  }

  /** Sets where the ring goes on after a restore. */
  resumeAt(next: number): void {
    this.#next = next % this.#ring.length
  }

  get next(): number {
    return this.#next
  }
}
