import type { Span, Window } from '../stats/views.ts'
import { duration, localTime, type Reading } from './format.ts'
import { type Html, html } from './html.ts'

/** A window in words, to stand after `in`. */
export const WINDOW_WORDS: Readonly<Record<Window, string>> = {
  '1h': 'the last hour',
  '24h': '24 h',
  '7d': '7 days',
  '30d': '30 days',
}

// Below this share of its span an answer about refusals must say in its first line what it saw.
const MOSTLY_OBSERVED = 0.95

/**
 * Returns within what refusals were counted, to stand after `in`: the window, and, where the stream
 * was up for clearly less of it, the time that was observed.
 */
export function observedWithin(window: Window, span: Span): string {
  const isMost = span.coveredMs >= MOSTLY_OBSERVED * (span.to - span.from)
  if (isMost || span.coveredMs <= 0) return WINDOW_WORDS[window]
  return `${WINDOW_WORDS[window]} (${duration(span.coveredMs)} observed)`
}

const REST = {
  refused: '',
  settled: "; the rest is from LND's history",
  both: "; settled forwards of the rest are from LND's history",
} as const

// A blind spot shorter than this is not worth a reader's second.
const NEGLIGIBLE_MS = 60_000

/**
 * Says what an answer really covers: `Since Sat 14:00, 23 h 12 min of it observed${REST[shows]}.` Settled
 * forwards of the rest are read from LND's history, refusals of it are lost.
 */
export function spanLine(
  span: Span,
  shows: 'refused' | 'settled' | 'both',
  reading: Reading,
): Html {
  const total = span.to - span.from
  const since = localTime(span.from, reading)
  if (span.coveredMs <= 0) return html`Since ${since}, none of it observed${REST[shows]}.`
  if (total - span.coveredMs < NEGLIGIBLE_MS) {
    return html`Since ${since}: ${duration(total)}, all of it observed.`
  }
  return html`Since ${since}, ${duration(span.coveredMs)} of it observed${REST[shows]}.`
}
