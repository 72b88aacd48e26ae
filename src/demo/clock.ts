import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../clock.ts'

// A sleep of the fast clock still yields to other work, so that its loops never spin.
const LEAST_SLEEP_MS = 2

/** A clock whose time can be set forward and that then runs at a multiple of life's pace. */
export type DemoClock = Clock & {
  /** Sets the clock forward to a time (epoch ms); sleepers whose time has come wake up. */
  jumpTo(at: number): void
  /** Lets the clock run by itself, `speed` times as fast as life. */
  run(speed: number): void
}

type Sleeper = { until: number; wake: () => void }

/**
 * Makes a clock that stands at `startAt` (epoch ms) until it is moved. `realNow` is the machine's
 * monotonic time in ms.
 */
export function createDemoClock(
  startAt: number,
  realNow: () => number = () => performance.now(),
): DemoClock {
  let base = startAt
  let since = realNow()
  let speed = 0
  const sleepers = new Set<Sleeper>()
  const now = (): number => base + (realNow() - since) * speed

  function setTime(at: number, newSpeed: number): void {
    base = at
    since = realNow()
    speed = newSpeed
    for (const sleeper of [...sleepers]) sleeper.wake()
  }

  async function waitOnce(until: number, signal: AbortSignal | undefined): Promise<void> {
    const controller = new AbortController()
    const stop = (): void => controller.abort()
    const sleeper = { until, wake: stop }
    sleepers.add(sleeper)
    signal?.addEventListener('abort', stop)
    const realMs = speed > 0 ? Math.max((until - now()) / speed, LEAST_SLEEP_MS) : STANDING_MS
    await delay(Math.min(realMs, STANDING_MS), undefined, { signal: controller.signal }).catch(
      () => undefined,
    )
    signal?.removeEventListener('abort', stop)
    sleepers.delete(sleeper)
  }

  return {
    now,
    monotonic: () => now() - startAt,
    async sleep(ms, signal) {
      const until = now() + ms
      if (!signal?.aborted) await delay(LEAST_SLEEP_MS)
      while (!signal?.aborted && now() < until) await waitOnce(until, signal)
    },
    jumpTo: (at) => setTime(Math.max(at, now()), speed),
    run: (newSpeed) => setTime(now(), newSpeed),
  }
}

// How long a sleeper of a standing clock waits before it looks again; any move wakes it earlier.
const STANDING_MS = 60_000
