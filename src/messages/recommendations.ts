import type {
  IdleSource,
  Recommendation,
  RecommendationType,
  RefillPoint,
  RestReason,
} from '../analyzer/views.ts'
import { approx, approxSat } from './estimate.ts'
import {
  about,
  count,
  counted,
  duration,
  localTime,
  ppm,
  type Reading,
  shortNumber,
  shortSat,
  upTo,
} from './format.ts'
import { type Html, html, join } from './html.ts'
import { channelName } from './names.ts'
import { isPrivate } from './reader.ts'
import { restText } from './rest-reasons.ts'

/** What to do about a channel: in one line, and what that rests on. */
export type RecommendationText = {
  /** Without a full stop: it stands in lists, too. */
  action: string
  /** Each a sentence. */
  figures: readonly string[]
}

type Of<T extends RecommendationType> = Extract<Recommendation, { type: T }>

/** Returns the words for a recommendation. */
export function recommendationText(one: Recommendation, reading: Reading): RecommendationText {
  switch (one.type) {
    case 'rebalance_in':
      return rebalanceIn(one)
    case 'raise_fee':
      return raiseFee(one)
    case 'lower_fee':
      return lowerFee(one)
    case 'raise_max_htlc':
      return raiseMaxHtlc(one)
    case 'add_capacity':
      return addCapacity(one)
    case 'mend_peer':
      return mendPeer(one)
    case 'free_slots':
      return freeSlots(one)
    case 'wait':
      return wait(one, reading)
    case 'leave_alone':
      return leaveAlone(one)
    case 'too_little_data':
      return tooLittleData(one)
  }
}

/** Returns a recommendation whole: what to do, the figures behind it, what not to do. */
export function recommendationBlock(
  one: Recommendation,
  avoid: RecommendationType | undefined,
  reading: Reading,
): Html {
  const { action, figures } = recommendationText(one, reading)
  const not = avoid === undefined ? undefined : avoidText(one, avoid)
  return join([
    html`${MARKS[one.type] ?? '🔧'} <b>${action}</b>`,
    ...figures,
    not === undefined ? undefined : html`<b>Don't</b> ${not}`,
  ])
}

function avoidText(one: Recommendation, avoid: RecommendationType): string | undefined {
  const isOldFee = 'reason' in one && OLD_FEES.includes(one.reason)
  if (avoid === 'lower_fee' && isOldFee) {
    return 'lower the fee: those who offered less used your older one.'
  }
  return AVOID[avoid]
}

// Refusals of these say that the fee offered was too low, though not that ours is too high.
const OLD_FEES: readonly RestReason[] = ['stale-policies', 'fee-just-changed']

const MARKS: Partial<Record<RecommendationType, string>> = {
  wait: '⏳',
  leave_alone: '✋',
  too_little_data: '🌱',
}

const AVOID: Readonly<Record<RecommendationType, string | undefined>> = {
  rebalance_in: 'move sats in for this: they would not earn their cost.',
  raise_fee: 'raise the fee for this: balance would not come back sooner.',
  lower_fee: 'lower the fee: no refusal here says that it is too high.',
  raise_max_htlc: 'raise max_htlc: the channel could not send that much.',
  add_capacity: 'open another channel for it: what is there would do.',
  mend_peer: 'close the channel for it: the peer may be back soon.',
  free_slots: 'look for HTLCs in flight: slots were not the reason.',
  wait: 'wait for it to pass: it comes again.',
  leave_alone: undefined,
  too_little_data: undefined,
}

function rebalanceIn(one: Of<'rebalance_in'>): RecommendationText {
  const { amountMsat, maxPpm, gain, usedUpInMs, curve, sources, pastCostPpm } = one
  return {
    action: `Rebalance ${shortSat(amountMsat)} in, at most ${ppm(maxPpm)}`,
    figures: [
      `Should earn ${approx(gain)} within ${duration(usedUpInMs)}.`,
      `Worth up to ${upTo((amountMsat * BigInt(Math.floor(maxPpm))) / 1_000_000n)} of cost.`,
      ...curveText(curve, amountMsat),
      sourcesText(sources),
      ...(pastCostPpm === undefined ? [] : [pastCostText(pastCostPpm, maxPpm)]),
    ],
  }
}

/** Puts a refill curve into words: what each amount would have earned, and where it bends. */
function curveText(curve: readonly RefillPoint[], amountMsat: bigint): string[] {
  // With amounts hidden it would be a row of dots.
  if (curve.length === 0 || isPrivate()) return []
  const points = curve.map(
    ({ amountMsat, gain }) => `${shortNumber(amountMsat)} ≈ ${about(gain.expectedMsat)}`,
  )
  return [`By sats moved: ${points.join(', ')}.`, ...bendText(curve, amountMsat)]
}

