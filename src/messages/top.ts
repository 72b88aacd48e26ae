import { failureFamily } from '../lightning/failure.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type {
  MemoryStatus,
  NodeView,
  RankedChannel,
  RankFamily,
  Ranking,
  RankOrder,
  RankQuestion,
  Refused,
} from '../stats/views.ts'
import { RANK_FAMILIES, RANK_ORDERS, WINDOWS } from '../stats/views.ts'
import { failureMark, failureText } from './failures.ts'
import { atMost, count, counted, feesOf, type Reading, sat, satNumber, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'
import { blindLine } from './lnd-states.ts'
import { type Button, button, choice, type Message, message } from './message.ts'
import { nameAndId } from './names.ts'
import { fewChannels, firstHour } from './quiet.ts'
import { observedWithin, spanLine, WINDOW_WORDS } from './span.ts'

/** Rows on a page of /top: two lines each fill a phone's screen, and one row of buttons holds them. */
export const TOP_PAGE = 8

/** What /top is made of. */
export type TopData = { ranking: Ranking; node: NodeView; status: MemoryStatus; lnd: LndStatus }

/** The ranked channels: what was turned away, earned or moved, with the buttons that change it. */
export function topMessage(data: TopData, reading: Reading): Message {
  const { ranking, node, status } = data
  const { question } = ranking
  if (ranking.total === 0) return message(quiet(data, reading), topButtons(ranking))
  const rows = ranking.rows.map((row, i) => rowOf(row, question, question.offset + i + 1))
  const text = join([
    headline(question, node),
    html``,
    join(rows),
    html``,
    pageLine(ranking),
    spanLine(ranking.span, isOfRefusals(question.order) ? 'refused' : 'settled', reading),
    blindLine(data.lnd, reading),
    fewChannels(status.openChannels),
  ])
  return message(text, topButtons(ranking))
}

/** Returns the words of the command that asks this question, as a button's data or a person has it. */
export function topWords(question: RankQuestion): string[] {
  const { window, order, family, offset } = question
  const words = ['top', window, order]
  if (family) words.push(family)
  if (offset > 0) words.push(`from${offset + 1}`)
  return words
}

function quiet(data: TopData, reading: Reading): Html {
  const { question, span } = data.ranking
  return join([
    firstHour(data.node, data.status, data.lnd, question, reading),
    spanLine(span, isOfRefusals(question.order) ? 'refused' : 'settled', reading),
    data.status.listeningSince === undefined ? undefined : blindLine(data.lnd, reading),
  ])
}

function headline(question: RankQuestion, node: NodeView): Html {
  const { order, family, window } = question
  const { forwards } = node
  const within = isOfRefusals(order) ? observedWithin(window, node.span) : WINDOW_WORDS[window]
  switch (order) {
    case 'earned':
      return html`<b>Earned ${sat(forwards.earnedMsat)} in ${within}</b>
on ${counted(forwards.settled, 'forward')} of ${shortSat(forwards.volumeMsat)}, by outgoing channel`
    case 'volume':
      return html`<b>Forwarded ${shortSat(forwards.volumeMsat)} in ${within}</b>
in ${counted(forwards.settled, 'payment')}, by outgoing channel`
    case 'failures':
      return html`<b>${refusedHead(forwards.refused, family)} in ${within}</b>
by attempts: a payer that retries counts each time`
    case 'missed':
      return html`<b>${refusedHead(forwards.refused, family)}, ${feesOf(offered(forwards.refused, family))} in ${within}</b>
≤ is an upper bound, mostly retries and probes: not what you would have earned`
  }
}

function isOfRefusals(order: RankOrder): boolean {
  return order === 'missed' || order === 'failures'
}

function refusedHead(refused: readonly Refused[], family: RankFamily | undefined): string {
  const attempts = ofFamily(refused, family).reduce((sum, { attempts }) => sum + attempts, 0)
  const what = family === undefined ? '' : ` (${FAMILY_WORDS[family]})`
  return `${counted(attempts, 'attempt')} refused${what}`
}

function offered(refused: readonly Refused[], family: RankFamily | undefined): bigint {
  return ofFamily(refused, family).reduce((sum, { offeredMsat }) => sum + offeredMsat, 0n)
}

function ofFamily(refused: readonly Refused[], family: RankFamily | undefined): readonly Refused[] {
  return family ? refused.filter(({ failure }) => failureFamily(failure) === family) : refused
}

function rowOf(row: RankedChannel, { order }: RankQuestion, rank: number): Html {
  const closed = row.closed ? ' · closed' : ''
  const mark = isOfRefusals(order) ? `${failureMark(row.mainFailure)} ` : ''
  return html`${rank}. ${mark}${nameAndId(row.alias, row.scid)}${closed}
${figures(row, order)}`
}

function figures(row: RankedChannel, order: RankOrder): string {
  const settled = counted(row.settled, 'forward')
  const short = row.mainFailure === undefined ? 'refused' : failureText(row.mainFailure).short
  switch (order) {
    case 'earned':
      return `${sat(row.earnedMsat)} · ${settled} · ${shortSat(row.volumeMsat)}`
    case 'volume':
      return `${shortSat(row.volumeMsat)} · ${settled} · earned ${satNumber(row.earnedMsat)}`
    case 'failures':
      return `${count(row.refusedAttempts)}× ${short} · ${atMost(row.offeredMsat)}`
    case 'missed':
      return `${atMost(row.offeredMsat)} · ${count(row.refusedAttempts)}× ${short}`
  }
}

function pageLine({ question, total, rows }: Ranking): Html | undefined {
  if (total <= rows.length) return undefined
  const first = question.offset + 1
  return html`${first}–${question.offset + rows.length} of ${counted(total, 'channel')}`
}

const FAMILY_WORDS: Readonly<Record<RankFamily, string>> = {
  liquidity: 'balance',
  fee: 'fee',
  limit: 'limits',
  peer: 'peer',
}

function topButtons(ranking: Ranking): readonly (readonly Button[])[] {
  const { question } = ranking
  const first = { ...question, offset: 0 }
  return [
    ranking.rows.map(({ scid }, i) =>
      button(String(question.offset + i + 1), 'channel', scid, question.window, 'new'),
    ),
    WINDOWS.map((window) => asking(window, window === question.window, { ...first, window })),
    RANK_ORDERS.map((order) => asking(order, order === question.order, { ...first, order })),
    [...pageButtons(ranking), ...familyButton(first)],
  ]
}

function asking(label: string, isChosen: boolean, question: RankQuestion): Button {
  return choice(label, isChosen, ...topWords(question))
}

function pageButtons({ question, total }: Ranking): readonly Button[] {
  const { offset, limit } = question
  const to = (label: string, start: number) =>
    button(label, ...topWords({ ...question, offset: Math.max(0, start) }))
  return [
    ...(offset > 0 ? [to('‹ back', offset - limit)] : []),
    ...(offset + limit < total ? [to('more ›', offset + limit)] : []),
  ]
}

/** The button that goes through the families; earnings have none. */
function familyButton(question: RankQuestion): readonly Button[] {
  if (!isOfRefusals(question.order)) return []
  const families: readonly (RankFamily | undefined)[] = [undefined, ...RANK_FAMILIES]
  const next = families[(families.indexOf(question.family) + 1) % families.length]
  const label = question.family ? `only ${question.family} ▸` : 'all refusals ▸'
  return [button(label, ...topWords({ ...question, family: next }))]
}
