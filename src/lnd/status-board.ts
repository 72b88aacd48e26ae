import type { Clock } from '../clock.ts'
import type { LndState, LndStatus } from '../lightning/node-status.ts'
import type { Log } from '../log.ts'

const QUIET_STATES: ReadonlySet<LndState> = new Set(['connecting', 'starting', 'listening'])

/** What is known of the connection to LND; one line in the log for each change, not for each retry. */
export class StatusBoard {
  readonly #clock: Clock
  readonly #log: Log
  readonly #lockedGraceMs: number
  #state: LndState = 'connecting'
  #since: number
  #detail = ''
  #lockedSince: number | undefined
  #streams = 0

  constructor(clock: Clock, log: Log, lockedGraceMs: number) {
    this.#clock = clock
    this.#log = log
    this.#lockedGraceMs = lockedGraceMs
    this.#since = clock.now()
  }

  /** Returns the status now. */
  status(): LndStatus {
    const reconnects = Math.max(0, this.#streams - 1)
    return { state: this.#state, since: this.#since, detail: this.#detail, reconnects }
  }

  /** Notes that the event stream is up. */
  listening(version: string): void {
    this.#streams += 1
    this.report('listening', version)
  }

  /** Notes a state with LND's words for it. A wallet just found locked counts as starting. */
  report(seen: LndState, detail: string): void {
    const state = this.#isStillStarting(seen) ? 'starting' : seen
    const changed = state !== this.#state
    if (changed) this.#since = this.#clock.now()
    this.#state = state
    this.#detail = detail
    if (!changed) return
    const level = QUIET_STATES.has(state) ? 'info' : 'warn'
    this.#log[level]({ state, detail }, `LND: ${state}`)
  }

  #isStillStarting(seen: LndState): boolean {
    if (seen !== 'locked') {
      this.#lockedSince = undefined
      return false
    }
    this.#lockedSince ??= this.#clock.monotonic()
    return this.#clock.monotonic() - this.#lockedSince < this.#lockedGraceMs
  }
}
