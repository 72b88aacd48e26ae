/** A bucket of tokens: `burst` at once, refilled evenly. */
class Bucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #at = 0

  constructor(count: number, perMs: number, burst: number) {
    this.#perMs = count / perMs
    this.#burst = burst
    this.#tokens = burst
  }

  /** Milliseconds until a token is there. */
  waitMs(now: number): number {
    this.#refill(now)
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) / this.#perMs)
  }

  take(now: number): void {
    this.#refill(now)
    this.#tokens -= 1
  }

  #refill(now: number): void {
    const elapsed = Math.max(0, now - this.#at)
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsed * this.#perMs)
    this.#at = now
  }
}

/** Telegram's limit for a whole bot is about 30 messages a second; edits count. */
export function botBucket(): Bucket {
  return new Bucket(25, 1000, 25)
}

/** What one chat may get: about one message a second in short bursts, in groups 20 a minute. */
export class Lane {
  readonly #buckets: readonly Bucket[]
  /** Monotonic ms until which nothing is tried for this chat. */
  frozenUntil = 0
  /** Monotonic ms until which Telegram itself asked to wait. */
  limitedUntil = 0
  /** Messages that wait or are on their way. */
  waiting = 0
  /** Settles when all that was given so far is done: messages of a chat keep their order. */
  tail: Promise<unknown> = Promise.resolve()

  // 5 at once and 15 a minute are at most 20 in any minute.
  constructor(chatId: number) {
    const perSecond = new Bucket(1, 1000, 3)
    this.#buckets = chatId < 0 ? [perSecond, new Bucket(15, 60_000, 5)] : [perSecond]
  }

  waitMs(now: number): number {
    const waits = this.#buckets.map((bucket) => bucket.waitMs(now))
    return Math.max(this.frozenUntil - now, ...waits)
  }

  take(now: number): void {
    for (const bucket of this.#buckets) bucket.take(now)
  }
}
