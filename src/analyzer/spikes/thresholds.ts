import type { Sensitivity } from '../reading.ts'

/** False alarms a week that a node may ring: one a month, a week, a day. */
export const BUDGET_PER_WEEK: Readonly<Record<Sensitivity, number>> = {
  low: 12 / 52,
  normal: 1,
  high: 7,
}

/** What must be reached: the score of either test, and its rarity in the track's own history. */
export type Thresholds = { count: number; ratio: number; rarity: number }

// Looks at a channel in a week that are as good as independent: 10,080 minutes in windows of 5, 15
// and 60, times four for their overlap (checked on Poisson streams of known rate: 4,500 to 12,600).
const LOOKS_PER_WEEK = 4 * (10_080 / 5 + 10_080 / 15 + 10_080 / 60)
const TESTS = 2
// The ratio test is that much more careful than its odds say: calibrated, 5.4 where the count
// test's threshold is 7.06.
const RATIO_MARGIN = 1.66
// Rarer than once in 10^3.5 hours (19 weeks) of the channel's own history.
const RARITY: Readonly<Record<Sensitivity, number>> = { low: 3.5, normal: 3.5, high: 3 }
// On a smaller node the rarity binds: once in 19 weeks on each of 20 channels is once a week.
const LEAST_CHANNELS = 20
// What only shows in lists and the digest may be wrong more often: some five times a week at 500.
const DIGEST = { count: 1.56, ratio: 0.8, rarity: 0.5 } as const

/** Returns the thresholds of a phone alert for a node with so many open channels. */
export function thresholds(channels: number, sensitivity: Sensitivity): Thresholds {
  const looks = Math.max(channels, LEAST_CHANNELS) * LOOKS_PER_WEEK * TESTS
  const count = Math.log10(looks / BUDGET_PER_WEEK[sensitivity])
  return { count, ratio: count - RATIO_MARGIN, rarity: RARITY[sensitivity] }
}

/** Returns the thresholds of what goes to the digest alone. */
export function digestThresholds(channels: number, sensitivity: Sensitivity): Thresholds {
  const { count, ratio, rarity } = thresholds(channels, sensitivity)
  return {
    count: count - DIGEST.count,
    ratio: ratio - DIGEST.ratio,
    rarity: rarity - DIGEST.rarity,
  }
}
