import type { Explanation } from '../analyzer/answers.ts'
import type { Opportunity, RankChange } from '../analyzer/views.ts'
import type { Scid } from '../lightning/scid.ts'
import { WINDOWS, type Window } from '../stats/views.ts'
import { approx, approxSat, asOfLine, confidenceText } from './estimate.ts'
import { about, counted, type Reading, sat, share, shortSat } from './format.ts'
import { type Html, html, join } from './html.ts'
import { type Button, button, choice, type Message, message } from './message.ts'
import { channelName } from './names.ts'
import { recommendationText } from './recommendations.ts'
import { observedWithin, spanLine } from './span.ts'
import { rankChangeText, urgencyText } from './urgency.ts'

/** Whose figure is explained: a channel's, or the node's with its best step. */
export type Explained =
  | {
      kind: 'channel'
      scid: Scid
      alias: string
      opportunity: Opportunity | undefined
      change: RankChange | undefined
    }
  | {
      kind: 'node'
      best: Opportunity | undefined
      /** What /top says that all channels together would bring at the most. */
      upToMsat: bigint | undefined
    }

// Sums of whole msat and a whole sum differ by less than this.
const ROUNDING_MSAT = 1_000n

/** Walks from the refused attempts to the expected figure, step by step. */
export function explainMessage(
  explanation: Explanation,
  explained: Explained,
  window: Window,
  reading: Reading,
): Message {
  const { attempts, span, at } = explanation
  const name =
    explained.kind === 'node' ? 'This node' : channelName(explained.alias, explained.scid)
  const within = observedWithin(window, span)
  const text = join([
    headOf(explanation, name, within),
    ...(attempts === 0 ? otherLines(explained) : stepsOf(explanation)),
    ...leftOutLines(explanation),
    html``,
    ...(explained.kind === 'node' ? nodeLines(explanation, explained, reading) : []),
    ...(attempts === 0 ? [] : sureLines(explanation, explained, window)),
    spanLine(span, 'refused', reading),
    asOfLine(at, reading),
  ])
  return message(text, buttonsOf(explained, window))
}

function headOf({ attempts, missed, confidence }: Explanation, name: string, within: string): Html {
  if (attempts === 0) {
    return html`<b>${name}: nothing refused for lack of balance in ${within}</b>`
  }
  if (confidence.level === 'too-little-data') {
    return html`<b>${name}: what was counted in ${within}</b>
(lack of balance only)`
  }
  return html`<b>${name}: why ${approx(missed)} in ${within}</b>
(lack of balance only)`
}

function otherLines(explained: Explained): readonly Html[] {
  const missed = explained.kind === 'channel' ? explained.opportunity?.missed : undefined
  if (missed === undefined || missed.otherDemands === 0) return []
  if (missed.other.expectedMsat < ROUNDING_MSAT) return []
  return [
    html`For other reasons, by the same steps and with other remedies: ${approx(missed.other)} on ${counted(missed.otherDemands, 'demand')}.`,
  ]
}

function sureLines(
  { confidence }: Explanation,
  explained: Explained,
  window: Window,
): readonly (Html | string)[] {
  const sure = confidenceText(confidence)
  if (confidence.level === 'too-little-data') return [sure, html``]
  const rated = explained.kind === 'channel' ? explained.opportunity : undefined
  const change = explained.kind === 'channel' ? explained.change : undefined
  return [
    sure,
    ...(rated ? [`${urgencyText(rated, window)}.`] : []),
    ...(change ? [rankChangeText(change)] : []),
    html``,
    UNKNOWABLE,
  ]
}

/** What was counted, then what is estimated from it: that only where the data carries it. */
function stepsOf(explanation: Explanation): readonly Html[] {
  const isTooLittle = explanation.confidence.level === 'too-little-data'
  return [...countedSteps(explanation), ...(isTooLittle ? [] : estimatedSteps(explanation))]
}

