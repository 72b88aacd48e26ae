import type { LndTimings } from './timings.ts'

// 2^16 times a first wait of a few milliseconds is past every cap; more would overflow one day.
const MAX_DOUBLINGS = 16

/**
 * Returns how many ms to wait before a retry. `attempt` counts the failures since the stream was
 * last up, from 0; `random` is in [0, 1). Waits double up to the cap, and each is drawn from the
 * upper half of its range, so that many clients of one LND do not return at the same moment.
 */
export function retryDelayMs(
  attempt: number,
  random: number,
  timings: Pick<LndTimings, 'firstRetryMs' | 'maxRetryMs'>,
): number {
  const doubled = timings.firstRetryMs * 2 ** Math.min(attempt, MAX_DOUBLINGS)
  return Math.min(timings.maxRetryMs, doubled) * (0.5 + 0.5 * random)
}

/**
 * Returns how many ms to wait where a person must act first. The very first retry is a fast one: a
 * certificate or macaroon that LND has just written anew may have been read a moment too early.
 */
export function slowRetryDelayMs(
  attempt: number,
  random: number,
  timings: Pick<LndTimings, 'firstRetryMs' | 'maxRetryMs' | 'slowRetryMs'>,
): number {
  return attempt === 0 ? retryDelayMs(0, random, timings) : timings.slowRetryMs
}
