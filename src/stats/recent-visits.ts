const HOUR_MS = 60 * 60_000
// The last 64 counted visits tell who comes and why as well as those of a busy hour would: at most
// 64 · 3 · 8 B = 1.5 kB a channel, and next to nothing for one that refuses little.
const KEPT = 64
// Two at most come from the only channel that brings any.
const AHEAD = 2

/** A counted visit: when, through which channel (its serial), and why it was refused. */
export type CountedVisit = { at: number; incoming: number; failureCode: number }

/**
 * The visits to one channel that were counted last. No neighbour fills it alone: within an hour one
 * incoming channel counts at most two more than all others together, decided when a visit begins.
 * That is what keeps amount searches and timers of one sender from ringing.
 */
export class RecentVisits {
  readonly #at: number[] = []
  readonly #incoming: number[] = []
  readonly #failure: number[] = []
  #next = 0

  /** Counts a visit unless its neighbour has had more than its share; returns whether it counts. */
  admit(visit: CountedVisit): boolean {
    if (this.#leadOf(visit.incoming, visit.at - HOUR_MS) >= AHEAD) return false
    this.#keep(visit)
    return true
  }

  /** The visits counted since a time, oldest first; of the last 64. */
  since(from: number): CountedVisit[] {
    const visits: CountedVisit[] = []
    const size = this.#at.length
    for (let i = 0; i < size; i++) {
      const slot = (this.#next + i) % size
      const at = this.#at[slot] ?? 0
      const incoming = this.#incoming[slot] ?? 0
      if (at > from) visits.push({ at, incoming, failureCode: this.#failure[slot] ?? 0 })
    }
    return visits
  }

  /** Puts visits back as `since` gave them. */
  restore(visits: readonly CountedVisit[]): void {
    for (const visit of visits) this.#keep(visit)
  }

  #keep({ at, incoming, failureCode }: CountedVisit): void {
    this.#at[this.#next] = at
    this.#incoming[this.#next] = incoming
    this.#failure[this.#next] = failureCode
    this.#next = (this.#next + 1) % KEPT
  }

  /** How many more came through one channel than through all others. */
  #leadOf(incoming: number, from: number): number {
    let lead = 0
    for (let i = 0; i < this.#at.length; i++) {
      if ((this.#at[i] ?? 0) <= from) continue
      lead += this.#incoming[i] === incoming ? 1 : -1
    }
    return lead
  }
}
