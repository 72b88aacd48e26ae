import type { Forecast, MeasuredForecast, TrackRecord } from '../analyzer/answers.ts'
import type { Scid } from '../lightning/scid.ts'
import { approx } from './estimate.ts'
import { count, counted, localDate, type Reading, sat, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'
import { button, type Message, message } from './message.ts'
import { channelName } from './names.ts'

/** How forecasts held up against what was then earned. */
export function trackMessage(record: TrackRecord, reading: Reading): Message {
  const buttons = [[button('top 7d', 'top', '7d')]]
  if (record.last.length === 0) return message(nothingMeasured(record), buttons)
  const text = join([
    html`<b>${verdict(record)}</b>`,
    ...countLines(record),
    html``,
    ...record.last.map((one) => rowOf(one, reading)),
    html``,
    html`Measured: what the demand that had been refused earned once balance was there.`,
  ])
  return message(text, buttons)
}

function nothingMeasured({ given }: TrackRecord): Html {
  const advised = given > 0 ? ` of ${counted(given, 'recommendation')} given` : ''
  return html`<b>No forecast is measured yet${advised}: that begins when balance is added where it was advised.</b>`
}

function verdict({ measured, medianRatio, running }: TrackRecord): string {
  if (medianRatio === undefined) {
    return `No forecast is measured to the end yet, ${count(running)} ${running === 1 ? 'is' : 'are'} running`
  }
  return `Forecasts so far: the median earned ${ratio(medianRatio)} of what was expected (n = ${count(measured)})`
}

function countLines({
  given,
  measured,
  inside,
  running,
}: TrackRecord): readonly (Html | undefined)[] {
  return [
    measured > 0
      ? html`${count(inside)} of ${count(measured)} inside the interval (8 of 10 should be)`
      : undefined,
    html`${counted(given, 'recommendation')} given, ${count(measured)} measured, ${count(running)} running`,
  ]
}

function ratio(value: number): string {
  return `${count(value * 100)} %`
}

function rowOf(one: MeasuredForecast, reading: Reading): Html {
  const { scid, alias, from, until, amountMsat, earnedMsat, expected } = one
  const amount = amountMsat === undefined ? '' : `, ${shortSat(amountMsat)}`
  const isRunning = until > reading.now
  const end = isRunning ? `so far, until ${localDate(until, reading)}` : insideText(one)
  return html`${localDate(from, reading)} <b>${channelName(alias, scid)}</b>${amount}
earned ${sat(earnedMsat)} of ${approx(expected)}, ${end}`
}

function insideText({ earnedMsat, expected }: MeasuredForecast): string {
  if (earnedMsat < expected.lowMsat) return 'below it'
  return earnedMsat > expected.highMsat ? 'above it' : 'inside it'
}

/** Confirms that the operator followed a recommendation, and what is measured now. */
export function doneNoted({ scid, alias, expected, amountMsat }: Forecast): Message {
  const name = channelName(alias, scid)
  const moved = amountMsat === undefined ? '' : ` of ${shortSat(amountMsat)}`
  return message(
    html`<b>Noted: you rebalanced into ${name}</b>
What the demand refused before earns now is measured against the forecast${moved}: ${approx(expected)}. /track shows it.`,
    [
      [button('Undo: I have not', 'done', scid, 'undo')],
      [button(`‹ ${name}`, 'channel', scid), button('Track record', 'track')],
    ],
  )
}

/** Confirms that the note was a mistake. */
export function doneUndone(scid: Scid, alias: string): Message {
  const name = channelName(alias, scid)
  return message(html`<b>Taken back: no rebalance into ${name} is noted</b>`, [
    [button('Done: I have rebalanced', 'done', scid), button(`‹ ${name}`, 'channel', scid)],
  ])
}

/** Says that there is no recommendation for a channel to be measured. */
export function nothingToDo(scid: Scid, alias: string): Message {
  const name = channelName(alias, scid)
  return message(
    html`<b>No rebalance into ${name} was recommended, so there is no forecast to measure</b>
Balance that you add is seen all the same.`,
    [[button(`‹ ${name}`, 'channel', scid)]],
  )
}