function bendText(curve: readonly RefillPoint[], amountMsat: bigint): string[] {
  const chosen = curve.findLast((point) => point.amountMsat <= amountMsat)
  const more = curve.at(-1)
  if (chosen === undefined || more === undefined || more.amountMsat <= amountMsat) return []
  const added = more.gain.expectedMsat - chosen.gain.expectedMsat
  const gain = added > 0n ? `only ${approxSat(added)} more` : 'nothing more'
  return [`Beyond, it bends: ${shortNumber(more.amountMsat)} adds ${gain}.`]
}

// What fits two lines of a phone.
const SHOWN_SOURCES = 3

function sourcesText(sources: readonly IdleSource[]): string {
  if (sources.length === 0) return 'No channel of yours lies idle to take it from.'
  const named = sources
    .slice(0, SHOWN_SOURCES)
    .map(
      ({ alias, scid, spendableMsat }) =>
        `${channelName(alias, scid)} (${shortNumber(spendableMsat)})`,
    )
  return `Idle, to take it from: ${named.join(', ')}.`
}

function pastCostText(pastCostPpm: number, maxPpm: number): string {
  const dear = pastCostPpm > maxPpm ? ', more than this pays for' : ''
  return `Such a rebalance cost ${ppm(pastCostPpm)} before${dear}.`
}

function raiseFee({ fromPpm, toPpm, gain, demandsPerWeek }: Of<'raise_fee'>): RecommendationText {
  return {
    action: `Raise the fee from ${count(fromPpm)} to ${ppm(toPpm)}`,
    figures: [
      `Should earn ${approx(gain)} more.`,
      `It is drained, ${counted(Math.round(demandsPerWeek), 'demand')} a week still ask for it, and little flows back: what is scarce may cost more.`,
    ],
  }
}

function lowerFee({ fromPpm, toPpm, localSharePct, idleMs }: Of<'lower_fee'>): RecommendationText {
  return {
    action: `Lower the fee from ${count(fromPpm)} to ${ppm(toPpm)}`,
    figures: [
      `${localSharePct} % of it is yours, and nothing went out for ${duration(idleMs)}.`,
      'This rests on idle balance, not on any refusal.',
    ],
  }
}

function raiseMaxHtlc({ fromMsat, toMsat, gain }: Of<'raise_max_htlc'>): RecommendationText {
  const from = fromMsat === undefined ? '' : `from ${shortNumber(fromMsat)} `
  return {
    action: `Raise max_htlc ${from}to ${shortSat(toMsat)}`,
    figures: [
      `Should earn ${approx(gain)}.`,
      'The balance would have carried what was refused as too large.',
    ],
  }
}

function addCapacity(one: Of<'add_capacity'>): RecommendationText {
  const { addMsat, holdableMsat, largestMsat, demands, gain } = one
  return {
    action: `Add a channel of ${shortSat(addMsat)}`,
    figures: [
      `Should earn ${approx(gain)}.`,
      `${counted(demands, 'demand')} asked for more than any channel to this peer can hold: up to ${shortNumber(largestMsat)}, where ${shortSat(holdableMsat)} is the most. Moving sats cannot help there.`,
    ],
  }
}

function mendPeer({ gain, demands, isOnline }: Of<'mend_peer'>): RecommendationText {
  return {
    action: isOnline ? 'Steady the peer: it comes and goes' : 'Bring the peer back: it is offline',
    figures: [
      `${counted(demands, 'demand')} came while it was away: ${approx(gain)}.`,
      isOnline
        ? 'If it stays so, ask its operator, or take your sats elsewhere.'
        : 'Connect it (lncli connect), or ask its operator.',
    ],
  }
}

function freeSlots({ gain, demands, pending, slots }: Of<'free_slots'>): RecommendationText {
  return {
    action: `Free HTLC slots: ${count(pending)} of ${count(slots)} taken`,
    figures: [
      `${counted(demands, 'demand')} found none: ${approx(gain)}.`,
      'Connect a peer that hangs again; raise min_htlc against dust.',
    ],
  }
}

function wait({ reason, until }: Of<'wait'>, reading: Reading): RecommendationText {
  const { short, why } = restText(reason)
  const end = until === undefined ? '' : ` until ${localTime(until, reading)}`
  return { action: `Wait${end}: ${short}`, figures: [why] }
}

function leaveAlone({ reason }: Of<'leave_alone'>): RecommendationText {
  const { short, why } = restText(reason)
  return { action: `Leave it alone: ${short}`, figures: [why] }
}

function tooLittleData({ coveredMs, demands }: Of<'too_little_data'>): RecommendationText {
  return {
    action: 'Nothing yet: too little data',
    figures: [
      `${counted(demands, 'demand')} in ${duration(coveredMs)} observed; advice needs 5 demands and 72 h.`,
    ],
  }
}
