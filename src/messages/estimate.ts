import type { Confidence, ConfidenceReason, Missed } from '../analyzer/views.ts'
import { about, count, counted, duration, localTime, type Reading } from './format.ts'
import { type Html, html } from './html.ts'
import { button, type Message, message } from './message.ts'

/** Returns an expectation with its 80 % interval: `≈ 420 sat (150–900)`. */
export function approx(missed: Missed): string {
  return `${approxSat(missed.expectedMsat)} ${range(missed)}`.trimEnd()
}

/** Returns an expectation alone: `≈ 420 sat`. */
export function approxSat(msat: bigint): string {
  return `≈ ${about(msat)} sat`
}

/** Returns the interval in brackets: `(150–900)`; empty where all of it is less than a sat. */
export function range({ lowMsat, highMsat }: Missed): string {
  const high = about(highMsat)
  return high === '<1' || high === '0' ? '' : `(${about(lowMsat)}–${high})`
}

/** Says how sure a figure is, and why: `Fairly sure: 7 demands on 3 calendar days.` */
export function confidenceText({ level, reasons }: Confidence): string {
  const why = reasons.map(reasonText).join('; ')
  return why === '' ? `${LEVELS[level]}.` : `${LEVELS[level]}: ${why}.`
}

const LEVELS: Readonly<Record<Confidence['level'], string>> = {
  high: 'Quite sure',
  medium: 'Fairly sure',
  low: 'Not sure',
  'too-little-data': 'Too little data to say',
}

function reasonText(reason: ConfidenceReason): string {
  switch (reason.kind) {
    case 'demands':
      return `${counted(reason.demands, 'demand')} on ${counted(reason.days, 'calendar day')}`
    case 'one-demand':
      return `one payment makes up ${reason.sharePct} %`
    case 'one-channel':
      return `${reason.sharePct} % of it is one channel, which is no surer`
    case 'large-amounts':
      return `${reason.sharePct} % of it is payments above 1M sat, which scatter: it may be ${about(reason.lowMsat)} to ${about(reason.highMsat)} sat`
    case 'short-coverage':
      return `only ${duration(reason.coveredMs)} observed`
    case 'far-above-earned':
      return reason.timesEarned === undefined
        ? 'the channel earned nothing so far'
        : `${count(reason.timesEarned)} times what the channel earned`
    case 'folded':
      return `${counted(reason.demands, 'older demand')} kept as day totals only`
  }
}

// Younger than this an answer is as good as now.
const FRESH_MS = 5 * 60_000

/** Says of when the analysis is; undefined while it is minutes old. */
export function asOfLine(at: number, reading: Reading): Html | undefined {
  if (reading.now - at <= FRESH_MS) return undefined
  return html`Figures marked ≈ as of ${localTime(at, reading)}.`
}

/** Stands in place of figures until the first analysis. */
export const NOT_ANALYSED_YET = html`⏳ What that missed is still being worked out: ask again in a minute.`

/** Stands in place of figures for what the last analysis could not know of. */
export function sinceAnalysis(at: number, reading: Reading): Html {
  return html`⏳ All of it since the analysis of ${localTime(at, reading)}: the next one, within the hour, says what that missed.`
}

/** Says that the first analysis is not there yet; the button asks again. */
export function notAnalysedYet(again: readonly string[]): Message {
  return message(
    html`<b>The first analysis is still being made</b>
It takes seconds after a start. Ask again in a minute.`,
    [[button('Ask again', ...again)]],
  )
}
