import type { DemandPage, DemandView } from '../analyzer/answers.ts'
import type { DemandKind } from '../analyzer/views.ts'
import type { Scid } from '../lightning/scid.ts'
import { WINDOWS, type Window } from '../stats/views.ts'
import { approxSat, asOfLine } from './estimate.ts'
import { failureText } from './failures.ts'
import {
  count,
  counted,
  duration,
  localTime,
  type Reading,
  rowsShown,
  sat,
  share,
  shortSat,
} from './format.ts'
import { type Html, html, join } from './html.ts'
import { type Button, button, choice, type Message, message } from './message.ts'
import { channelName } from './names.ts'
import { observedWithin, spanLine } from './span.ts'

/** Demands on a page: two lines each fill a phone's screen. */
export const DEMANDS_PAGE = 8

/** The channel that was asked for, and over which window. */
export type AskedChannel = { scid: Scid; alias: string; window: Window }

/** The demands behind a channel's figure, a page of them, the latest first. */
export function demandsMessage(
  page: DemandPage,
  offset: number,
  asked: AskedChannel,
  reading: Reading,
): Message {
  const { rows, total } = page
  const name = channelName(asked.alias, asked.scid)
  const within = observedWithin(asked.window, page.span)
  const head =
    total === 0
      ? html`<b>${name}: no demand refused in ${within}</b>`
      : html`<b>${name}: ${counted(total, 'demand')} refused in ${within}</b>
≈ is what each adds to the figure`
  const shown = rows.length < total ? `${rowsShown(offset, rows.length)} of ${count(total)}` : ''
  const text = join([
    head,
    html``,
    ...rows.map((row, i) => rowOf(row, offset + i + 1, reading)),
    rows.length > 0 ? html`` : undefined,
    shown === '' ? undefined : html`${shown}`,
    spanLine(page.span, 'refused', reading),
    asOfLine(page.at, reading),
  ])
  return message(text, pageButtons(page, offset, asked))
}

function rowOf(row: DemandView, rank: number, reading: Reading): Html {
  const { short } = failureText(row.failure)
  return html`${rank}. <b>${localTime(row.at, reading)}</b> ${amountOf(row)}, ${count(row.attempts)}× ${short}
${worthOf(row)}${row.id === undefined ? GOING_ON : ''}`
}

// It gets its number once it is over: until then no button can mean it.
const GOING_ON = ' · still going on, no button yet'

function worthOf(row: DemandView): string {
  const { wantedMsat, servedShare, chance, expectedMsat, leftOut } = row
  if (leftOut !== undefined) return LEFT_OUT[leftOut].short
  if (wantedMsat === 0n) return 'adds nothing'
  const served = servedText(servedShare)
  if (isServed(servedShare)) return served
  return `${served} · chance ${share(chance)} · ${approxSat(expectedMsat)}`
}

function amountOf({ wantedMsat }: DemandView): string {
  return wantedMsat > 0n ? shortSat(wantedMsat) : 'amount unknown'
}

// Shares are of amounts whose fees differ by a little: half a hundredth is nothing.
const NEARLY = 0.005

function isServed(servedShare: number): boolean {
  return servedShare > 1 - NEARLY
}

function servedText(servedShare: number): string {
  if (servedShare < NEARLY) return 'not served'
  return isServed(servedShare) ? 'served after all' : `${share(servedShare)} served`
}

function pageButtons(
  { rows, total }: DemandPage,
  offset: number,
  { scid, alias, window }: AskedChannel,
): readonly (readonly Button[])[] {
  const to = (label: string, start: number) =>
    button(label, 'demands', scid, window, `from${Math.max(0, start) + 1}`)
  return [
    rows.flatMap(({ id }, i) =>
      id === undefined
        ? []
        : [button(String(offset + i + 1), 'demands', scid, window, 'of', id, 'new')],
    ),
    [
      ...(offset > 0 ? [to('‹ back', offset - DEMANDS_PAGE)] : []),
      ...(offset + rows.length < total ? [to('more ›', offset + DEMANDS_PAGE)] : []),
    ],
    WINDOWS.map((name) => choice(name, name === window, 'demands', scid, name)),
    [button(`‹ ${channelName(alias, scid)}`, 'channel', scid, window)],
  ]
}

