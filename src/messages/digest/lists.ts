import type { Digest, DigestChannel } from '../../analyzer/digest.ts'
import type { Emptying } from '../../analyzer/emptying.ts'
import type { Opportunity } from '../../analyzer/views.ts'
import type { AlertView } from '../alerts/alert-text.ts'
import { markOf } from '../alerts/letter-view.ts'
import { byWeight } from '../alerts/list.ts'
import { alertText } from '../alerts/texts.ts'
import { approx } from '../estimate.ts'
import { failureText } from '../failures.ts'
import { counted, duration, type Reading } from '../format.ts'
import { type Html, html } from '../html.ts'
import { channelName, nameAndId } from '../names.ts'
import { recommendationText } from '../recommendations.ts'
import type { Row } from './rows.ts'

/** What the alerts of a chat come to. */
export type DigestAlertViews = {
  firing: readonly AlertView[]
  /** Came and went without being told. */
  passed: number
}

const SHOWN = 3
const DAY_MS = 86_400_000

/** The channels that missed most. */
export function topRows({ top }: Digest): readonly Row[] {
  return top.map((one, i) => ({ text: topText(one, i + 1), worth: worthAt(i, 80, 72, 71) }))
}

/** What to do today. */
export function actionRows({ actions }: Digest, reading: Reading): readonly Row[] {
  return actions.map((one, i) => ({
    text: actionText(one, reading),
    worth: worthAt(i, 90, 74, 73),
  }))
}

/** The alerts that go on, the gravest first, and how many others came and went. */
export function alertRows({ firing, passed }: DigestAlertViews, reading: Reading): readonly Row[] {
  const views = [...firing].sort((a, b) => aboutMoney(a) - aboutMoney(b) || byWeight(a, b))
  const rows = views.slice(0, SHOWN).map((view, i) => ({
    text: rowText(view, reading),
    worth: worthAt(i, 85, 60, 42),
  }))
  const more = views.length - rows.length
  return [
    ...rows,
    ...(more > 0 ? [{ text: html`+${counted(more, 'more alert')}: /alerts`, worth: 84 }] : []),
    ...(passed > 0 ? [{ text: passedText(passed), worth: 20 }] : []),
  ]
}

/** The channels that run out within a day; undefined without one. */
export function emptyingRow(emptying: readonly Emptying[]): Row | undefined {
  if (emptying.length === 0) return undefined
  const named = emptying
    .slice(0, SHOWN)
    .map(({ alias, scid, emptyInMs }) => `${channelName(alias, scid)} in ${roughly(emptyInMs)}`)
  const more = emptying.length - named.length
  const rest = more > 0 ? `, and ${more} more` : ''
  return { text: html`⌛ Runs out at the present pace: ${named.join(', ')}${rest}`, worth: 70 }
}

function topText({ scid, alias, missed, demands, failure }: DigestChannel, rank: number): Html {
  const figure = missed === undefined ? counted(demands, 'demand') : approx(missed)
  const why = failure === undefined ? '' : ` · ${failureText(failure).short}`
  return html`${rank}. <b>${channelName(alias, scid)}</b> ${figure}${why}`
}

function actionText({ scid, alias, recommendation }: Opportunity, reading: Reading): Html {
  const { action } = recommendationText(recommendation, reading)
  const gain = 'gain' in recommendation ? ` · worth ${approx(recommendation.gain)}` : ''
  // With its id: an operator has several channels of one name, and acts on this one.
  return html`➜ ${nameAndId(alias, scid)} ${action}${gain}`
}

// A forecast from a moving average is good for an hour, at best for ten minutes.
function roughly(ms: number): string {
  const minutes = ms / 60_000
  if (minutes >= 120) return `≈ ${Math.round(minutes / 60)} h`
  return minutes < 10 ? '<10 min' : `≈ ${10 * Math.round(minutes / 10)} min`
}

/** What was missed is what the digest itself is about: these come last. */
function aboutMoney({ alert }: AlertView): number {
  return Number(alert.kind === 'revenue.missed')
}

function rowText(view: AlertView, reading: Reading): Html {
  const { alert } = view
  const ageMs = reading.now - alert.firedAt
  const since = ageMs < DAY_MS ? '' : ` · for ${duration(ageMs)}`
  return html`${markOf(alert)} ${alertText(alert.kind).headline(view, reading)}${since}`
}

function passedText(passed: number): Html {
  return html`🔹 ${counted(passed, 'small alert')} came and went: /alerts`
}

/** The worth of the first, second and third row of a list. */
function worthAt(i: number, ...worths: readonly number[]): number {
  return worths[i] ?? 0
}
