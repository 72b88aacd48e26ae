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
import { failureMark, failureText } from './failures.ts'
import {
  atMost,
  count,
  counted,
  feesOf,
  type Reading,
  rowsShown,
  sat,
  satNumber,
  shortSat,
} from './format.ts'
import { type Html, html, join } from './html.ts'
import { blindLine } from './lnd-states.ts'
import { type Message, message } from './message.ts'
import { nameAndId } from './names.ts'
import { fewChannels, firstHour } from './quiet.ts'
import { observedWithin, spanLine, WINDOW_WORDS } from './span.ts'
import { isOfRefusals, topButtons } from './top-buttons.ts'

/** What /top is made of. */
export type TopData = { ranking: Ranking; node: NodeView; status: MemoryStatus; lnd: LndStatus }

/**
 * The ranked channels: what was turned away, earned or moved, with the buttons that change it.
 * `unanalysed` says why it is the fees offered that is shown in place of what was missed.
 */
export function topMessage(data: TopData, reading: Reading, unanalysed?: Html): Message {
  const { ranking, node, status } = data
  const { question } = ranking
  const scids = ranking.rows.map(({ scid }) => scid)
  const buttons = topButtons(question, scids, ranking.total)
  if (ranking.total === 0) return message(quiet(data, reading), buttons)
  const rows = ranking.rows.map((row, i) => rowOf(row, question, question.offset + i + 1))
  const text = join([
    headline(question, node),
    unanalysed,
    html``,
    join(rows),
    html``,
    pageLine(question.offset, rows.length, ranking.total),
    spanLine(ranking.span, isOfRefusals(question) ? 'refused' : 'settled', reading),
    blindLine(data.lnd, reading),
    fewChannels(status.openChannels),
  ])
  return message(text, buttons)
}

function quiet(data: TopData, reading: Reading): Html {
  const { question, span } = data.ranking
  return join([
    firstHour(data.node, data.status, data.lnd, question, reading),
    spanLine(span, isOfRefusals(question) ? 'refused' : 'settled', reading),
    data.status.listeningSince === undefined ? undefined : blindLine(data.lnd, reading),
  ])
}

function headline(question: RankQuestion, node: NodeView): Html {
  const { order, family, window } = question
  const { forwards } = node
  const within = isOfRefusals(question) ? observedWithin(window, node.span) : WINDOW_WORDS[window]
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

function rowOf(row: RankedChannel, question: RankQuestion, rank: number): Html {
  const closed = row.closed ? ' · closed' : ''
  const mark = isOfRefusals(question) ? `${failureMark(row.mainFailure)} ` : ''
  return html`${rank}. ${mark}${nameAndId(row.alias, row.scid)}${closed}
${figures(row, question.order)}`
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

/** Says which of how many channels a page shows; undefined when it shows all. */
export function pageLine(offset: number, shown: number, total: number): Html | undefined {
  if (total <= shown) return undefined
  return html`${rowsShown(offset, shown)} of ${counted(total, 'channel')}`
}

const FAMILY_WORDS: Readonly<Record<RankFamily, string>> = {
  liquidity: 'balance',
  fee: 'fee',
  limit: 'limits',
  peer: 'peer',
}
