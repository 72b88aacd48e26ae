import { learnTail } from './guard.ts'
import { noteHour } from './season.ts'
import { Track } from './track.ts'

const HOUR = 60
const DAY = 24 * HOUR
// A channel is judged, and rings, once it has been watched for a day.
const COLD_MIN = DAY
// Forgetting: 200 failures' worth, no faster than a day and no slower than four weeks.
const MEMORY_FAILURES = 200
const SHORTEST_HALF_LIFE = DAY
const LONGEST_HALF_LIFE = 28 * DAY
const FRESH_HALF_LIFE = 6 * HOUR
// Rate variation φ = Var(rate) / rate²: 0.1 until hours with enough to expect say otherwise.
const PRIOR_VARIATION = 0.1
const LEAST_VARIATION = 0.02
// The ratio's spread 1 / (K + 1): at best what 60 trials know, which is the prior too.
const BEST_TRIALS = 60
const LEAST_TRIALS = 2
const PRIOR_ESTIMATES = 24
const ESTIMATE_FORGETTING = 0.99
const EXPECTED_ENOUGH = 10
const EXPECTED_OF_EITHER = 2

/** An hour that has ended, and how much of it and of the hour before it was observed, in minutes. */
export type EndedHour = { end: number; observed: number; observedBefore: number }

/** Whether the track has been watched for long enough to be judged. */
export function isKnown(track: Track): boolean {
  return track.observed >= COLD_MIN
}

/** Returns φ, the rate's variation beyond Poisson's. */
export function variation(track: Track): number {
  const sum = PRIOR_ESTIMATES * PRIOR_VARIATION + track.variationSum
  return Math.max(LEAST_VARIATION, sum / (PRIOR_ESTIMATES + track.variationHours))
}

/** Returns how many trials the usual ratio is worth: it wanders as a sample of so many would. */
export function ratioTrials(track: Track): number {
  const prior = PRIOR_ESTIMATES / (BEST_TRIALS + 1)
  const spread = (prior + track.spreadSum) / (PRIOR_ESTIMATES + track.spreadHours)
  return spread <= 0 ? BEST_TRIALS : clip(1 / spread - 1, LEAST_TRIALS, BEST_TRIALS)
}

/** Learns from an hour that ended at a minute, once all its minutes are in. */
export function closeHour(track: Track, ended: EndedHour): void {
  track.advance(ended.end - 1)
  learnHour(track, ended)
  if (isKnown(track)) learnTail(track, ended.end / HOUR, ended.observed / HOUR)
  learnRates(track, ended)
  track.observed += ended.observed
  track.lateFailed = 0
  track.latePassed = 0
  track.firedInHour = 0
}

/** Begins to note the level that an episode has. */
export function beginLevel(track: Track): void {
  track.freshFailed = 0
  track.freshPassed = 0
  track.freshExposure = 0
}

/**
 * Takes the level of an episode, as noted since it began, for the usual one, of its parents too: what
 * is usual for a child is so for the sum.
 */
export function acceptLevel(track: Track, parents: readonly Track[], minute: number): void {
  const { rate, passRate } = track
  takeLevel(track, minute)
  for (const parent of parents) {
    parent.failed = Math.max(
      Number.MIN_VALUE,
      parent.failed + (track.rate - rate) * parent.exposure,
    )
    parent.passed = Math.max(
      Number.MIN_VALUE,
      parent.passed + (track.passRate - passRate) * parent.exposure,
    )
  }
}

function takeLevel(track: Track, minute: number): void {
  const minutes = Math.min(minute - track.firedAt, minute % HOUR) + 1
  track.failed = track.freshFailed + track.sum('failed', minute - minutes, minute)
  track.passed = track.freshPassed + track.sum('passed', minute - minutes, minute)
  track.exposure = track.freshExposure + track.seasonNow * minutes
  track.mark(-Infinity, minute, false)
  // Its hours of the day were of the former level: until it has new ones, it has the node's shape.
  track.visitsByHour.fill(0)
  track.hoursByHour.fill(0)
}

/** Returns a track as it would be had it been watched for so many observed minutes and seen nothing. */
export function quietTrack(minute: number, observed: number): Track {
  const track = new Track(minute)
  const kept = 2 ** (-observed / LONGEST_HALF_LIFE)
  track.failed *= kept
  track.passed *= kept
  track.exposure = track.exposure * kept + (LONGEST_HALF_LIFE / Math.LN2) * (1 - kept)
  track.guardHours = (LONGEST_HALF_LIFE / HOUR / Math.LN2) * (1 - kept)
  track.observed = observed
  track.hoursByHour.fill(observed / DAY)
  return track
}

