type Entry = { at: number; order: number; run: () => void }

/** What is to happen in the simulated world, soonest first; equal times in the order of planning. */
export class WorldQueue {
  readonly #heap: Entry[] = []
  #order = 0

  add(at: number, run: () => void): void {
    this.#heap.push({ at, order: this.#order++, run })
    this.#rise(this.#heap.length - 1)
  }

  /** Returns when the soonest is due, or undefined when nothing is planned. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.at
  }

  /** Takes out what is due the soonest. */
  take(): Entry | undefined {
    const first = this.#heap[0]
    const last = this.#heap.pop()
    if (first !== last && last) {
      this.#heap[0] = last
      this.#sink(0)
    }
    return first
  }

  #rise(from: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#isBefore(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(from: number): void {
    let at = from
    for (;;) {
      const left = 2 * at + 1
      const child = this.#isBefore(left + 1, left) ? left + 1 : left
      if (!this.#isBefore(child, at)) return
      this.#swap(at, child)
      at = child
    }
  }

  #isBefore(a: number, b: number): boolean {
    const x = this.#heap[a]
    const y = this.#heap[b]
    if (!x || !y) return false
    return x.at < y.at || (x.at === y.at && x.order < y.order)
  }

  #swap(a: number, b: number): void {
    const x = this.#heap[a]
    const y = this.#heap[b]
    if (!x || !y) return
    this.#heap[a] = y
    this.#heap[b] = x
  }
}
