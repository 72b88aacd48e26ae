const SEGMENT = 500
// No key is 0: serial numbers of channels begin at 1.
const EMPTY = 0

/**
 * The keys of the HTLCs that ended last, so that a replayed event is known for one: 100,000 of them
 * (LND replays what was in flight when it stopped: at most 966 HTLCs on each of some hundred
 * channels). A ring of segments of 500, the unit in which they are saved, gives the order; an open
 * hash table of Float64 of at most half its size finds them. Together 100,000 · 8 B + 262,144 · 8 B
 * = 2.9 MB, where a Set of as many doubles takes 6 MB and the garbage collector's time.
 */
export class RecentKeys {
  readonly #ring: Float64Array
  readonly #table: Float64Array
  readonly #mask: number
  readonly #dirty = new Set<number>()
  #next = 0
  #size = 0

  constructor(capacity = 100_000) {
    this.#ring = new Float64Array(Math.ceil(capacity / SEGMENT) * SEGMENT)
    const slots = 2 ** Math.ceil(Math.log2(this.#ring.length * 2))
    this.#table = new Float64Array(slots)
    this.#mask = slots - 1
  }

  get size(): number {
    return this.#size
  }

  /** Where the ring goes on: saved beside the segments. */
  get next(): number {
    return this.#next
  }

  has(key: number): boolean {
    return this.#table[this.#slotOf(key)] === key
  }

  add(key: number): void {
    if (this.has(key)) return
    const oldest = this.#ring[this.#next] ?? EMPTY
    if (oldest !== EMPTY) this.delete(oldest)
    this.#insert(key)
    this.#ring[this.#next] = key
    this.#dirty.add(Math.floor(this.#next / SEGMENT))
    this.#next = (this.#next + 1) % this.#ring.length
  }

  /** Forgets a key: its id was given to another HTLC. */
  delete(key: number): void {
    const slot = this.#slotOf(key)
    if (this.#table[slot] !== key) return
    this.#table[slot] = EMPTY
    this.#size--
    this.#closeHole(slot)
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
      if (at >= this.#ring.length || key === EMPTY || this.has(key)) return
      this.#ring[at] = key
      this.#insert(key)
    })
  }

  /** Sets where the ring goes on after a restore. */
  resumeAt(next: number): void {
    this.#next = next % this.#ring.length
  }

  #insert(key: number): void {
    this.#table[this.#slotOf(key)] = key
    this.#size++
  }

  /** The slot that holds the key, or the empty one where it belongs. */
  #slotOf(key: number): number {
    let slot = this.#home(key)
    for (;;) {
      const held = this.#table[slot]
      if (held === key || held === EMPTY) return slot
      slot = (slot + 1) & this.#mask
    }
  }

  // Keys that were pushed past the hole by a collision move back, so that a search may end at any
  // empty slot.
  #closeHole(hole: number): void {
    let slot = (hole + 1) & this.#mask
    for (;;) {
      const key = this.#table[slot] ?? EMPTY
      if (key === EMPTY) return
      this.#table[slot] = EMPTY
      this.#table[this.#slotOf(key)] = key
      slot = (slot + 1) & this.#mask
    }
  }

  // Keys are serial · 2^32 + HTLC id, the ids of a channel in a row: both halves are mixed by
  // Knuth's multiplicative constant (2^32 / golden ratio).
  #home(key: number): number {
    const high = Math.floor(key / 2 ** 32)
    const mixed = Math.imul(high, 0x9e3779b1) ^ Math.imul(key >>> 0, 0x85ebca6b)
    return (mixed ^ (mixed >>> 15)) & this.#mask
  }
}
