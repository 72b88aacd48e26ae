import { DIGEST_WINDOWS, type Digest } from '../../analyzer/digest.ts'
import type { NodeTraffic } from '../../stats/node-traffic.ts'
import { approx, approxSat } from '../estimate.ts'
import { count, counted, dayAndTime, duration, type Reading, sat, shortSat } from '../format.ts'
import { type Html, html } from '../html.ts'
import { WINDOW_WORDS } from '../span.ts'
import { changeText } from './change.ts'
import type { Row } from './rows.ts'

/** What is said of the sending of a digest. */
export type DigestSending = {
  /** How late it comes, in ms; 0 when it was asked for. */
  lateMs: number
  /** It was sent before and may have arrived. */
  isRepeat: boolean
}

/** When a digest is not late yet: the program looks every few seconds, an analysis and a call take some. */
export const LATE_DIGEST_MS = 10 * 60_000

/** A blind spot shorter than this is not worth a reader's second. */
export const NEGLIGIBLE_MS = 60_000

/** The first line: what a lock screen shows must say it all. */
export function headline(digest: Digest): Html {
  const { period, traffic, before, refused } = digest
  const within = WINDOW_WORDS[DIGEST_WINDOWS[period]]
  const isRefused = (refused?.attempts ?? 0) > 0
  if (traffic.settled === 0 && !isRefused) return html`📊 <b>${nothingText(digest)}</b>`
  const missed = refused?.missed
  const earned =
    traffic.settled === 0
      ? `No forward in ${within}`
      : `Earned ${sat(traffic.earnedMsat)}${changeText('earnedMsat', traffic, before, sat)} in ${within}`
  return html`📊 <b>${earned}${missed && isRefused ? `, missed up to ${approxSat(missed.expectedMsat)}` : ''}</b>`
}

/** Where nobody looked, nothing seen is no quiet. */
function nothingText({ period, span, blindMs, refused }: Digest): string {
  if (span.coveredMs <= 0) return `Blind the whole ${period}: nothing is known of it`
  const seen = blindMs < NEGLIGIBLE_MS ? '' : ', as far as seen'
  return `A quiet ${period}${seen}: no forward${refused ? ', nothing refused' : ''}`
}

/** When the figures are of, what they are compared with, and what is to be known of the sending. */
export function dateLine(digest: Digest, { lateMs, isRepeat }: DigestSending, reading: Reading) {
  const late = lateMs > LATE_DIGEST_MS ? ` (${duration(lateMs)} late)` : ''
  return `${dayAndTime(digest.at, reading)}${late}${isRepeat ? ' (may be a repeat)' : ''}`
}

/** What changes are against; undefined where nothing is compared. */
export function comparedWith({ period, before }: Digest): string | undefined {
  return before && `against the ${WINDOW_WORDS[DIGEST_WINDOWS[period]]} before`
}

/** All that a day says on which there is nothing but forwards; empty where there is nothing at all. */
export function quietFacts({ traffic, before, refused }: Digest): string {
  if (traffic.settled === 0) return ''
  return [
    `${counted(traffic.settled, 'forward')}${changeText('settled', traffic, before, counts)}`,
    shortSat(traffic.volumeMsat),
    ...(refused ? ['nothing refused'] : []),
  ].join(' · ')
}

/** What was forwarded and refused, and what that is expected to have missed. */
export function figureRows(digest: Digest): readonly Row[] {
  const { traffic, before, lastDay } = digest
  const forwards =
    traffic.settled === 0
      ? []
      : [
          {
            text: html`Forwards ${count(traffic.settled)}${changeText('settled', traffic, before, counts)} · ${shortSat(traffic.volumeMsat)}${changeText('volumeMsat', traffic, before, shortSat)}`,
            worth: 95,
          },
        ]
  const day = lastDay ? [{ text: lastDayText(lastDay), worth: 75 }] : []
  return [...forwards, ...refusedRows(digest), ...day]
}

function refusedRows({ refused }: Digest): readonly Row[] {
  if (refused === undefined) {
    return [{ text: html`⏳ What was refused is still being worked out.`, worth: 96 }]
  }
  const { attempts, demands, missed } = refused
  if (attempts === 0) return [{ text: html`Nothing refused`, worth: 96 }]
  const text = html`Refused ${counted(demands, 'demand')} (${counted(attempts, 'attempt')})`
  if (missed === undefined) {
    const why = html`${text}: too little data to say what that missed`
    return [{ text: why, worth: 96 }]
  }
  return [
    { text, worth: 96 },
    {
      text: html`Missed up to ${approx(missed)} if every channel had balance`,
      worth: 97,
    },
  ]
}

function lastDayText({ settled, earnedMsat }: NodeTraffic): Html {
  return html`The last 24 h of it: ${counted(settled, 'forward')}, earned ${sat(earnedMsat)}`
}

function counts(value: bigint): string {
  return count(Number(value))
}
