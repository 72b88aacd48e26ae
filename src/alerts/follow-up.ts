import type { Alert } from './alert.ts'
import { LIST_EDIT_MS, MAX_MEMBERS, type Step } from './announce.ts'
import type { AlertBook } from './book.ts'
import { type Draft, type Letter, showsAlerts } from './letter.ts'
import type { Mailbox } from './mailbox.ts'

/** Shows what became of alerts: the ends first, lists at most every ten seconds. */
export function editStep(box: Mailbox, book: AlertBook): Step | undefined {
  const stale = [...box.live].filter((letter) => isStale(box, letter, book))
  const letter =
    stale.find((one) => alertsOf(one, book).every(({ state }) => state === 'resolved')) ?? stale[0]
  if (letter === undefined) return undefined
  const ms = letter.form === 'list' ? letter.steadyTried + LIST_EDIT_MS - book.steady : 0
  return ms > 0 ? { kind: 'wait', ms } : { kind: 'edit', letter, joining: [] }
}

function isStale(box: Mailbox, letter: Letter, book: AlertBook): boolean {
  if (letter.state !== 'sent' || !showsAlerts(letter)) return false
  return letter.members.some(({ alert, shown, isClosed }) =>
    box.isMoved(letter, alert) ? !isClosed : (book.get(alert)?.revision ?? 0) > shown,
  )
}

/** A short word for letters that rang and whose alerts are all over; one word for several. */
export function answerStep(box: Mailbox, book: AlertBook): Step | undefined {
  const over = [...box.live].filter((letter) => isOver(box, letter, book))
  const news = over.filter((one) => showsAlerts(one) && one.isLoud && !one.isAnswered)
  for (const letter of over) if (!news.includes(letter)) box.retire(letter)
  if (news.length === 0) return undefined
  const draft: Draft = {
    form: 'over',
    cause: undefined,
    answers: news.map(({ id }) => id),
    isLoud: false,
    severity: 'digest',
    lateMs: 0,
    alerts: news.flatMap((letter) => stillIn(box, letter)).slice(0, MAX_MEMBERS),
  }
  return { kind: 'send', draft }
}

function stillIn(box: Mailbox, letter: Letter): readonly string[] {
  return letter.members.map(({ alert }) => alert).filter((alert) => !box.isMoved(letter, alert))
}

/** Whether all that a letter shows here is over and seen so, or there is nothing left to edit. */
function isOver(box: Mailbox, letter: Letter, book: AlertBook): boolean {
  if (!showsAlerts(letter)) return letter.state === 'sent' || letter.state === 'lost'
  if (letter.state !== 'sent' && letter.state !== 'lost') return false
  return letter.members.every(({ alert, isClosed }) => {
    if (letter.state === 'sent' && !isClosed) return false
    return box.isMoved(letter, alert) || book.get(alert)?.state !== 'firing'
  })
}

/** Returns the alerts of a letter that are still known. */
export function alertsOf({ members }: Letter, book: AlertBook): readonly Alert[] {
  return members.map(({ alert }) => book.get(alert)).filter((alert) => alert !== undefined)
}
