import type { Mute, MuteSpan, MuteTarget } from '../../alerts/mutes.ts'
import type { Subject } from '../../analyzer/reading.ts'
import type { Scid } from '../../lightning/scid.ts'
import { counted, localTime, type Reading } from '../format.ts'
import { type Html, html, join, toPlainText } from '../html.ts'
import { type Button, button, type Message, message } from '../message.ts'
import { cleanName, quoted, shortPubkey, shownId } from '../names.ts'

/** Returns what a subject is called; empty when it has no name. */
export type NameOf = (subject: Subject) => string

/** A family of kinds that can be muted, and what people call it. */
export const MUTED_FAMILIES: Readonly<Record<string, string>> = {
  spike: 'spikes',
  revenue: 'missed fees',
  liq: 'low outbound',
  peer: 'peers away',
  lnd: 'LND itself',
  bot: 'delivery',
}

const SPAN_LABELS: readonly (readonly [MuteSpan, string])[] = [
  ['1h', '1h'],
  ['8h', '8h'],
  ['24h', '24h'],
  ['forever', 'for good'],
]

/** Confirms a mute, names its end, and offers to undo or to widen it. */
export function muted(
  mute: Mute,
  wider: readonly Button[],
  nameOf: NameOf,
  reading: Reading,
): Message {
  return message(
    join([
      html`🔕 <b>Muted: ${targetWords(mute, nameOf)}</b>`,
      html`${endWords(mute, reading)}. What goes on is still followed, and /alerts shows it.`,
      mute.family === undefined ? html`Critical alerts ring all the same.` : undefined,
    ]),
    [[button('undo', 'unmute', mute.id)], wider],
  )
}

/** The short notice for a press that changes nothing. */
export function mutedBefore(mute: Mute, reading: Reading): string {
  return `Muted already: ${endWords(mute, reading)}.`
}

/** Confirms the end of one mute, or of several of one peer. */
export function unmuted(mutes: readonly Mute[], nameOf: NameOf): Message {
  const targets = mutes.slice(0, MAX_ROWS).map((mute) => targetWords(mute, nameOf))
  return message(html`🔔 <b>No longer muted: ${join(targets, ', ')}</b>`)
}

/** Asks which of several mutes is to end. */
export function chooseUnmuted(text: string, mutes: readonly Mute[], nameOf: NameOf): Message {
  return message(
    html`<b>Which mute?</b> Several match <code>${quoted(text)}</code>.`,
    mutes
      .slice(0, MAX_ROWS)
      .map((mute) => [button(`end: ${toPlainText(targetWords(mute, nameOf))}`, 'unmute', mute.id)]),
  )
}

/** Says that nothing of this name is muted. */
export function noMuteOf(text: string): Message {
  return message(html`<b>There is no mute of</b> <code>${quoted(text)}</code>
/mutes lists those in force.`)
}

/** Says that the mute of a button is over. */
export function noMute(): Message {
  return message(html`<b>That mute is over already</b>
/mutes lists those in force.`)
}

/** Confirms the end of all mutes. */
export function allUnmuted(mutes: number): Message {
  return message(
    html`🔔 <b>${mutes === 0 ? 'Nothing was muted' : `${counted(mutes, 'mute')} ended`}</b>`,
  )
}

/** Lists the mutes in force, those for good first: they are the ones that get forgotten. */
export function mutesMessage(mutes: readonly Mute[], nameOf: NameOf, reading: Reading): Message {
  if (mutes.length === 0) return muteUsage(html`<b>Nothing is muted here</b>`)
  const sorted = [...mutes].sort((a, b) => (a.until ?? 0) - (b.until ?? 0))
  const rows = sorted.map(
    (mute, i) => html`${i + 1}. ${targetWords(mute, nameOf)}: ${endWords(mute, reading)}`,
  )
  return message(
    join([html`<b>${counted(mutes.length, 'mute')} in force</b>`, ...rows.slice(0, MAX_ROWS)]),
    sorted.slice(0, MAX_ROWS).map((mute, i) => [button(`end ${i + 1}`, 'unmute', mute.id)]),
  )
}

const MAX_ROWS = 20

/** Says how /mute is used. */
export function muteUsage(head: Html = html`<b>What should be muted?</b>`): Message {
  const families = Object.keys(MUTED_FAMILIES)
  return message(
    join([
      head,
      html`<code>/mute alice 8h</code> part of a peer's alias, or a channel's id`,
      html`<code>/mute spike 24h</code> a family: ${families.join(', ')}`,
      html`For <code>1h</code>, <code>8h</code>, <code>24h</code> or <code>forever</code>.`,
    ]),
    families.map((family) => [button(MUTED_FAMILIES[family] ?? family, 'mute', family)]),
  )
}

/** Asks for how long. */
export function askSpan(target: MuteTarget, words: readonly string[], nameOf: NameOf): Message {
  return message(html`<b>Mute ${targetWords(target, nameOf)} for how long?</b>`, [
    SPAN_LABELS.map(([span, label]) => button(label, 'mute', ...words, span)),
  ])
}

/** Says that a word is no span, and offers those that are where it is clear what to mute. */
export function noSuchSpan(word: string, words: readonly string[]): Message {
  return message(
    html`<b>/mute does not know the time</b> <code>${quoted(word)}</code>
For <code>1h</code>, <code>8h</code>, <code>24h</code> or <code>forever</code>.`,
    words.length === 0
      ? []
      : [SPAN_LABELS.map(([span, label]) => button(label, 'mute', ...words, span))],
  )
}

/** Asks which of several channels is meant. */
export function chooseMuted(
  text: string,
  matches: readonly { scid: Scid; alias: string }[],
  span: MuteSpan | undefined,
): Message {
  const buttons = matches
    .slice(0, 10)
    .map(({ scid, alias }) => [
      button(`${cleanName(alias)} ${shownId(scid)}`.trim(), 'mute', scid, ...(span ? [span] : [])),
    ])
  return message(html`<b>Which channel?</b> Several match <code>${quoted(text)}</code>.`, buttons)
}

/** Returns what a mute covers, in words: `spikes of ACINQ`. */
export function targetWords({ subject, family }: MuteTarget, nameOf: NameOf): Html {
  const what = family === undefined ? 'all warnings' : (MUTED_FAMILIES[family] ?? family)
  if (subject === undefined) return html`${what}`
  if (subject === 'node') return html`${what} of the whole node`
  const [room, id = ''] = subject.split(':')
  const name = cleanName(nameOf(subject)) || (room === 'peer' ? shortPubkey(id) : shownId(id))
  return html`${what} of ${room === 'peer' ? 'peer ' : ''}${name}`
}

function endWords({ until }: Mute, reading: Reading): string {
  if (until === undefined) return 'for good'
  return `until ${localTime(until, reading)} (${reading.timeZone})`
}
