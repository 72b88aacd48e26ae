import type { NodeOpportunity, Opportunities } from '../analyzer/answers.ts'
import { demandsOf, isMainlyLiquidity, type Listing, mainMissed } from '../analyzer/listing.ts'
import type { ChannelMissed, Opportunity } from '../analyzer/views.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { MemoryStatus, RankQuestion } from '../stats/views.ts'
import { approx, approxSat, asOfLine } from './estimate.ts'
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
  const within = observedWithin(window, span)
  return join([html`<b>${firstLine(node, within)}</b>`, bestLine(node, reading), ...sumLines(node)])
}

function firstLine({ best, confidence, missed, refusedAttempts }: NodeOpportunity, within: string) {
  if (confidence.level === 'too-little-data') {
    const attempts = counted(refusedAttempts, 'attempt')
    return `${counted(demandsOf(missed), 'demand')} refused (${attempts}) in ${within}: too little data to say what that missed`
  }
  const gain = best && gainOf(best)
  if (best === undefined || gain === undefined) return `No step worth taking, in ${within}`
  return `Best single step: ${approx(gain)} in ${within}, at ${channelName(best.alias, best.scid)}`
}

function gainOf({ recommendation }: Opportunity) {
  return 'gain' in recommendation ? recommendation.gain : undefined
}

function bestLine({ best, confidence }: NodeOpportunity, reading: Reading): Html | undefined {
  if (best === undefined || confidence.level === 'too-little-data') return undefined
  return html`${recommendationText(best.recommendation, reading).action}`
}

function sumLines({ confidence, missed, refusedAttempts }: NodeOpportunity): (Html | undefined)[] {
  if (confidence.level === 'too-little-data') return []
  const { liquidity, other } = missed
  return [
    html`Up to about ${approxSat(liquidity.expectedMsat).slice(2)} if every channel had balance, which one node cannot have`,
    other.expectedMsat > 0n ? html`For other reasons than balance: ${approx(other)}` : undefined,
    html`${counted(demandsOf(missed), 'demand')} refused in ${counted(refusedAttempts, 'attempt')}`,
  ]
}

function rowOf(row: Opportunity, rank: number, reading: Reading): Html {
  return html`${rank}. ${nameAndId(row.alias, row.scid)}
${figures(row)}
→ ${recommendationText(row.recommendation, reading).action}`
}

function figures({ missed, confidence, refusedAttempts }: Opportunity): string {
  const demands = `${counted(demandsOf(missed), 'demand')} (${count(refusedAttempts)}×)`
  if (confidence.level === 'too-little-data') return demands
  return `${missedText(missed)} · ${demands}`
}

/** Returns the larger of a channel's two figures, named when it is not of balance. */
export function missedText(missed: ChannelMissed): string {
  const figure = approx(mainMissed(missed))
  return isMainlyLiquidity(missed) ? figure : `${figure}, not for balance`
}

function hiddenLine(hidden: number): Html | undefined {
  if (hidden === 0) return undefined
  return html`${counted(hidden, 'channel')} below the limits of this chat: /least`
}