/** One demand whole: how its part of the figure comes about, and the button that leaves it out. */
export function demandMessage(demand: DemandView, asked: AskedChannel, reading: Reading): Message {
  const { scid, alias, window } = asked
  const { leftOut } = demand
  const name = channelName(alias, scid)
  const worth = leftOut === undefined ? approxSat(demand.expectedMsat) : LEFT_OUT[leftOut].short
  const text = join([
    html`<b>${amountOf(demand)} for ${name}, ${localTime(demand.at, reading)}: ${worth}</b>`,
    html`${failureText(demand.failure).short} <code>${demand.failure}</code>`,
    html`${cameText(demand)}`,
    KINDS[demand.kind],
    html``,
    ...(leftOut === undefined ? figureLines(demand) : [LEFT_OUT[leftOut].why]),
  ])
  return message(text, [
    ignoreButton(demand, asked),
    [button('Demands', 'demands', scid, window), button(`‹ ${name}`, 'channel', scid, window)],
  ])
}

/** What an own change of policy explains stays out; what is still going on has no name yet. */
function ignoreButton({ id, leftOut }: DemandView, asked: AskedChannel): readonly Button[] {
  if (id === undefined || leftOut === 'policy-change') return []
  const { scid, window } = asked
  return leftOut === 'ignored'
    ? [button('Undo: count it again', 'demands', scid, window, 'count', id)]
    : [button('Ignore this demand', 'demands', scid, window, 'ignore', id)]
}

function cameText({ from, attempts, at, lastAt }: DemandView): string {
  const by = from === undefined ? 'an unknown channel' : channelName(from.alias, from.scid)
  const took = lastAt > at ? ` within ${duration(lastAt - at)}` : ''
  return `came in by ${by}: ${counted(attempts, 'attempt')}${took}`
}

const KINDS: Readonly<Record<DemandKind, string | undefined>> = {
  payment: undefined,
  timer: 'A timer asks for it again and again, most likely somebody rebalancing: one demand.',
  search: 'It came with other amounts, as when somebody probes how much passes.',
}

const LEFT_OUT = {
  ignored: {
    short: 'ignored',
    why: 'It is left out because you said so. The figures follow with the next analysis, within the hour.',
  },
  'policy-change': {
    short: 'left out: just after your own change',
    why: 'It is left out: your fee or limits had changed within the hour before, so payers used the old ones.',
  },
} as const

function figureLines(demand: DemandView): readonly Html[] {
  const { wantedMsat, feeMsat, servedShare, chance, inflow, expectedMsat } = demand
  if (wantedMsat === 0n) return [html`LND gave no amounts with it, so it adds nothing.`]
  if (isServed(servedShare)) {
    return [html`All of it went through you after all: nothing was missed.`]
  }
  return [
    servedShare < NEARLY
      ? html`fee offered once: ${sat(feeMsat)}`
      : html`fee offered once, without the ${share(servedShare)} that you served: ${sat(feeMsat)}`,
    html`× chance that it would have settled: ${share(chance)}`,
    html`× chance that its neighbour still had it to send: ${share(inflow)}`,
    html`= ${approxSat(expectedMsat)}`,
  ]
}

/** Says that a demand is not remembered any more. */
export function noSuchDemand({ scid, alias, window }: AskedChannel): Message {
  return message(
    html`<b>That demand is not remembered any more</b>
Single demands are kept for 30 days, older ones as totals.`,
    [
      [
        button('Demands', 'demands', scid, window),
        button(`‹ ${channelName(alias, scid)}`, 'channel', scid, window),
      ],
    ],
  )
}
