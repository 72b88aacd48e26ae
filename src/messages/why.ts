import { FAILURE_DETAILS, failureFamily, WIRE_FAILURES } from '../lightning/failure.ts'
import { RANK_FAMILIES, type Refused } from '../stats/views.ts'
import type { MeantTerm } from './failure-terms.ts'
import { failureMark, failureText, isExplained } from './failures.ts'
import { counted } from './format.ts'
import { EMPTY, type Html, html, join } from './html.ts'
import { type Button, button, type Message, message, rowsOf } from './message.ts'
import { quoted } from './names.ts'

/** Explains a term of LND for a failure; `refused` are this node's own refusals of seven days. */
export function whyMessage(asked: string, meant: MeantTerm, refused: readonly Refused[]): Message {
  if (meant.kind === 'term') return termMessage(meant.term, refused)
  return meant.kind === 'number'
    ? bothMessage(asked, [meant.wire, meant.detail])
    : unknownMessage(asked, meant.nearest)
}

// Buttons of a phone's width hold two of LND's terms in plain words.
const ACROSS = 2
const SHOWN_OWN = 8

/** Asks which term, by those that this node met in seven days. */
export function whyUsage(refused: readonly Refused[]): Message {
  const own = [...refused].sort((a, b) => b.attempts - a.attempts).slice(0, SHOWN_OWN)
  return message(
    join([
      html`<b>Which failure?</b>`,
      html`<code>/why insufficient balance</code>, <code>/why 15/6</code>, <code>/why DETAIL_6</code>, <code>/why WIRE_15</code>`,
      own.length > 0 ? html`This node met these in 7 days:` : undefined,
    ]),
    rowsOf(
      own.map(({ failure }) => termButton(failure)),
      ACROSS,
    ),
  )
}

function termMessage(term: string, refused: readonly Refused[]): Message {
  const { same, others } = detailsOf(term)
  const isSeveral = others.length > 1
  const own = attemptsOf([term, ...same], refused)
  const words = join([
    ...textLines(term),
    ...(isExplained(term) ? [html``, ownLine(isSeveral ? 'Without a detail' : '', own)] : []),
    others.length === 1
      ? html`The same code goes to payers for one thing more, not counted here:`
      : undefined,
  ])
  const text = isSeveral
    ? severalReasons(term, ownLine('With this code', own + attemptsOf(others, refused)), words)
    : join([titleOf(term), html``, words])
  return message(text, [
    ...rowsOf(
      others.map((detail) => termButton(detail)),
      ACROSS,
    ),
    rankRow(term),
  ])
}

function titleOf(term: string): Html {
  const { short } = failureText(term)
  const title = `${short[0]?.toUpperCase() ?? ''}${short.slice(1)}`
  return html`${failureMark(term)} <b>${title}</b>
<code>${term}</code>${numbersOf(term)}`
}

/** A code that stands for several details: who met it elsewhere met one of these, not its own. */
function severalReasons(term: string, own: Html, alone: Html): Html {
  return html`⚪ <b>One code for several reasons</b>
<code>${term}</code>${numbersOf(term)}

It is what the payer is told, most often because the channel held too little. LND's detail says which it was: the buttons below.
${own}

Without a detail (${numberIn(WIRE_FAILURES, term) ?? ''}/1) it is another thing:
${alone}`
}

function textLines(term: string): readonly Html[] {
  const { means, does, not } = failureText(term)
  return [html`${means}`, html`<b>Do:</b> ${does}`, html`<b>Don't:</b> ${not}`]
}

function attemptsOf(terms: readonly string[], refused: readonly Refused[]): number {
  return refused
    .filter(({ failure }) => terms.includes(failure))
    .reduce((sum, { attempts }) => sum + attempts, 0)
}

function ownLine(what: string, attempts: number): Html {
  const where = what === '' ? 'At this node' : `${what} at this node`
  return html`${where} in 7 days: ${attempts === 0 ? 'not once' : counted(attempts, 'attempt')}.`
}

function rankRow(term: string): readonly Button[] {
  const family = RANK_FAMILIES.find((one) => one === failureFamily(term))
  return family === undefined ? [] : [button('Where it happens', 'top', '7d', family)]
}

/** `· detail 6, mostly as 15/6` or `· wire code 12`, by LND's numbers. */
function numbersOf(term: string): Html {
  const [detail, wire] = [numberIn(FAILURE_DETAILS, term), numberIn(WIRE_FAILURES, term)]
  if (detail !== undefined) {
    const as = WIRE_OF_DETAIL[detail]
    return html` · detail ${detail}${as === undefined ? '' : `, mostly as ${as}/${detail}`}`
  }
  return wire === undefined ? EMPTY : html` · wire code ${wire}`
}

// LND `htlcswitch/switch.go` and `link.go`: the code that goes to the payer with each detail.
// Where LND cannot look its own policy up, 19 goes instead.
const WIRE_OF_DETAIL: Readonly<Record<number, number>> = {
  3: 18,
  5: 15,
  6: 15,
  7: 15,
  8: 15,
  9: 14,
  14: 23,
  19: 1,
  22: 15,
}

/**
 * The details that travel under a wire code: those that are the same thing by another name, and those
 * that the code does not tell from it.
 */
function detailsOf(term: string): { same: readonly string[]; others: readonly string[] } {
  const wire = numberIn(WIRE_FAILURES, term)
  if (numberIn(FAILURE_DETAILS, term) !== undefined || wire === undefined) {
    return { same: [], others: [] }
  }
  const details = Object.entries(WIRE_OF_DETAIL).flatMap(([detail, as]) =>
    as === wire ? (FAILURE_DETAILS[Number(detail)] ?? []) : [],
  )
  const isSame = (detail: string) => failureText(detail).short === failureText(term).short
  return { same: details.filter(isSame), others: details.filter((one) => !isSame(one)) }
}

function bothMessage(number: string, terms: readonly string[]): Message {
  return message(
    html`<b>${quoted(number)} is a wire code and a detail</b>
LND has two lists. The wire code is what the payer is told, the detail is LND's own reason. Events show both: <code>15/6</code> is wire code 15 with detail 6.`,
    terms.map((term, i) => [termButton(term, i === 0 ? 'wire code: ' : 'detail: ')]),
  )
}

function unknownMessage(asked: string, nearest: readonly string[]): Message {
  const name = html`<b>LND has no failure called</b> <code>${quoted(asked, 60)}</code>`
  if (nearest.length === 0) {
    return message(html`${name}
Write its name or numbers: <code>/why fee insufficient</code>, <code>/why 12/1</code>.`)
  }
  return message(
    join([name, html`Did you mean one of these?`]),
    nearest.map((term) => [button(term.toLowerCase().replaceAll('_', ' '), 'why', term)]),
  )
}

function termButton(term: string, before = ''): Button {
  return button(before + failureText(term).short, 'why', term)
}

function numberIn(list: Readonly<Record<number, string>>, term: string): number | undefined {
  const found = Object.entries(list).find(([, name]) => name === term)
  return found && Number(found[0])
}
