import { demandsOf, isMainlyLiquidity, mainMissed } from '../analyzer/listing.ts'
import type { Opportunity } from '../analyzer/views.ts'
import { spendableMsat } from '../lightning/channel.ts'
import { ppmOf } from '../lightning/msat.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import {
  type ChannelView,
  type ChartWindow,
  type Refused,
  type SideView,
  WINDOWS,
  type Window,
} from '../stats/views.ts'
import { balanceBar, stateOf } from './channel-balance.ts'
import { policyFees } from './channel-policy.ts'
import { approx, asOfLine, confidenceText, NOT_ANALYSED_YET, sinceAnalysis } from './estimate.ts'
import { failureText } from './failures.ts'
import { count, counted, ppm, type Reading, sat, shortNumber, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'
import { blindLine } from './lnd-states.ts'
import { type Button, button, choice, type Message } from './message.ts'
import { channelName, shownId } from './names.ts'
import { outdatedAdvice } from './outdated-advice.ts'
import { paginate } from './paginate.ts'
import { recommendationBlock } from './recommendations.ts'
import { observedWithin, spanLine, WINDOW_WORDS } from './span.ts'
import { urgencyTotal } from './urgency.ts'

/** What /channel shows: the channel as it is, and what the last analysis says of it. */
export type ChannelData = {
  view: ChannelView
  window: Window
  lnd: LndStatus
  /** Undefined until the first analysis, or when it did not know the channel yet. */
  analysed: { at: number; opportunity: Opportunity } | undefined
}

/** One channel on a phone's screen: what was missed, what to do, how sure that is, what is today. */
export function channelMessages(data: ChannelData, reading: Reading): readonly Message[] {
  const { view, analysed } = data
  const blocks = [
    headBlock(data, reading),
    analysed && recommendationOf(analysed.opportunity, view, reading),
    analysed && sureBlock(analysed.opportunity, data.window),
    todayBlock(view, reading),
    join([
      spanLine(view.span, 'both', reading),
      analysed && asOfLine(analysed.at, reading),
      blindLine(data.lnd, reading),
    ]),
  ]
  return paginate(
    blocks.filter((block) => block !== undefined),
    channelButtons(data),
  )
}

function headBlock({ view, window, analysed }: ChannelData, reading: Reading): Html {
  const { attempts } = totalOf(view.outgoing.refused)
  const name = channelName(view.alias, view.scid)
  const within = attempts > 0 ? observedWithin(window, view.span) : WINDOW_WORDS[window]
  if (attempts === 0) {
    const earned = sat(view.outgoing.earnedMsat)
    return html`<b>${name}: nothing refused, earned ${earned} in ${within}</b>`
  }
  if (analysed !== undefined && analysed.opportunity.refusedAttempts > 0) {
    return missedHead(name, analysed.opportunity, within)
  }
  return html`<b>${name}: ${counted(attempts, 'attempt')} refused in ${within}</b>
${analysed ? sinceAnalysis(analysed.at, reading) : NOT_ANALYSED_YET}`
}

function missedHead(name: string, opportunity: Opportunity, within: string): Html {
  const { missed, confidence, refusedAttempts } = opportunity
  const demands = counted(demandsOf(missed), 'demand')
  const attempts = counted(refusedAttempts, 'attempt')
  if (confidence.level === 'too-little-data') {
    return html`<b>${name}: ${demands} refused in ${within} (${attempts})</b>`
  }
  const why = isMainlyLiquidity(missed) ? '' : ', not for lack of balance'
  return join([
    html`<b>${name}: missed ${approx(mainMissed(missed))} in ${within}</b>`,
    html`${demands} in ${attempts}${why}`,
    secondFigure(missed),
  ])
}

// Less is not worth a line.
const SAT_MSAT = 1_000n

/** The smaller of the two figures: it has other remedies, so it stands apart. */
function secondFigure(missed: Opportunity['missed']): Html | undefined {
  const isLiquidity = isMainlyLiquidity(missed)
  const figure = isLiquidity ? missed.other : missed.liquidity
  if (figure.expectedMsat < SAT_MSAT) return undefined
  return html`and ${approx(figure)} for ${isLiquidity ? 'other reasons' : 'lack of balance'}`
}

function recommendationOf(
  { recommendation, avoid }: Opportunity,
  { channel }: ChannelView,
  reading: Reading,
): Html | undefined {
  // The headline says that nothing was refused.
  const isSaid = recommendation.type === 'leave_alone' && recommendation.reason === 'no-refusals'
  if (isSaid) return undefined
  return (
    outdatedAdvice(recommendation, channel) ?? recommendationBlock(recommendation, avoid, reading)
  )
}

function sureBlock(opportunity: Opportunity, window: Window): Html | undefined {
  const { missed, confidence } = opportunity
  if (demandsOf(missed) === 0 || confidence.level === 'too-little-data') return undefined
  return join([confidenceText(confidence), html`${urgencyTotal(opportunity, window)}.`])
}

/** What is there now and what passed, in a few lines; the rest is behind buttons. */
function todayBlock(view: ChannelView, reading: Reading): Html {
  const { channel, policies, outgoing, incoming, closedAt } = view
  const own = policies?.own
  const isOpen = channel !== undefined && closedAt === undefined
  return join([
    html`${stateOf(view, reading)} <code>${shownId(view.scid)}</code>`,
    isOpen ? balanceBar(channel) : undefined,
    isOpen
      ? html`can send ${sat(spendableMsat(channel))} of ${shortNumber(channel.capacityMsat)}`
      : undefined,
    own && html`fee ${policyFees(own)}`,
    html`out: ${passed(outgoing)}${earnedText(outgoing)}`,
    html`in: ${passed(incoming)}`,
    ...refusedLines(outgoing.refused),
  ])
}

function passed({ settled, volumeMsat }: SideView): string {
  return settled > 0 ? `${counted(settled, 'forward')}, ${shortSat(volumeMsat)}` : 'no forward'
}

function earnedText({ settled, earnedMsat, volumeMsat }: SideView): string {
  return settled > 0 ? `, earned ${sat(earnedMsat)} (${ppm(ppmOf(earnedMsat, volumeMsat))})` : ''
}

function refusedLines(refused: readonly Refused[]): readonly Html[] {
  const [main] = refused
  if (main === undefined) return []
  const { attempts } = totalOf(refused)
  const mostly = refused.length > 1 ? 'mostly ' : ''
  return [html`refused: ${count(attempts)}×, ${mostly}${failureText(main.failure).short}`]
}

/** Returns the attempts and offered fees of all classes together. */
export function totalOf(refused: readonly Refused[]): { attempts: number; offeredMsat: bigint } {
  return refused.reduce(
    (sum, one) => ({
      attempts: sum.attempts + one.attempts,
      offeredMsat: sum.offeredMsat + one.offeredMsat,
    }),
    { attempts: 0, offeredMsat: 0n },
  )
}

/** An hour has no chart: its day has. */
function chartWindowOf(window: Window): ChartWindow {
  return window === '1h' ? '24h' : window
}

function channelButtons({ view, window, analysed }: ChannelData): readonly (readonly Button[])[] {
  const { scid } = view
  const isRebalance = analysed?.opportunity.recommendation.type === 'rebalance_in'
  return [
    isRebalance ? [button('Done: I have rebalanced', 'done', scid)] : [],
    [
      button('Demands', 'demands', scid, window),
      button('Why this number', 'explain', scid, window),
      button('Chart', 'chart', chartWindowOf(window), scid),
    ],
    [
      button('Balance & fees', 'channel', scid, window, 'balance'),
      button('Refusals', 'channel', scid, window, 'refusals'),
      button('Last refused', 'channel', scid, window, 'last'),
    ],
    WINDOWS.map((name) => choice(name, name === window, 'channel', scid, name)),
    [button('‹ all channels', 'top', window)],
  ]
}
