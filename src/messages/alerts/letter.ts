import { counted, duration, localTime, type Reading } from '../format.ts'
import { type Html, html, join } from '../html.ts'
import { type Button, button, type Message, message } from '../message.ts'
import { quoted, shownId } from '../names.ts'
import { type AlertView, nameOf, scidOf } from './alert-text.ts'
import { type LetterView, markOf, provisos } from './letter-view.ts'
import { listMessage } from './list.ts'
import { alertText } from './texts.ts'

/** Writes a message about alerts as they stand now. */
export function letterMessage(letter: LetterView, reading: Reading): Message {
  const [first] = letter.alerts
  const isSingle = letter.alerts.length === 1
  if (first === undefined) return message(html`These alerts are over, and forgotten by now.`)
  switch (letter.form) {
    case 'over':
      return isSingle ? overMessage(first, letter, reading) : allOverMessage(letter)
    case 'reminder':
      return reminderMessage(first, letter, reading)
    case 'list':
      return listMessage(letter, reading)
    case 'alert':
      return first.isMoved ? movedMessage(first) : alertMessage(first, letter, reading)
  }
}

function alertMessage(view: AlertView, letter: LetterView, reading: Reading): Message {
  const { alert } = view
  const text = alertText(alert.kind)
  const isOver = alert.state === 'resolved'
  const lines = isOver ? [] : text.lines(view, reading)
  return message(
    join([
      html`${markOf(alert)} <b>${text.headline(view, reading)}</b>${provisos(letter)}`,
      statusLine(view, reading),
      ...lines,
      footLine(view, reading),
    ]),
    isOver ? [detailsRow(view)] : alertButtons(view),
  )
}

/** What became of it: over, no data, part of another, flapping, taken on. */
function statusLine(view: AlertView, reading: Reading): Html | undefined {
  const { alert } = view
  const parts = [
    alert.state === 'resolved' ? overWords(view, reading) : undefined,
    alert.blindSince === undefined
      ? undefined
      : `no data since ${localTime(alert.blindSince, reading)}: it cannot be seen whether it goes on`,
    alert.parent === undefined ? undefined : `part of #${alert.parent}`,
    alert.isFlapping
      ? `flapping: ${counted(alert.firings.length, 'time')} within 6 hours`
      : undefined,
    alert.acknowledged && alert.state === 'firing'
      ? `taken on by ${quoted(alert.acknowledged.by)} at ${localTime(alert.acknowledged.at, reading)}`
      : undefined,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : html`${parts.join(' · ')}`
}

function overWords(view: AlertView, reading: Reading): string {
  const { firedAt, resolvedAt = firedAt, ending, kind } = view.alert
  const span = `${localTime(firedAt, reading)}–${localTime(resolvedAt, reading)}`
  if (ending === 'new-level') return `settled at a new level, ${span}: this is the usual now`
  return `${alertText(kind).over(view)}, ${span} (${duration(resolvedAt - firedAt)})`
}

function footLine(view: AlertView, reading: Reading): Html {
  const scid = scidOf(view)
  const time = localTime(view.alert.firedAt, reading)
  const id = html`${time} · #${view.alert.id}`
  return scid === undefined ? id : html`<code>${shownId(scid)}</code> · ${id}`
}

function alertButtons(view: AlertView): readonly (readonly Button[])[] {
  const { id, kind, acknowledged } = view.alert
  const taking = acknowledged ? [] : [button('✅ Ack', 'alerts', id, 'ack')]
  const settling = kind.startsWith('spike.') ? [button('new normal', 'alerts', id, 'normal')] : []
  return [muteRow(id), [...taking, ...detailsRow(view), ...settling]]
}

function detailsRow(view: AlertView): readonly Button[] {
  const details = alertText(view.alert.kind).details(view)
  return details ? [details] : []
}

/** The buttons that mute what an alert is about. */
function muteRow(id: string): readonly Button[] {
  return [
    button('🔕 1h', 'alerts', id, 'mute', '1h'),
    button('8h', 'alerts', id, 'mute', '8h'),
    button('24h', 'alerts', id, 'mute', '24h'),
    button('for good', 'alerts', id, 'mute', 'forever'),
  ]
}

function overMessage(view: AlertView, letter: LetterView, reading: Reading): Message {
  const { alert } = view
  const { firedAt, resolvedAt = reading.now } = alert
  const after = duration(resolvedAt - firedAt)
  const what =
    alert.ending === 'new-level'
      ? `settled at a new level after ${after}`
      : `${alertText(alert.kind).over(view)} after ${after}`
  return message(html`✅ ${nameOf(view)} ${what}${provisos(letter)} · #${alert.id}`)
}

function allOverMessage(letter: LetterView): Message {
  const names = [...new Set(letter.alerts.map(nameOf))]
  const shown = names.slice(0, 5).join(', ')
  const more = names.length > 5 ? ` and ${names.length - 5} more` : ''
  return message(
    html`✅ ${counted(letter.alerts.length, 'alert')} over${provisos(letter)}: ${shown}${more}`,
  )
}

function reminderMessage(view: AlertView, letter: LetterView, reading: Reading): Message {
  const { alert } = view
  const since = duration(reading.now - alert.firedAt)
  const headline = alertText(alert.kind).headline(view, reading)
  return message(
    join([
      html`${markOf(alert)} <b>Still: ${headline}</b>, for ${since}${provisos(letter)}`,
      html`Nobody has taken it on · #${alert.id}`,
    ]),
    [[button('✅ Ack', 'alerts', alert.id, 'ack'), ...detailsRow(view)]],
  )
}

function movedMessage(view: AlertView): Message {
  return message(html`↪ ${nameOf(view)}: it goes on in a later message · #${view.alert.id}`)
}
