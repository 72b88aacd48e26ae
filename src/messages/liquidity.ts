import { receivableMsat, spendableMsat } from '../lightning/channel.ts'
import type { ChannelStand } from '../stats/views.ts'
import { counted, percent, ppm, rowsShown, shortNumber, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'
import { type Button, button, type Message, message } from './message.ts'
import { channelName, cleanName, shownId } from './names.ts'

export const LIQUIDITY_PAGE = 8

/** The channels with one peer. */
export type PeerStand = { alias: string; channels: readonly ChannelStand[] }

/** What a node or a peer can send and receive, and with whom. */
export type LiquidityData = {
  /** Undefined: the node with all its peers. */
  peer: PeerStand | undefined
  channels: readonly ChannelStand[]
  /** The page of peers, those that can send the least of their capacity first. */
  rows: readonly PeerStand[]
  offset: number
  peers: number
}

/** What can go out and come in: the whole node and its peers by page, or one peer's channels. */
export function liquidityMessage(data: LiquidityData): Message {
  const { peer, channels, offset, rows, peers } = data
  if (peer !== undefined) return peerMessage(peer)
  const text = join([
    html`<b>Out ${shortNumber(outOf(channels))}, in ${shortSat(inOf(channels))}</b>`,
    html`${counted(channels.length, 'channel')} with ${counted(peers, 'peer')}, less what must stay as reserve`,
    offlineLine(channels),
    html``,
    ...rows.map((row, i) => peerRow(row, offset + i + 1)),
    html``,
    peers > rows.length
      ? html`${rowsShown(offset, rows.length)} of ${counted(peers, 'peer')}, least to send first`
      : undefined,
    html`ppm: our fee for sats going out / theirs for sats coming in`,
  ])
  return message(text, [
    rows.map(({ channels: [one] }, i) =>
      button(String(offset + i + 1), 'liquidity', one?.scid ?? '', 'new'),
    ),
    pages(data),
  ])
}

/** Says that all channels with a peer are closed. */
export function allClosed(name: string): Message {
  return message(html`<b>No channel with ${name} is open</b>`, [
    [button('‹ all peers', 'liquidity')],
  ])
}

/** Says that there is no channel to speak of. */
export function noLiquidity(): Message {
  return message(
    html`<b>No open channel is known yet</b>
LND lists them within a minute after it is reached.`,
    [[button('status', 'status')]],
  )
}

function peerMessage({ alias, channels }: PeerStand): Message {
  const [first] = channels
  const name = first ? channelName(alias, first.scid) : cleanName(alias)
  const text = join([
    html`<b>${name}: out ${shortNumber(outOf(channels))}, in ${shortSat(inOf(channels))}</b>`,
    html`in ${counted(channels.length, 'channel')}, less what must stay as reserve`,
    offlineLine(channels),
    html``,
    html`<code>${table(channels)}</code>`,
    html``,
    html`ppm: <code>us</code> is our fee for sats going out, <code>them</code> theirs for sats coming in.`,
  ])
  return message(text, [
    ...channels
      .slice(0, LIQUIDITY_PAGE)
      .map(({ scid }, i) => [button(`${i + 1}: ${shownId(scid)}`, 'channel', scid, '7d', 'new')]),
    [button('‹ all peers', 'liquidity')],
  ])
}

/** A line a channel, in the order of the buttons, of at most 35 columns. */
function table(channels: readonly ChannelStand[]): string {
  const lines = channels
    .slice(0, LIQUIDITY_PAGE)
    .map((one, i) => [String(i + 1), outText(one), inText(one), ...feesOf([one])])
  const rows = [['', 'out', 'in', 'us', 'them'], ...lines]
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows
    .map((row) => row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  '))
    .join('\n')
}

function peerRow(row: PeerStand, rank: number): Html {
  const { alias, channels } = row
  const [first] = channels
  const name = first ? channelName(alias, first.scid) : cleanName(alias)
  const mark = channels.every(({ channel }) => channel.active) ? '' : '🔴 '
  const [us, them] = feesOf(channels)
  return html`${rank}. ${mark}<b>${name}</b>${channels.length > 1 ? ` ×${channels.length}` : ''}
out ${shortNumber(outOf(channels))} (${percent(outOf(channels), capacityOf(channels))}) · in ${shortNumber(inOf(channels))} · ${us}/${them} ppm`
}

function offlineLine(channels: readonly ChannelStand[]): Html | undefined {
  const away = channels.filter(({ channel }) => !channel.active)
  if (away.length === 0) return undefined
  return html`🔴 ${counted(away.length, 'channel')} not usable now: out ${shortNumber(outOf(away))}, in ${shortNumber(inOf(away))} of it`
}

/** Our rate and theirs; where channels differ, from the lowest to the highest. */
function feesOf(channels: readonly ChannelStand[]): readonly [string, string] {
  return [
    rangeOf(channels.map(({ policies }) => policies?.own?.feeRatePpm)),
    rangeOf(channels.map(({ policies }) => policies?.peer?.feeRatePpm)),
  ]
}

function rangeOf(rates: readonly (number | undefined)[]): string {
  const known = rates.filter((rate) => rate !== undefined)
  if (known.length === 0) return '?'
  const [low, high] = [Math.min(...known), Math.max(...known)].map(rateOf)
  return low === high ? `${low}` : `${low}–${high}`
}

function rateOf(rate: number): string {
  return ppm(rate).replace(' ppm', '')
}

function outText({ channel }: ChannelStand): string {
  return shortNumber(spendableMsat(channel))
}

function inText({ channel }: ChannelStand): string {
  return shortNumber(receivableMsat(channel))
}

/** What can be sent over these channels now. */
export function outOf(channels: readonly ChannelStand[]): bigint {
  return channels.reduce((sum, { channel }) => sum + spendableMsat(channel), 0n)
}

function inOf(channels: readonly ChannelStand[]): bigint {
  return channels.reduce((sum, { channel }) => sum + receivableMsat(channel), 0n)
}

/** What these channels hold in all. */
export function capacityOf(channels: readonly ChannelStand[]): bigint {
  return channels.reduce((sum, { channel }) => sum + channel.capacityMsat, 0n)
}

function pages({ offset, rows, peers }: LiquidityData): readonly Button[] {
  const to = (label: string, start: number) =>
    button(label, 'liquidity', `from${Math.max(0, start) + 1}`)
  return [
    ...(offset > 0 ? [to('‹ back', offset - LIQUIDITY_PAGE)] : []),
    ...(offset + rows.length < peers ? [to('more ›', offset + LIQUIDITY_PAGE)] : []),
  ]
}
