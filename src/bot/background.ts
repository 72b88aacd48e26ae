import type { Clock } from '../clock.ts'
import { within } from './within.ts'

// What takes longer than this would keep others, or the same person's next press, waiting.
const PATIENCE_MS = 300
// A command that hangs must not hold up the end of the program.
const CLOSING_MS = 3_000

/** Answers that take long, while further updates are handled. Disposing it waits for them. */
export class Background implements AsyncDisposable {
  readonly #clock: Clock
  // As many as people ask for at once: each ends with its command, within half a minute.
  readonly #works = new Set<Promise<void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when the work is done, or takes long; rejects as it does until then. */
  async begin(work: Promise<void>): Promise<void> {
    this.#works.add(work)
    const forget = () => this.#works.delete(work)
    work.then(forget, forget)
    await within(PATIENCE_MS, this.#clock, work)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await within(CLOSING_MS, this.#clock, Promise.allSettled(this.#works))
  }
}
