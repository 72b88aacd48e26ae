import type { Scid } from '../lightning/scid.ts'
import { PAIR_ORDERS, type Pair, type PairOrder } from '../stats/pairs.ts'
import { WINDOWS, type Window } from '../stats/views.ts'
import {
  count,
  counted,
  localTime,
  ppm,
  type Reading,
  rowsShown,
  sat,
  satNumber,
  shortNumber,
  shortSat,
} from './format.ts'
import { type Html, html, join } from './html.ts'
import { type Button, button, choice, type Message, message } from './message.ts'
import { channelName } from './names.ts'
import { WINDOW_WORDS } from './span.ts'

/** Pairs on a page: two lines each fill a phone's screen. */
export const FORWARDS_PAGE = 8

/** What is asked of the settled forwards; `channel` limits them to pairs that it is part of. */
export type ForwardsQuestion = {
  window: Window
  order: PairOrder
  offset: number
  channel: { scid: Scid; alias: string } | undefined
}

/** A page of pairs, and what all pairs of the question came to. */
export type ForwardsData = {
  question: ForwardsQuestion
  rows: readonly Pair[]
  pairs: number
  forwards: number
  volumeMsat: bigint
  earnedMsat: bigint
  /** Forwards of pairs that were too many to be told apart. */
  unpaired: number
  aliasOf(scid: Scid): string
}

/** What settled, summed by the pair of channels that it came in and went out by. */
export function forwardsMessage(data: ForwardsData, reading: Reading): Message {
  const { question, rows, pairs, unpaired } = data
  const { offset } = question
  const text = join([
    headline(data),
    html``,
    ...rows.map((row, i) => rowOf(row, offset + i + 1, data, reading)),
    ...(rows.length === 0 ? [html`A longer window may show some.`] : [html``]),
    pairs > rows.length
      ? html`${rowsShown(offset, rows.length)} of ${counted(pairs, 'pair')}`
      : undefined,
    unpaired > 0
      ? html`${counted(unpaired, 'forward')} of still more pairs are left out.`
      : undefined,
    html`From LND's own list, which lags by seconds. The time is that of the newest.`,
  ])
  return message(text, buttonsOf(data))
}

function headline({ question, forwards, volumeMsat, earnedMsat, pairs }: ForwardsData): Html {
  const { window, channel, order } = question
  const within = WINDOW_WORDS[window]
  const by = channel === undefined ? '' : ` by ${channelName(channel.alias, channel.scid)}`
  if (forwards === 0) return html`<b>No forward settled${by} in ${within}</b>`
  return html`<b>Earned ${sat(earnedMsat)} in ${within}${by}</b>
${counted(forwards, 'forward')} of ${shortSat(volumeMsat)} (${rate(earnedMsat, volumeMsat)}) in ${counted(pairs, 'pair')}, ${ORDER_WORDS[order]}`
}

const ORDER_WORDS: Readonly<Record<PairOrder, string>> = {
  recent: 'newest first',
  earned: 'most earned first',
  volume: 'most sats first',
}

// Two of them and the arrow fit a phone's line.
const HALF_NAME = 16

function rowOf(row: Pair, rank: number, data: ForwardsData, reading: Reading): Html {
  const name = (scid: Scid) => channelName(data.aliasOf(scid), scid, HALF_NAME)
  const { incoming, outgoing, forwards, volumeMsat, earnedMsat, lastAt } = row
  return html`${rank}. <b>${name(incoming)} → ${name(outgoing)}</b>
${count(forwards)}× ${shortNumber(volumeMsat)} · earned ${satNumber(earnedMsat)} (${rate(earnedMsat, volumeMsat)}) · ${localTime(lastAt, reading)}`
}

function rate(earnedMsat: bigint, volumeMsat: bigint): string {
  return volumeMsat > 0n ? ppm(Number((earnedMsat * 1_000_000n) / volumeMsat)) : '0 ppm'
}

function buttonsOf({ question, rows, pairs }: ForwardsData): readonly (readonly Button[])[] {
  const { window, order, offset, channel } = question
  const first = { ...question, offset: 0 }
  const to = (label: string, start: number) =>
    button(label, ...words({ ...question, offset: Math.max(0, start) }))
  return [
    [
      ...(offset > 0 ? [to('‹ back', offset - FORWARDS_PAGE)] : []),
      ...(offset + rows.length < pairs ? [to('more ›', offset + FORWARDS_PAGE)] : []),
    ],
    WINDOWS.map((one) => choice(one, one === window, ...words({ ...first, window: one }))),
    PAIR_ORDERS.map((one) => choice(one, one === order, ...words({ ...first, order: one }))),
    channel === undefined
      ? []
      : [
          button('all channels', ...words({ ...first, channel: undefined })),
          button(`‹ ${channelName(channel.alias, channel.scid)}`, 'channel', channel.scid),
        ],
  ]
}

function words({ window, order, offset, channel }: ForwardsQuestion): readonly string[] {
  const from = offset > 0 ? [`from${offset + 1}`] : []
  return ['forwards', window, order, ...from, ...(channel ? [channel.scid] : [])]
}
