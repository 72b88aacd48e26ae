import { SENSITIVITIES, type Sensitivity, type Subject } from '../reading.ts'
import { acceptLevel, beginLevel, variation } from './baseline.ts'
import { rarity, type Test } from './guard.ts'
import { type Score, type Seen, usualIn } from './score.ts'
import { heat, type Parent, type Series } from './series.ts'
import type { Thresholds } from './thresholds.ts'
import type { Track } from './track.ts'

// A score above this is hot: its minute and those just before it teach the baseline nothing.
const HOT = 4
const HOT_BEFORE_MIN = 15
// Calm for so many observed minutes in a row ends an episode.
const CALM_MIN = 30
const CALM_WINDOW_MIN = 15
const CALM_FAILED = 3
// What lasts a day is the new usual; half an hour more, so that an incident of just a day is not.
const SETTLES_MIN = 24.5 * 60
// An alarm within three days of the last one's end recurs: what a channel does so often is how it is.
// Chosen in the alerts' bench, where a channel has an incident a week: by a week instead of three days
// 85 % of 20-fold spikes at ten an hour were found instead of 87 %.
const RECURS_MIN = 3 * 24 * 60
// An episode that ended is told of as calm for an hour more.
const TOLD_MIN = 60

export type LevelsBy = ReadonlyMap<Sensitivity, Thresholds>

/** Notes the score of a minute. */
export function noteScore(track: Track, minute: number, score: Score): void {
  track.hourCount = Math.max(track.hourCount, score.count)
  track.hourRatio = Math.max(track.hourRatio, score.ratio)
  if (heat(score) <= HOT) return
  if (minute - track.hotAt > HOT_BEFORE_MIN) track.hotSince = minute
  track.hotAt = minute
  track.mark(minute - HOT_BEFORE_MIN - 1, minute, true)
}

/** Whether it was hot within the last minutes. */
export function isHot(track: Track, minute: number, within: number): boolean {
  return track.hotAt > 0 && minute - track.hotAt < within
}

/**
 * Returns how far a score reaches: the place in SENSITIVITIES, from 1, of the least sensitive
 * setting at which it rings, counted from the end (1 high, 2 normal, 3 low); 0 for none.
 */
export function reachOf(track: Track, score: Score, levels: LevelsBy): number {
  let reach = 0
  for (const [sensitivity, { count, ratio, rarity: rare }] of levels) {
    const meets =
      passes(track, 'count', score, count, rare) || passes(track, 'ratio', score, ratio, rare)
    if (meets) reach = Math.max(reach, reachAt(sensitivity))
  }
  return reach
}

export function reachAt(sensitivity: Sensitivity): number {
  return SENSITIVITIES.length - SENSITIVITIES.indexOf(sensitivity)
}

/** The least sensitive setting that an episode has reached. */
export function sensitivityOf(reach: number): Sensitivity {
  return SENSITIVITIES[SENSITIVITIES.length - reach] ?? 'high'
}

function passes(track: Track, test: Test, score: Score, least: number, rare: number): boolean {
  return score[test] >= least && rarity(track, test, score[test]) >= rare
}

/** The window (in minutes) of the test that stands out more. */
export function windowOf(score: Score, levels: LevelsBy): number {
  const [strictest = { ratio: 1, count: 1 }] = levels.values()
  const byRatio = score.ratio / strictest.ratio > score.count / strictest.count
  return byRatio ? score.ratioWindow : score.countWindow
}

/** Begins an episode, of which one that fires for more may be the whole. */
export function beginEpisode(
  series: Series,
  minute: number,
  { window, reach, under }: { window: number; reach: number; under: Subject | undefined },
): void {
  const { track } = series
  series.under = under
  beginLevel(track)
  track.isRecurrent = track.endedAt > 0 && minute - track.endedAt < RECURS_MIN ? 1 : 0
  if (under === undefined && track.isRecurrent === 0) track.incidents++
  track.firedAt = minute
  track.firedWindow = window
  track.reach = reach
  track.calmMinutes = 0
  track.firedMinutes = 0
  track.peak = heat(series.score)
  track.heldSince = 0
  track.endedAt = 0
  track.hasSettled = 0
}

/**
 * Carries an episode on by an observed minute: it ends when calm for half an hour, and after a day,
 * when what it rang for is taken for the new usual.
 */
export function carryOn(
  series: Series,
  parents: readonly Parent[],
  { minute, seen, reach }: { minute: number; seen: Seen; reach: number },
): void {
  const { track } = series
  track.firedInHour = 1
  track.firedMinutes++
  track.reach = Math.max(track.reach, reach)
  track.peak = Math.max(track.peak, heat(series.score))
  track.calmMinutes = isCalm(series, minute, seen) ? track.calmMinutes + 1 : 0
  if (track.calmMinutes >= CALM_MIN) endEpisode(series, minute)
  else if (track.firedMinutes >= SETTLES_MIN && !isOver(series, minute, seen)) {
    settleEpisode(series, parents, minute)
  }
}

/** Ends an episode by taking its level for the usual one. */
export function settleEpisode(series: Series, parents: readonly Parent[], minute: number): void {
  const sums = parents.map(({ track }) => track)
  acceptLevel(series.track, sums, minute)
  endEpisode(series, minute)
  series.track.hasSettled = 1
}

/** Whether an episode ended so lately that it is still told of. */
export function isTold(track: Track, minute: number): boolean {
  return track.endedAt > 0 && minute - track.endedAt <= TOLD_MIN
}

function endEpisode(series: Series, minute: number): void {
  series.track.endedAt = minute
  series.track.firedAt = 0
  series.under = undefined
}

/** Whether it fails no more than usual lately, whatever its longer windows still hold. */
export function isOver(series: Series, minute: number, seen: Seen): boolean {
  return isLow(series, minute, CALM_WINDOW_MIN, seen[1])
}

function isCalm(series: Series, minute: number, seen: Seen): boolean {
  const window = Math.max(CALM_WINDOW_MIN, series.track.firedWindow)
  return (
    heat(series.score) <= HOT && isLow(series, minute, window, window === 60 ? seen[2] : seen[1])
  )
}

function isLow({ track }: Series, minute: number, window: number, observed: number): boolean {
  const failed = track.sum('failed', minute - window, minute)
  if (failed < CALM_FAILED) return true
  const usual = usualIn(track, minute, window, observed)
  return failed < 1.5 * usual + 2 * Math.sqrt(usual + variation(track) * usual * usual)
}
