import { setTimeout as delay } from 'node:timers/promises'

/** The one source of time of a running program. Times are epoch ms; `monotonic` never steps. */
export type Clock = {
  now(): number
  monotonic(): number
  /** Waits for that many ms of this clock; returns early, without an error, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    await delay(ms, undefined, { ref: true, ...(signal && { signal }) }).catch(() => undefined)
  },
}
