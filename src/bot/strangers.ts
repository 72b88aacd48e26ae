const WINDOW_MS = 10 * 60_000
/** So many answers one stranger gets in ten minutes, and all of them together. */
export const MAX_OF_ONE = 5
export const MAX_OF_ALL = 20

/**
 * Limits what strangers get to hear. Remembers no more than the 20 answers of the last ten minutes,
 * since the 21st stranger is met with silence.
 */
export class Strangers {
  #answered: { id: number; at: number }[] = []

  /** Returns whether this stranger gets one more answer, and counts it. Times are monotonic ms. */
  allows(id: number, now: number): boolean {
    this.#answered = this.#answered.filter(({ at }) => now - at < WINDOW_MS)
    const own = this.#answered.filter((one) => one.id === id).length
    if (own >= MAX_OF_ONE || this.#answered.length >= MAX_OF_ALL) return false
    this.#answered.push({ id, at: now })
    return true
  }
}
