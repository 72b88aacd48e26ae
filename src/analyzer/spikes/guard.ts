import type { Track } from './track.ts'

// Peaks over threshold on a channel's own hourly maxima, in the manner of SPOT (Siffer 2017) with
// Hill's estimator: how often an hour's greatest score lies above 2, and how fat the tail beyond is.
const THRESHOLD = 2
// What is known before any hour was seen: one hour in a hundred, tail index 0.2.
const PRIOR_HOURS = 200
const PRIOR_SHARE = 0.01
const PRIOR_PEAKS = 10
const PRIOR_INDEX = 0.2
// Peaks within three hours are one.
const CLUSTER_HOURS = 3
const WORST_KEPT = 4
const FORGETTING = 2 ** (-1 / (28 * 24))
// Alarms that recur enter as rare as once in 10^5.22 hours (19 years): they raise the bar by and by.
const ALARMED = 5.22

/** The two tests, each with a guard of its own. */
export type Test = 'count' | 'ratio'

type Tail = { share: number; index: number }

/**
 * Returns log10 of the hours that lie between hours with such a score in this track's own history.
 */
export function rarity(track: Track, test: Test, score: number): number {
  if (score <= THRESHOLD) return 0
  const { share, index } = tailOf(track, test)
  return -Math.log10(share) + Math.log10(score / THRESHOLD) / index
}

/**
 * Returns in how many hours out of one this track's own peaks would pass a score and a rarity: its
 * peaks an hour, thinned by its tail. 0 for a track that has had none.
 */
export function exceedancesPerHour(track: Track, test: Test, score: number, rare: number): number {
  const least = Math.max(score, scoreOf(track, test, rare), THRESHOLD)
  const perHour = track[`${test}Peaks`] / Math.max(1, track.guardHours)
  return perHour * (least / THRESHOLD) ** (-1 / tailOf(track, test).index)
}

/** Returns the score that is as rare as that: the inverse of `rarity`. */
export function scoreOf(track: Track, test: Test, rare: number): number {
  const { share, index } = tailOf(track, test)
  return THRESHOLD * 10 ** (index * (rare + Math.log10(share)))
}

/** Returns the hour (of epoch) that last had such a score, undefined when none did that is known. */
export function lastAsBad(track: Track, score: number): number | undefined {
  for (let i = track.worst.length - 2; i >= 0; i -= 2) {
    if ((track.worst[i] ?? 0) >= score) return track.worst[i + 1]
  }
  return undefined
}

/** Returns how many incidents there were an hour, of which the tail knows nothing. */
export function incidentsPerHour(track: Track): number {
  return track.incidents / Math.max(1, track.guardHours)
}

/**
 * Takes in the hour's greatest scores; `observed` is how much of the hour was, 0 … 1. The guard is
 * for what a channel does by itself: an alarm is an incident and teaches nothing, so that one a week
 * does not deafen its channel, unless it recurs.
 */
export function learnTail(track: Track, hour: number, observed: number): void {
  forget(track)
  track.guardHours += observed
  if (track.firedInHour === 0 || track.isRecurrent > 0) {
    learnPeak(track, 'count', hour, entering(track, 'count', track.hourCount))
    learnPeak(track, 'ratio', hour, entering(track, 'ratio', track.hourRatio))
  }
  noteWorst(track, hour, Math.max(track.hourCount, track.hourRatio))
  track.hourCount = 0
  track.hourRatio = 0
}

function entering(track: Track, test: Test, score: number): number {
  return track.firedInHour > 0 ? Math.min(score, scoreOf(track, test, ALARMED)) : score
}

function learnPeak(track: Track, test: Test, hour: number, score: number): void {
  if (score <= THRESHOLD) return
  const isSame = hour - track[`${test}PeakHour`] <= CLUSTER_HOURS
  const counted = isSame ? track[`${test}PeakMax`] : THRESHOLD
  if (!isSame) track[`${test}Peaks`]++
  track[`${test}PeakHour`] = hour
  if (isSame && score <= counted) return
  track[`${test}PeakSum`] += Math.log(score / counted)
  track[`${test}PeakMax`] = score
}

// An hour is worth remembering until a worse one; the four worst of these are enough for a text.
function noteWorst(track: Track, hour: number, score: number): void {
  const { worst } = track
  if (score <= THRESHOLD) return
  while (worst.length > 0 && (worst.at(-2) ?? 0) <= score) worst.length -= 2
  if (worst.length < 2 * WORST_KEPT) worst.push(score, hour)
}

function tailOf(track: Track, test: Test): Tail {
  const peaks = track[`${test}Peaks`]
  const sum = track[`${test}PeakSum`]
  return {
    share: (PRIOR_HOURS * PRIOR_SHARE + peaks) / (PRIOR_HOURS + track.guardHours),
    index: (PRIOR_PEAKS * PRIOR_INDEX + sum) / (PRIOR_PEAKS + peaks),
  }
}

function forget(track: Track): void {
  track.guardHours *= FORGETTING
  track.incidents *= FORGETTING
  track.countPeaks *= FORGETTING
  track.countPeakSum *= FORGETTING
  track.ratioPeaks *= FORGETTING
  track.ratioPeakSum *= FORGETTING
}
