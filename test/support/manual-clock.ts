import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../src/clock.ts'

export type ManualClock = Clock & {
  /** Moves the time forward, waking sleepers in order and letting each run before the next. */
  advance(ms: number): Promise<void>
  /** Those that sleep now. */
  readonly sleepers: number
}

type Sleeper = { until: number; wake(): void }

/** A clock that stands still until it is advanced; `monotonic` starts at 0. */
export function manualClock(start: number): ManualClock {
  let elapsed = 0
  let sleepers: Sleeper[] = []

  async function advance(ms: number): Promise<void> {
    const end = elapsed + ms
    await settle()
    for (;;) {
      const [next] = sleepers.filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)
      if (next === undefined) break
      elapsed = Math.max(elapsed, next.until)
      next.wake()
      await settle()
    }
    elapsed = end
    await settle()
  }

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        const wake = () => {
          sleepers = sleepers.filter((one) => one !== sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper: Sleeper = { until: elapsed + Math.max(0, ms), wake }
        if (signal?.aborted) return resolve()
        sleepers.push(sleeper)
        signal?.addEventListener('abort', wake, { once: true })
      })
    },
    advance,
    get sleepers() {
      return sleepers.length
    },
  }
}

/** Lets what can run now run: promises, and the callbacks of sockets that are ready. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn()
}
