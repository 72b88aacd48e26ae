import { type Scid, scidFromHalves } from '../lightning/scid.ts'

// 2^15 sets of four: at 10,000 channels nearly all stay in. Two Uint32Arrays of 131,072 (1 MB), the
// array of references (1 MB) and, at most, as many strings of about 40 bytes (5 MB), which only a
// flood of invented channel ids would fill.
const SETS = 1 << 15
const WAYS = 4

/**
 * The texts of the channel ids that the event stream names, so that an event costs no new string.
 * Of fixed size: an id that finds no place takes the place of another, which is made anew when
 * it comes again.
 */
export class ScidCache {
  readonly #highs = new Uint32Array(SETS * WAYS)
  readonly #lows = new Uint32Array(SETS * WAYS)
  readonly #scids: (Scid | undefined)[] = new Array(SETS * WAYS).fill(undefined)
  #victim = 0

  /** Returns the id of a uint64 given as two unsigned 32-bit halves; undefined for 0. */
  get(high: number, low: number): Scid | undefined {
    if (high === 0 && low === 0) return undefined
    const first = setOf(high, low)
    for (let way = first; way < first + WAYS; way += 1) {
      if (this.#lows[way] === low && this.#highs[way] === high) return this.#scids[way]
    }
    return this.#add(first, high, low)
  }

  #add(first: number, high: number, low: number): Scid {
    let way = first
    while (way < first + WAYS && this.#scids[way] !== undefined) way += 1
    if (way === first + WAYS) way = first + this.#nextVictim()
    const scid = scidFromHalves(high, low)
    this.#highs[way] = high
    this.#lows[way] = low
    this.#scids[way] = scid
    return scid
  }

  #nextVictim(): number {
    this.#victim = (this.#victim + 1) % WAYS
    return this.#victim
  }
}

function setOf(high: number, low: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
  return (mixed >>> 17) * WAYS
}