function countedSteps(explanation: Explanation): readonly Html[] {
  const { attempts, offeredMsat, demands, wantedMsat, demandFeesMsat } = explanation
  const { servedDemands, afterServedMsat } = explanation
  const served = servedDemands === 0 ? 'none of them' : counted(servedDemands, 'demand')
  return [
    step(
      '1. Attempts',
      `${counted(attempts, 'attempt')} refused; all their fees together: ${sat(offeredMsat)}, where a payer that retries counts each time`,
    ),
    step(
      '2. Demands',
      `${counted(demands, 'demand')} for ${shortSat(wantedMsat)}; one fee for each: ${sat(demandFeesMsat)}`,
    ),
    step(
      '3. Served',
      `${served} got through after all, whole or in part; left: ${sat(afterServedMsat)}`,
    ),
  ]
}

function estimatedSteps(explanation: Explanation): readonly Html[] {
  const { meanChance, timers, afterChanceMsat, afterInflowMsat, foldedMsat, missed } = explanation
  const rounds =
    timers > 0 ? '; whoever rebalances on a timer would have come back and paid more than once' : ''
  const folded = foldedMsat > ROUNDING_MSAT ? ` with ${sat(foldedMsat)} of older day totals` : ''
  const between = `between ${about(missed.lowMsat)} and ${about(missed.highMsat)}`
  return [
    step(
      '4. Chance',
      `${share(meanChance)} of it would have settled (weighed by fee; large ones mostly settle less often), the rest would have failed further on${rounds}; left: ${sat(afterChanceMsat)}`,
    ),
    step('5. Inflow', inflowText(afterChanceMsat, afterInflowMsat)),
    step(
      '6. Expected',
      `${approxSat(missed.expectedMsat)}${folded}; 8 times in 10 the truth lies ${between}`,
    ),
  ]
}

function inflowText(beforeMsat: bigint, afterMsat: bigint): string {
  const left = `left: ${sat(afterMsat)}`
  if (beforeMsat - afterMsat >= ROUNDING_MSAT) {
    return `neighbours can send no more than they had; ${left}`
  }
  return `neighbours had enough to send it, so this took nothing off; ${left}`
}

function step(title: string, text: string): Html {
  return html`
<b>${title}</b>
${text}`
}

function leftOutLines({ ignoredDemands, policyChangeDemands }: Explanation): readonly Html[] {
  const lines = [
    ignoredDemands > 0 ? `${counted(ignoredDemands, 'demand')} that you ignore` : '',
    policyChangeDemands > 0
      ? `${counted(policyChangeDemands, 'demand')} right after a change of your fee or limits`
      : '',
  ].filter(Boolean)
  if (lines.length === 0) return []
  return [
    html`
Left out: ${lines.join(', ')}.`,
  ]
}

type ExplainedNode = Extract<Explained, { kind: 'node' }>

function nodeLines(
  { missed }: Explanation,
  { best, upToMsat }: ExplainedNode,
  reading: Reading,
): readonly Html[] {
  const top =
    upToMsat !== undefined && upToMsat < missed.expectedMsat
      ? `, so /top says up to ${approxSat(upToMsat)}`
      : ''
  const sum = html`Each channel is counted as if it alone were filled. Together they would share the same inflow${top}.`
  if (best === undefined) return [sum]
  const { action } = recommendationText(best.recommendation, reading)
  return [sum, html`The best single step: ${channelName(best.alias, best.scid)}, ${action}.`]
}

const UNKNOWABLE =
  'Nobody can see how many refused attempts were probes: the mix among forwarded ones is taken for it.'

function buttonsOf(explained: Explained, window: Window): readonly (readonly Button[])[] {
  if (explained.kind === 'node') {
    return [
      WINDOWS.map((name) => choice(name, name === window, 'explain', name)),
      [button('‹ all channels', 'top', window)],
    ]
  }
  const { scid, alias } = explained
  return [
    WINDOWS.map((name) => choice(name, name === window, 'explain', scid, name)),
    [
      button('Demands', 'demands', scid, window),
      button(`‹ ${channelName(alias, scid)}`, 'channel', scid, window),
    ],
  ]
}
