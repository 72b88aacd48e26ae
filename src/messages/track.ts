import type { ForecastResult, TrackRecord } from '../analyzer/answers.ts'
import type { Scid } from '../lightning/scid.ts'
import { approx } from './estimate.ts'
import { count, counted, localDate, type Reading, sat, share, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'
import { button, type Message, message } from './message.ts'
import { channelName } from './names.ts'

// Two lines each fill a phone's screen.
const SHOWN_RESULTS = 10

/** How forecasts held up against what was then earned. */
export function trackMessage(
  record: TrackRecord,
  aliasOf: (scid: Scid) => string,
  reading: Reading,
): Message {
  const { given, running, n, medianRatio, insideShare, results } = record
  const buttons = [[button('top 7d', 'top', '7d')]]
  if (medianRatio === undefined) return message(nothingMeasured(record), buttons)
  const text = join([
    html`<b>Forecasts: half earned ${count(medianRatio * 100)} % or more of what was expected (median, n = ${count(n)})</b>`,
    insideShare === undefined
      ? undefined
      : html`inside the interval: ${share(insideShare)} (80 % should be)`,
    html`${counted(given, 'recommendation')} given, ${count(running)} being measured now`,
    html``,
    ...results.slice(0, SHOWN_RESULTS).map((one) => rowOf(one, aliasOf(one.scid), reading)),
    html``,
    html`Measured: what the demand that had been refused earned once balance was there.`,
  ])
  return message(text, buttons)
}

function nothingMeasured({ given, running }: TrackRecord): Html {
  if (running > 0) {
    return html`<b>No forecast is measured to the end yet: ${count(running)} of ${counted(given, 'recommendation')} given ${running === 1 ? 'is' : 'are'} being measured.</b>`
  }
  const advised = given > 0 ? ` of ${counted(given, 'recommendation')} given` : ''
  return html`<b>No forecast is measured yet${advised}: that begins when balance is added where it was advised.</b>`
}

function rowOf(one: ForecastResult, alias: string, reading: Reading): Html {
  const { scid, endedAt, addedMsat, earnedMsat } = one
  return html`${localDate(endedAt, reading)} <b>${channelName(alias, scid)}</b>, ${shortSat(addedMsat)} added
earned ${sat(earnedMsat)} of ${approx(one)}, ${insideText(one)}`
}

function insideText({ earnedMsat, lowMsat, highMsat }: ForecastResult): string {
  if (earnedMsat < lowMsat) return 'below it'
  return earnedMsat > highMsat ? 'above it' : 'inside it'
}

/** Confirms that the operator rebalanced, and that the forecast is measured now. */
export function doneNoted(scid: Scid, alias: string): Message {
  const name = channelName(alias, scid)
  return message(
    html`<b>Noted: you rebalanced into ${name}</b>
What the demand refused before earns now is measured against the forecast, for 7 days at most. /track shows it.`,
    [[button(`‹ ${name}`, 'channel', scid), button('Track record', 'track')]],
  )
}

/** Says that a rise, noticed or told before, is being measured, so that there is nothing more to note. */
export function alreadyMeasured(scid: Scid, alias: string): Message {
  const name = channelName(alias, scid)
  return message(
    html`<b>Already being measured: what came in at ${name}</b>
It ends when the balance is used up, after 7 days at most. What comes in meanwhile is seen by itself. /track shows it.`,
    [[button(`‹ ${name}`, 'channel', scid), button('Track record', 'track')]],
  )
}

/** Says that nothing is measured for a channel, and when that begins. */
export function nothingToMeasure(scid: Scid, alias: string): Message {
  const name = channelName(alias, scid)
  return message(
    html`<b>Nothing to measure yet at ${name}</b>
Either no rebalance was recommended there within 7 days, or its balance is not there yet. What you add is seen by itself, within minutes.`,
    [[button(`‹ ${name}`, 'channel', scid)]],
  )
}
