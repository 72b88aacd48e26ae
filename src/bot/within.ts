import type { Clock } from '../clock.ts'

/** Resolves when the work is done, or after so many ms: a call that hangs must not hold up an end. */
export async function within(ms: number, clock: Clock, work: Promise<unknown>): Promise<void> {
  const isDone = new AbortController()
  await Promise.race([work, clock.sleep(ms, isDone.signal)])
  isDone.abort()
}
