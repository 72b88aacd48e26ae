import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

export type ReachDeps = {
  clock: Clock
  log: Log
  /** One call that shows whether Telegram answers; rejects when it does not. */
  probe(): Promise<unknown>
  /** 0 … 1. */
  random(): number
}

const FIRST_WAIT_MS = 1_000
// One call a minute for the whole bot, however much waits.
const LONGEST_WAIT_MS = 60_000

/** Whether Telegram can be reached. While it cannot, one probe asks for all who wait. */
export class Reach {
  readonly #deps: ReachDeps
  readonly #signal: AbortSignal
  #waitMs = FIRST_WAIT_MS
  #probing: Promise<void> | undefined

  constructor(deps: ReachDeps, signal: AbortSignal) {
    this.#deps = deps
    this.#signal = signal
  }

  get isLost(): boolean {
    return this.#probing !== undefined
  }

  /** Notes that a call did not get through. */
  lost(): void {
    this.#probing ??= this.#probe()
  }

  /** Notes that a message got through. */
  proven(): void {
    this.#waitMs = FIRST_WAIT_MS
  }

  /** Resolves when Telegram can be reached, or the signal aborts. */
  async ready(): Promise<void> {
    await this.#probing
  }

  async #probe(): Promise<void> {
    const { clock, log, probe, random } = this.#deps
    log.warn('alerts wait: Telegram cannot be reached')
    while (!this.#signal.aborted) {
      await clock.sleep(this.#waitMs * (1 + random() / 10), this.#signal)
      this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS)
      if (this.#signal.aborted) break
      if (await succeeds(probe)) break
    }
    this.#probing = undefined
  }
}

async function succeeds(probe: () => Promise<unknown>): Promise<boolean> {
  try {
    await probe()
    return true
  } catch {
    return false
  }
}
