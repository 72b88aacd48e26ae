import { isKnown } from './baseline.ts'
import {
  beginEpisode,
  carryOn,
  isOver,
  type LevelsBy,
  reachAt,
  reachOf,
  windowOf,
} from './episode.ts'
import { isHeld, isNewsUnder, isOwnSum, isWidespread, type Moment } from './parents.ts'
import type { Seen } from './score.ts'
import type { Parent, Series } from './series.ts'

/** A minute to judge: how it was observed, and what must be reached to ring or for the digest. */
export type Sitting = {
  node: Parent
  moment: Moment
  seen: Seen
  ring: LevelsBy
  digest: LevelsBy
}

/**
 * Judges a series by its score of the minute: begins an episode, carries it on or ends it. Parents
 * come before their children. Returns how far the score reaches; 0 when it rings nowhere.
 */
export function judgeSeries(series: Series, sitting: Sitting): number {
  const { track } = series
  const levels = series.kind === 'spike.downstream' ? sitting.digest : sitting.ring
  const window = windowOf(series.score, levels)
  const reach = reachWithin(series, window, levels, sitting)
  if (track.firedAt === 0) {
    if (reach > 0 || track.heldSince > 0) consider(series, window, reach, sitting)
  } else if (series.under && reach > 0 && !isOver(series, sitting.moment.minute, sitting.seen)) {
    series.under = firingParent(series, window, sitting)?.subject
  }
  if (track.firedAt > 0) {
    const { moment, seen } = sitting
    carryOn(series, parentsOf(series, sitting.node), { minute: moment.minute, seen, reach })
  }
  return reach
}

/** The sums that a series is a part of, the narrower first. */
export function parentsOf(series: Series, node: Parent): Parent[] {
  if (series.kind === 'spike.peer') return [node]
  if (series.kind !== 'spike.local') return []
  return series.peer ? [series.peer, node] : [node]
}

/** A sum reaches no further than what is its own. */
function reachWithin(series: Series, window: number, levels: LevelsBy, sitting: Sitting): number {
  const reach = reachOf(series.track, series.score, levels)
  if ('own' in series) return reach
  const isNode = series.kind === 'spike.node' && isKnown(series.track)
  if (isNode && isWidespread(series, sitting.moment)) return Math.max(reach, reachAt('normal'))
  return reach > 0 && isOwnSum(series, window, sitting.moment) ? reach : 0
}

/** Begins an episode, or has it wait while it may turn out to be a part of a greater one. */
function consider(series: Series, window: number, reach: number, sitting: Sitting): void {
  const { track } = series
  const { minute } = sitting.moment
  const parent = firingParent(series, window, sitting)
  const mayWait = !parent && series.kind === 'spike.local'
  if (mayWait && isHeld(series, sitting.node, window, sitting.moment)) {
    if (track.heldSince === 0)
      Object.assign(track, { heldSince: minute, firedWindow: window, reach })
    track.reach = Math.max(track.reach, reach)
    track.firedInHour = 1
    return
  }
  const under = parent?.subject
  // One that waited rings for what it waited with.
  const begun =
    track.heldSince > 0
      ? { window: track.firedWindow, reach: Math.max(track.reach, reach), under }
      : { window, reach, under }
  beginEpisode(series, minute, begun)
}

/** The firing parent that a series is a part of, if it is no news of its own under it. */
function firingParent(series: Series, window: number, sitting: Sitting): Parent | undefined {
  return parentsOf(series, sitting.node)
    .filter(({ track }) => track.firedAt > 0)
    .find((parent) => !isNewsUnder(series, parent, window, sitting.moment))
}
