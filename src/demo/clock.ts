import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../clock.ts'

// A sleep of the fast clock still yields to other work, so that its loops never spin.
const LEAST_SLEEP_MS = 2
// A sleeper looks again after this, as the clock's pace may have changed meanwhile.
const LONGEST_SLEEP_MS = 50

/**
 * A clock that begins in the past, can be set forward, and can run faster than life. Setting it
 * forward is a step of the wall time alone, as when a machine's time is corrected: `monotonic` and
 * those who sleep know nothing of it, so no deadline runs out because of it.
 */
export type DemoClock = Clock & {
  /** Sets the wall time forward (epoch ms); never back. */
  jumpTo(at: number): void
  /** From now on a second of life is so many of this clock. */
  runAt(speed: number): void
}

/**
 * Makes a clock that shows `startAt` (epoch ms) and runs at life's pace. `realNow` is the machine's
 * monotonic time in ms.
 */
export function createDemoClock(
  startAt: number,
  realNow: () => number = () => performance.now(),
): DemoClock {
  let offset = startAt
  let elapsed = 0
  let since = realNow()
  let speed = 1
  const monotonic = (): number => elapsed + (realNow() - since) * speed
  const now = (): number => offset + monotonic()
  return {
    now,
    monotonic,
    async sleep(ms, signal) {
      const until = monotonic() + ms
      do {
        const realMs = Math.max((until - monotonic()) / speed, LEAST_SLEEP_MS)
        await delay(Math.min(realMs, LONGEST_SLEEP_MS), undefined, {
          ...(signal && { signal }),
        }).catch(() => undefined)
      } while (!signal?.aborted && monotonic() < until)
    },
    jumpTo(at) {
      offset += Math.max(0, at - now())
    },
    runAt(newSpeed) {
      elapsed = monotonic()
      since = realNow()
      speed = newSpeed
    },
  }
}
