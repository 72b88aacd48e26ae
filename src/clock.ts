import { setTimeout as delay } from 'node:timers/promises'

/** The one source of time of a running program. Times are epoch ms; `monotonic` never steps. */
export type Clock = {
  now(): number
  monotonic(): number
  /** Waits for that many ms of this clock; returns early, without an error, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

// Beyond that somebody set the clock, or the machine slept.
const STEP_MS = 30_000

/**
 * Returns what tells by how many ms the clock on the wall went another way than time since it was
 * last asked; 0 where that is little.
 */
export function stepWatch({ now, monotonic }: Clock): () => number {
  let offset = now() - monotonic()
  return () => {
    const before = offset
    offset = now() - monotonic()
    return Math.abs(offset - before) > STEP_MS ? offset - before : 0
  }
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    await delay(ms, undefined, { ref: true, ...(signal && { signal }) }).catch(() => undefined)
  },
}