// A window must not test against itself: a minute enters the rates when it is one to two hours old.
function learnRates(track: Track, ended: EndedHour): void {
  const from = ended.end - 2 * HOUR - 1
  const observed = track.seasonBefore * ended.observedBefore
  const failed = entering(track, from, observed)
  const half = clip(MEMORY_FAILURES / track.rate, SHORTEST_HALF_LIFE, LONGEST_HALF_LIFE)
  const kept = 2 ** (-HOUR / half)
  track.failed = Math.max(Number.MIN_VALUE, track.failed * kept + failed.failed)
  track.passed = Math.max(Number.MIN_VALUE, track.passed * kept + failed.passed)
  track.exposure = Math.max(1, track.exposure * kept + observed)
  learnFresh(track, ended)
}

function learnFresh(track: Track, { end, observed }: EndedHour): void {
  const kept = 2 ** (-HOUR / FRESH_HALF_LIFE)
  const [from, to] = [end - HOUR - 1, end - 1]
  track.freshFailed = track.freshFailed * kept + track.sum('failed', from, to)
  track.freshPassed = track.freshPassed * kept + track.sum('passed', from, to)
  track.freshExposure = track.freshExposure * kept + track.seasonNow * observed
}

/**
 * What the minutes of an hour add to the rates: a hot one no more than usual, any other no more than
 * four deviations above it, so that neither an incident nor a burst moves the usual much.
 */
function entering(
  track: Track,
  from: number,
  observed: number,
): { failed: number; passed: number } {
  const phi = variation(track)
  const [usual, usualPassed] = [track.rate * observed, track.passRate * observed]
  const cap = winsor(usual / HOUR, phi)
  const passedCap = winsor(usualPassed / HOUR, phi)
  let failed = Math.min(track.lateFailed, winsor(usual, phi))
  let passed = Math.min(track.latePassed, winsor(usualPassed, phi))
  for (let m = from + 1; m <= from + HOUR; m++) {
    const isHot = track.at('hot', m) > 0
    failed += Math.min(track.at('failed', m), isHot ? usual / HOUR : cap)
    // What passed in a hot minute says nothing of the usual: a failing channel passes little.
    passed += isHot ? usualPassed / HOUR : Math.min(track.at('passed', m), passedCap)
  }
  return { failed, passed }
}

function winsor(usual: number, phi: number): number {
  return usual + 4 * Math.sqrt(usual + phi * usual * usual) + 3
}

/** Learns from an hour's counts as they were; an hour with an alert says nothing of the usual. */
function learnHour(track: Track, { end, observed }: EndedHour): void {
  const [from, to] = [end - HOUR - 1, end - 1]
  const failed = track.sum('failed', from, to)
  const passed = track.sum('passed', from, to)
  const usual = track.rate * track.seasonNow * observed
  const usualPassed = track.passRate * track.seasonNow * observed
  const isUsual = track.firedInHour === 0
  const visits = isUsual
    ? Math.min(failed, winsor(usual, variation(track))) + passed
    : usual + usualPassed
  noteHour(track, (end / HOUR - 1) % 24, visits, observed / HOUR)
  // While the rate itself is being learnt, nothing tells how it varies.
  if (!isUsual || !isKnown(track)) return
  if (usual >= EXPECTED_ENOUGH) learnVariation(track, failed, usual)
  learnSpread(track, failed, failed + passed)
}

function learnVariation(track: Track, failed: number, usual: number): void {
  const estimate = ((failed - usual) ** 2 - usual) / usual ** 2
  track.variationSum = track.variationSum * ESTIMATE_FORGETTING + clip(estimate, -0.2, 4)
  track.variationHours = track.variationHours * ESTIMATE_FORGETTING + 1
}

// By moments: Var(F) = nπ(1 − π)(1 + (n − 1)ρ) of a beta-binomial with ρ = 1 / (K + 1).
function learnSpread(track: Track, failed: number, trials: number): void {
  const share = track.failed / (track.failed + track.passed)
  const [f, p] = [trials * share, trials * (1 - share)]
  if (trials < EXPECTED_ENOUGH || f < EXPECTED_OF_EITHER || p < EXPECTED_OF_EITHER) return
  const poisson = trials * share * (1 - share)
  const estimate = ((failed - f) ** 2 - poisson) / (poisson * (trials - 1))
  track.spreadSum = track.spreadSum * ESTIMATE_FORGETTING + clip(estimate, -0.1, 1)
  track.spreadHours = track.spreadHours * ESTIMATE_FORGETTING + 1
}

function clip(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
