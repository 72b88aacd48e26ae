import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

// One channel that it cannot compute is no outage; three questions in a row without an answer are.
const FAILURES_OF_AN_OUTAGE = 3
const REST_MS = 60_000

/**
 * Whether lnd-manage answers. Logs each change once; during an outage one question a minute is let
 * through, so that an absent one costs neither time nor lines.
 */
export class Presence {
  readonly #clock: Clock
  readonly #log: Log
  #state: 'unknown' | 'present' | 'absent' = 'unknown'
  #failures = 0
  #askAgainAt = 0

  constructor(clock: Clock, log: Log) {
    this.#clock = clock
    this.#log = log
  }

  /** Returns whether a question may be asked now; during an outage the next may after a minute. */
  mayAsk(): boolean {
    if (this.#state !== 'absent') return true
    const now = this.#clock.monotonic()
    if (now < this.#askAgainAt) return false
    this.#askAgainAt = now + REST_MS
    return true
  }

  answered(): void {
    this.#failures = 0
    if (this.#state === 'present') return
    this.#log.info('lnd-manage answers')
    this.#state = 'present'
  }

  failed(reason: string): void {
    this.#log.debug({ reason }, 'a question to lnd-manage failed')
    this.#failures += 1
    if (this.#state === 'absent' || this.#failures < FAILURES_OF_AN_OUTAGE) return
    this.#log.warn(
      { reason },
      'lnd-manage does not answer; what it knows is left out until it does',
    )
    this.#state = 'absent'
    this.#askAgainAt = this.#clock.monotonic() + REST_MS
  }
}
