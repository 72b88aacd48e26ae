import { isHot } from './episode.ts'
import { usualIn } from './score.ts'
import { type ChannelSeries, heat, type Parent, type Series } from './series.ts'

// A sum is news of its own unless one child makes most of its excess.
const LARGEST_SHARE: Readonly<Record<Parent['kind'], number>> = {
  'spike.peer': 0.9,
  'spike.node': 0.5,
}
const HOT_WITHIN_MIN = 10
const LEAST_HOT = 3
const LEAST_HOT_SHARE = 0.2
const ACTIVE_MIN = 60
// A child under a firing parent is news when it turned hot so much later, by failures of which none
// are from before (the window that it fires in lies after the parent's ring), and is so much worse.
const LATER_MIN = 10
const TIMES_WORSE = 3
const WORSE_OFFSET = 0.5
// A channel's ring waits so long while it may turn out to be a part of something larger.
const GROUP_WAIT_MIN = 2
const RISING = 2

/** How a minute looks to the rules of parents: which minute, and how a window was observed. */
export type Moment = { minute: number; seenIn: (window: number) => number }

/** Whether a parent's excess is its own and not one child's. */
export function isOwnSum(parent: Parent, window: number, moment: Moment): boolean {
  if (parent.kind === 'spike.peer' && countHot(parent.children, moment.minute) < 2) return false
  const whole = excess(parent, window, moment)
  const most = LARGEST_SHARE[parent.kind] * whole
  for (const child of parent.children) if (excess(child, window, moment) > most) return false
  return true
}

/** Whether so many channels of different peers are hot that it is the node's trouble. */
export function isWidespread(node: Parent, { minute }: Moment): boolean {
  const hot = [...node.children].filter((child) => isHot(child.track, minute, HOT_WITHIN_MIN))
  if (new Set(hot.map((child) => child.peer ?? child)).size < LEAST_HOT) return false
  const active = [...node.children].filter(({ track }) => minute - track.visitedAt < ACTIVE_MIN)
  return hot.length >= LEAST_HOT_SHARE * active.length
}

/** Whether a child under a firing parent is something worse of its own. */
export function isNewsUnder(
  child: Series,
  parent: Series,
  window: number,
  moment: Moment,
): boolean {
  const later = Math.max(LATER_MIN, window)
  if (child.track.hotSince <= parent.track.firedAt + later) return false
  const parentTimes = timesUsual(parent, parent.track.firedWindow, moment)
  return timesUsual(child, window, moment) >= TIMES_WORSE * parentTimes
}

/** Whether a channel's ring waits for what its peer or node may turn out to have. */
export function isHeld(
  child: ChannelSeries,
  node: Parent,
  window: number,
  moment: Moment,
): boolean {
  const { track } = child
  if (track.heldSince > 0 && moment.minute - track.heldSince >= GROUP_WAIT_MIN) return false
  return isRising(node, child, window, moment) || hasHotCompany(child, node, moment.minute)
}

function isRising(node: Parent, child: ChannelSeries, window: number, moment: Moment): boolean {
  if (heat(node.score) < RISING) return false
  const share = LARGEST_SHARE[node.kind] * excess(node, window, moment)
  return excess(child, window, moment) <= share
}

/** Whether another channel turned hot at about the same time. */
function hasHotCompany(child: ChannelSeries, node: Parent, minute: number): boolean {
  for (const other of node.children) {
    const { track } = other
    const isNew = minute - track.hotSince < HOT_WITHIN_MIN
    if (other !== child && isNew && isHot(track, minute, HOT_WITHIN_MIN)) return true
  }
  return false
}

function countHot(children: Iterable<ChannelSeries>, minute: number): number {
  let hot = 0
  for (const { track } of children) if (isHot(track, minute, HOT_WITHIN_MIN)) hot++
  return hot
}

function excess({ track }: Series, window: number, { minute, seenIn }: Moment): number {
  const failed = track.sum('failed', minute - window, minute)
  return failed - usualIn(track, minute, window, seenIn(window))
}

function timesUsual({ track }: Series, window: number, { minute, seenIn }: Moment): number {
  const failed = track.sum('failed', minute - window, minute)
  return failed / (usualIn(track, minute, window, seenIn(window)) + WORSE_OFFSET)
}
