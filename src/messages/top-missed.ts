import type { NodeSummary, Opportunities } from '../analyzer/answers.ts'
import { demandsOf, type Listing, mainMissed } from '../analyzer/listing.ts'
import type { Missed, Opportunity } from '../analyzer/views.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { MemoryStatus, RankQuestion } from '../stats/views.ts'
import { approx, approxSat, asOfLine, confidenceText } from './estimate.ts'
import { count, counted, type Reading } from './format.ts'
import { type Html, html, join } from './html.ts'
import { blindLine } from './lnd-states.ts'
import { type Message, message } from './message.ts'
import { channelName, nameAndId } from './names.ts'
import { fewChannels } from './quiet.ts'
import { recommendationText } from './recommendations.ts'
import { observedWithin, spanLine } from './span.ts'
import { pageLine } from './top.ts'
import { topButtons } from './top-buttons.ts'

/** What /top by missed is made of. */
export type TopMissedData = {
  question: RankQuestion
  listing: Listing
  opportunities: Opportunities
  status: MemoryStatus
  lnd: LndStatus
}

/** The channels by what they are expected to have missed, each with the one thing to do. */
export function topMissedMessage(data: TopMissedData, reading: Reading): Message {
  const { question, listing, opportunities, status } = data
  const { rows, total, hidden, offset } = listing
  const text = join([
    nodeBlock(opportunities, question, reading),
    html``,
    ...rows.map((row, i) => rowOf(row, offset + i + 1, reading)),
    total > 0 ? html`` : undefined,
    pageLine(offset, rows.length, total),
    hiddenLine(hidden),
    spanLine(opportunities.span, 'refused', reading),
    asOfLine(opportunities.at, reading),
    blindLine(data.lnd, reading),
    fewChannels(status.openChannels),
  ])
  const scids = rows.map(({ scid }) => scid)
  return message(text, topButtons({ ...question, offset }, scids, total))
}

/** What one step would bring, then what all together would and why nobody gets that. */
function nodeBlock(
  { node, span }: Opportunities,
  { window }: RankQuestion,
  reading: Reading,
): Html {
  const { confidence, demands, refusedAttempts, upToMsat } = node
  const within = observedWithin(window, span)
  const refused = `${counted(demands, 'demand')} refused`
  const attempts = counted(refusedAttempts, 'attempt')
  if (confidence.level === 'too-little-data') {
    return html`<b>${refused} in ${within} (${attempts})</b>
${confidenceText(confidence)}`
  }
  return join([
    ...bestLines(node, reading),
    html`Up to ${approxSat(upToMsat)} in ${within} if every channel had balance, which one node cannot have`,
    html`${refused} in ${attempts}`,
  ])
}

function bestLines({ best }: NodeSummary, reading: Reading): readonly Html[] {
  const gain = best && gainOf(best)
  if (best === undefined || gain === undefined) return [html`<b>No step is worth taking now</b>`]
  const { action } = recommendationText(best.recommendation, reading)
  return [
    html`<b>Best single step: ${approx(gain)} at ${channelName(best.alias, best.scid)}</b>`,
    html`${action}`,
  ]
}

function gainOf({ recommendation }: Opportunity): Missed | undefined {
  return 'gain' in recommendation ? recommendation.gain : undefined
}

function rowOf(row: Opportunity, rank: number, reading: Reading): Html {
  return html`${rank}. ${nameAndId(row.alias, row.scid)}
${figures(row)}
→ ${recommendationText(row.recommendation, reading).action}`
}

function figures({ missed, confidence, refusedAttempts }: Opportunity): string {
  const demands = `${counted(demandsOf(missed), 'demand')} (${count(refusedAttempts)}×)`
  if (confidence.level === 'too-little-data') return demands
  return `${approx(mainMissed(missed))} · ${demands}`
}

function hiddenLine(hidden: number): Html | undefined {
  if (hidden === 0) return undefined
  return html`${counted(hidden, 'channel')} below the limits of this chat: /least`
}
