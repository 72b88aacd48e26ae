import type { MissedByPeer } from '../analyzer/answers.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import { CHART_WINDOWS, type ChartWindow, type Series, type SeriesBucket } from '../stats/views.ts'
import { hasGaps, totalOf } from './charts/buckets.ts'
import { type ChannelChartData, channelChart } from './charts/channel-chart.ts'
import { missedChart } from './charts/missed-chart.ts'
import { trafficChart } from './charts/traffic-chart.ts'
import { approx, asOfLine, confidenceText } from './estimate.ts'
import {
  count,
  counted,
  localDate,
  localTime,
  percent,
  type Reading,
  sat,
  shortNumber,
  shortSat,
} from './format.ts'
import { type Html, html, join } from './html.ts'
import { blindLine } from './lnd-states.ts'
import { type Button, button, choice, type Message, message, withAttachment } from './message.ts'
import { channelName, nameAndId, quoted } from './names.ts'
import { spanLine, WINDOW_WORDS } from './span.ts'

/** The node's forwards, refusals and fees over a window, as a picture with what it shows in words. */
export function trafficChartMessage(series: Series, lnd: LndStatus, reading: Reading): Message {
  const { window, span } = series
  const { settled, earnedMsat } = totalOf(series.buckets)
  const within = WINDOW_WORDS[window]
  const head =
    settled === 0
      ? html`<b>Nothing was forwarded in ${within}</b>`
      : html`<b>${counted(settled, 'forward')} in ${within} earned ${sat(earnedMsat)}</b>`
  const lines = [head, refusedLine(series, reading), spanLine(span, 'both', reading)]
  const buttons = [windowButtons(window, []), [button('Missed by peer', 'chart', window, 'missed')]]
  return withAttachment(message(join([...lines, blindLine(lnd, reading)]), buttons), {
    kind: 'picture',
    name: `traffic-${window}.png`,
    svg: trafficChart(series, reading),
  })
}

/** A channel's balance and what was refused to leave by it, as a picture with what it shows in words. */
export function channelChartMessage(
  data: ChannelChartData,
  lnd: LndStatus,
  reading: Reading,
): Message {
  const { scid, alias, series } = data
  const { window, span } = series
  const text = join([
    html`${nameAndId(alias, scid)}`,
    balanceLine(data),
    refusedLine(series, reading),
    spanLine(span, 'refused', reading),
    blindLine(lnd, reading),
  ])
  const buttons = [
    windowButtons(window, [scid]),
    [button(`‹ ${channelName(alias, scid)}`, 'channel', scid, window)],
  ]
  return withAttachment(message(text, buttons), {
    kind: 'picture',
    name: `channel-${window}.png`,
    svg: channelChart(data, reading),
  })
}

/** What peers missed for lack of balance, as a picture; in words alone where there is no figure. */
export function missedChartMessage(
  window: ChartWindow,
  found: MissedByPeer,
  reading: Reading,
): Message {
  const { span, rows, confidence } = found
  const within = WINDOW_WORDS[window]
  const buttons = [
    windowButtons(window, ['missed']),
    [button('Forwards and refusals', 'chart', window), button('Channels', 'top', window)],
  ]
  const [first] = rows
  const rest = [spanLine(span, 'refused', reading), asOfLine(found.at, reading)]
  if (confidence.level === 'too-little-data' || first === undefined) {
    return message(join([nothingToDraw(found, within), ...rest]), buttons)
  }
  const most = html`<b>Missed most in ${within}: ${channelName(first.alias, first.scid)} ${approx(first.missed)}</b>`
  const text = join([most, peersLine(found), ...rest])
  return withAttachment(message(text, buttons), {
    kind: 'picture',
    name: `missed-${window}.png`,
    svg: missedChart({ window, span, rows }, reading),
  })
}

/** Says which word of /chart was not understood, and how to say it. */
export function wrongChartWord(word: string): Message {
  return message(
    html`<b>/chart shows a day, a week or a month</b>, not <code>${quoted(word)}</code>
<code>/chart 24h</code> forwards, refusals and fees earned
<code>/chart 7d missed</code> missed fees by peer
<code>/chart 7d alice</code> one channel's balance and refusals`,
    [windowButtons(undefined, [])],
  )
}

/** The windows as buttons of the same chart. */
function windowButtons(
  chosen: ChartWindow | undefined,
  words: readonly string[],
): readonly Button[] {
  return CHART_WINDOWS.map((name) => choice(name, name === chosen, 'chart', name, ...words))
}

/** Counts refused attempts, and says when most of them came. */
function refusedLine(series: Series, reading: Reading): Html {
  const { buckets, window } = series
  const { refusedForBalance, refusedOtherwise } = totalOf(buckets)
  const all = refusedForBalance + refusedOtherwise
  if (all === 0) return html`${nothingRefused(series)}`
  const most = buckets.reduce((a, b) => (refusedIn(b) > refusedIn(a) ? b : a))
  const share = percent(BigInt(refusedForBalance), BigInt(all))
  return html`${counted(all, 'attempt')} refused, ${share} for lack of balance; most, ${count(refusedIn(most))}, ${bucketWords(most, window, reading)}.`
}

function nothingRefused(series: Series): string {
  if (series.span.coveredMs <= 0) return 'Nobody listened: what was refused is not known.'
  return hasGaps(series) ? 'No refusal was heard.' : 'Nothing was refused.'
}

function refusedIn({ refusedForBalance, refusedOtherwise }: SeriesBucket): number {
  return refusedForBalance + refusedOtherwise
}

function bucketWords({ from }: SeriesBucket, window: ChartWindow, reading: Reading): string {
  return window === '30d'
    ? `on ${localDate(from, { ...reading, timeZone: 'UTC' })} (UTC)`
    : `in the hour from ${localTime(from, reading)}`
}

function balanceLine({ balances }: ChannelChartData): Html {
  const last = balances?.points.at(-1)
  if (balances === undefined || last === undefined) return html`Its balance is not known.`
  const { capacityMsat, points } = balances
  const lowest = points.reduce((a, b) => (b.localMsat < a.localMsat ? b : a))
  const now = `${shortNumber(last.localMsat)} of ${shortSat(capacityMsat)}`
  return html`<b>Our balance: ${now} (${percent(last.localMsat, capacityMsat)})</b>, lowest ${shortSat(lowest.localMsat)}`
}

function peersLine({ rows, hidden }: MissedByPeer): Html {
  const others = hidden === 0 ? '' : `, ${counted(hidden, 'more', 'more')} with too little data`
  return html`${counted(rows.length, 'peer')}${others}. Expected fees, for lack of balance; they share what neighbours can send, so they do not add up.`
}

function nothingToDraw({ confidence, rows, hidden }: MissedByPeer, within: string): Html {
  if (rows.length === 0 && hidden === 0) {
    return html`<b>Nothing was missed for lack of balance in ${within}</b>`
  }
  const why =
    confidence.level === 'too-little-data'
      ? confidenceText(confidence)
      : `${counted(hidden, 'peer')} with too few demands to say.`
  return html`<b>What was missed in ${within} cannot be drawn yet</b>
${why}`
}
