/** Those who want to hear of something that happens at the local Bot API. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>()

  /** Adds one; returns a function that lets it go. */
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener)
    return () => this.#all.delete(listener)
  }

  tell(value: T): void {
    for (const listener of this.#all) listener(value)
  }
}
