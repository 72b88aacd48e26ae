import { counted, type Reading } from '../format.ts'
import { html, join } from '../html.ts'
import { type Button, button, choice, type Message, message } from '../message.ts'
import { quoted } from '../names.ts'
import type { AlertView } from './alert-text.ts'
import { rowOf } from './list.ts'

/** Rows on a page of /alerts: one row of buttons opens them. */
export const ALERTS_PAGE = 8

/** A page of alerts: those that fire now, or those of the past week. */
export type Overview = {
  isPast: boolean
  /** Of all there are, from the `offset`-th on. */
  views: readonly AlertView[]
  offset: number
  total: number
  mutes: number
}

/** Alerts in a list, each a line and a button that opens it. */
export function overviewMessage(overview: Overview, reading: Reading): Message {
  const { views, offset, total, isPast, mutes } = overview
  const rows = views.map((view, i) => html`${offset + i + 1}. ${rowOf(view, reading)}`)
  return message(
    join([
      html`<b>${isPast ? past(total) : firing(total)}</b>`,
      ...rows,
      mutes > 0 ? html`${counted(mutes, 'mute')} in force: /mutes` : undefined,
    ]),
    [
      views.map(({ alert }, i) => button(String(offset + i + 1), 'alerts', alert.id, 'new')),
      pageButtons(overview),
      [choice('now', !isPast, 'alerts'), choice('past week', isPast, 'alerts', 'past')],
    ],
  )
}

/** Says that an alert is not known any more. */
export function noAlert(id: string): Message {
  return message(html`<b>There is no alert</b> <code>${quoted(id)}</code>
Alerts are kept for a week after they are over. /alerts lists them.`)
}

/** The short notices of the buttons under an alert. */
export const TAKEN_ON = 'Taken on: it does not ring again.'
export const TAKEN_ON_BEFORE = 'It is taken on already, or over.'
export const SETTLED = 'Noted: this is the usual from now on.'
export const OVER_BEFORE = 'It is over already.'

function firing(total: number): string {
  return total === 0
    ? 'Nothing is wrong now, as far as alerts go'
    : `${counted(total, 'alert')} now`
}

function past(total: number): string {
  return total === 0
    ? 'No alert in the past week'
    : `${counted(total, 'alert')} over in the past week`
}

function pageButtons({ offset, total, isPast }: Overview): readonly Button[] {
  const words = isPast ? ['alerts', 'past'] : ['alerts']
  const to = (label: string, from: number) => button(label, ...words, `from${from + 1}`)
  return [
    ...(offset > 0 ? [to('‹ back', Math.max(0, offset - ALERTS_PAGE))] : []),
    ...(offset + ALERTS_PAGE < total ? [to('more ›', offset + ALERTS_PAGE)] : []),
  ]
}
