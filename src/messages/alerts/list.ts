import type { ListCause } from '../../alerts/letter.ts'
import { count, counted, localTime, type Reading } from '../format.ts'
import { type Html, html, join } from '../html.ts'
import { button, type Message, message } from '../message.ts'
import type { AlertView } from './alert-text.ts'
import { type LetterView, markOf, provisos } from './letter-view.ts'
import { alertText } from './texts.ts'

/** Rows of a list in a message; the rest is behind the button. */
const SHOWN = 5

/** Several alerts as one message: the gravest, how many more, and the button that lists all. */
export function listMessage(letter: LetterView, reading: Reading): Message {
  const views = [...letter.alerts].filter(({ isMoved }) => !isMoved).sort(byWeight)
  const firing = views.filter(({ alert }) => alert.state === 'firing').length
  const shown = views.slice(0, SHOWN)
  const [first] = shown
  if (first === undefined) return message(html`↪ All of these go on in later messages.`)
  return message(
    join([
      html`${markOf(first.alert)} <b>${title(letter.cause, views.length)}</b>${provisos(letter)}`,
      html`${firing === views.length ? 'all of them go on' : firing === 0 ? 'all of them are over' : `${count(firing)} go on, ${count(views.length - firing)} are over`}`,
      ...shown.map((view) => rowOf(view, reading)),
      views.length > SHOWN ? html`+${count(views.length - SHOWN)} more` : undefined,
    ]),
    [[button('list all', 'alerts', 'new')]],
  )
}

/** One alert in one line, its times after it. */
export function rowOf(view: AlertView, reading: Reading): Html {
  const { alert } = view
  const { firedAt, resolvedAt } = alert
  const from = localTime(firedAt, reading)
  const time =
    resolvedAt === undefined ? `since ${from}` : `${from}–${localTime(resolvedAt, reading)}`
  return html`${markOf(alert)} ${alertText(alert.kind).headline(view, reading)} · ${time} · #${alert.id}`
}

/** Firing before over, grave before light, much missed before little, old before new. */
export function byWeight(a: AlertView, b: AlertView): number {
  return (
    Number(a.alert.state === 'resolved') - Number(b.alert.state === 'resolved') ||
    WEIGHTS[b.alert.severity] - WEIGHTS[a.alert.severity] ||
    Number(missed(b) - missed(a)) ||
    a.alert.firedAt - b.alert.firedAt
  )
}

const WEIGHTS = { crit: 2, warn: 1, digest: 0 } as const

function missed({ about }: AlertView): bigint {
  return about.missed?.expectedMsat ?? 0n
}

function title(cause: ListCause | undefined, alerts: number): string {
  const what = counted(alerts, 'alert')
  switch (cause) {
    case 'late':
      return `${what} while Telegram could not be reached`
    case 'away':
      return `${what} while this chat could not be reached`
    case 'held':
      return `${what} while it was quiet here`
    case 'quiet':
      return `${what} without a sound`
    default:
      return `${what} at once`
  }
}
