import { failureClass } from '../../lightning/failure.ts'
import type { CountedVisit } from '../../stats/recent-visits.ts'
import type { Reading, SpikeFacts } from '../reading.ts'
import { isTold, sensitivityOf } from './episode.ts'
import { lastAsBad } from './guard.ts'
import type { Moment } from './parents.ts'
import { usualIn } from './score.ts'
import { heat, type Series } from './series.ts'
import { MINUTE_MS } from './series-book.ts'

const HOURS_A_DAY = 24

/** Returns the reading of a series that fires, or did lately. */
export function readingOf(
  series: Series,
  moment: Moment,
  state: { isObserved: boolean; meets: boolean },
): Reading {
  const { kind, subject } = series
  const severity = kind === 'spike.downstream' ? 'digest' : 'warn'
  return { kind, subject, severity, level: levelOf(series, state), facts: factsOf(series, moment) }
}

function levelOf(
  { track }: Series,
  { isObserved, meets }: { isObserved: boolean; meets: boolean },
): Reading['level'] {
  if (track.firedAt === 0) return 'calm'
  if (!isObserved) return 'unknown'
  return meets ? 'fire' : 'hold'
}

function factsOf(series: Series, { minute, seenIn }: Moment): SpikeFacts {
  const { track } = series
  const window = track.firedWindow
  return {
    kind: 'spike',
    windowMs: window * MINUTE_MS,
    failed: track.sum('failed', minute - window, minute),
    expected: usualIn(track, minute, window, seenIn(window)),
    attempts: track.sum('attempts', minute - window, minute),
    ...mainFailure(series, (minute + 1 - window) * MINUTE_MS),
    worstInDays: worstInDays(series, minute),
    sensitivity: sensitivityOf(track.reach),
    hotSince: track.hotSince * MINUTE_MS,
    under: series.under,
    isNewLevel: isTold(track, minute) && track.hasSettled > 0,
  }
}

/** The class with the most demands, by those counted last in each channel. */
function mainFailure(
  series: Series,
  from: number,
): { mainFailure: string | undefined; mainShare: number } {
  if (series.kind === 'spike.downstream') return { mainFailure: undefined, mainShare: 0 }
  const counts = new Map<number, number>()
  let all = 0
  for (const { failureCode } of visitsOf(series, from)) {
    counts.set(failureCode, (counts.get(failureCode) ?? 0) + 1)
    all++
  }
  let main: [number, number] | undefined
  for (const entry of counts) if (!main || entry[1] > main[1]) main = entry
  return { mainFailure: main && failureClass(main[0]), mainShare: main ? main[1] / all : 0 }
}

function* visitsOf(series: Series, from: number): Generator<CountedVisit> {
  if ('recent' in series) yield* series.recent.since(from)
  else for (const child of series.children) yield* child.recent.since(from)
}

function worstInDays({ track, score }: Series, minute: number): number | undefined {
  const hour = lastAsBad(track, Math.max(track.peak, heat(score)))
  return hour === undefined ? undefined : Math.max(0, minute / 60 - hour) / HOURS_A_DAY
}
