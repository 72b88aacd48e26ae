import type { Digest, DigestChannel } from '../../analyzer/digest.ts'
import type { Emptying } from '../../analyzer/emptying.ts'
import type { Missed, Opportunity } from '../../analyzer/views.ts'
import type { AlertView } from '../alerts/alert-text.ts'
import { markOf } from '../alerts/letter-view.ts'
import { byWeight } from '../alerts/list.ts'
import { alertText } from '../alerts/texts.ts'
import { approx, approxSat } from '../estimate.ts'
import { failureText } from '../failures.ts'
import { counted, duration, type Reading } from '../format.ts'
import { type Html, html, join } from '../html.ts'
import { channelName, nameAndId } from '../names.ts'
import { recommendationText } from '../recommendations.ts'
import type { Row, Shorter } from './rows.ts'

/** What the alerts of a chat come to. */
export type DigestAlertViews = {
  firing: readonly AlertView[]
  /** Came and went without being told. */
  passed: number
}

const SHOWN = 3
const DAY_MS = 86_400_000
// Above every other row but the first lines, which are always there.
const MOST_MISSED = 99

/**
 * The channels that missed most. The buttons below name them all, so they get shorter together and
 * stay: a node's alias has 32 bytes at most, so three short rows always fit.
 */
export function topRows({ top }: Digest): readonly Row[] {
  if (top.length === 0) return []
  const write = (detail: TopDetail) => join(top.map((one, i) => topText(one, i + 1, detail)))
  return [
    {
      text: write('interval and reason'),
      worth: MOST_MISSED,
      shorter: [
        { text: write('interval'), worth: 71 },
        { text: write('expectation'), worth: 76 },
      ],
    },
  ]
}

/** What to do today. */
export function actionRows({ actions }: Digest, reading: Reading): readonly Row[] {
  if (actions.length === 0) return []
  const write = (shown: number) => {
    const left = actions.slice(0, shown)
    return join([...left.map((one) => actionText(one, reading)), aloneText(left)])
  }
  return [shrinking(actions.length, write, 90, [undefined, 74, 73])]
}

/** The alerts that go on, the gravest first, and how many others came and went. */
export function alertRows({ firing, passed }: DigestAlertViews, reading: Reading): readonly Row[] {
  const views = [...firing].sort((a, b) => aboutMoney(a) - aboutMoney(b) || byWeight(a, b))
  const write = (shown: number) => {
    const more = views.length - shown
    if (shown === 0) return html`${counted(more, 'alert')} now: /alerts`
    return join([
      ...views.slice(0, shown).map((view) => rowText(view, reading)),
      more > 0 ? html`+${counted(more, 'more alert')}: /alerts` : undefined,
    ])
  }
  return [
    ...(views.length > 0
      ? [shrinking(Math.min(SHOWN, views.length), write, 98, [85, 60, 42])]
      : []),
    ...(passed > 0 ? [{ text: passedText(passed), worth: 20 }] : []),
  ]
}

/**
 * A list as one row, so that what it says of itself stays true when its last lines are left out.
 * `worths` are of its lines; without one the row goes as a whole.
 */
function shrinking(
  lines: number,
  write: (shown: number) => Html,
  worth: number,
  worths: readonly (number | undefined)[],
): Row {
  const shorter: Shorter[] = []
  for (let shown = lines - 1; shown >= 0; shown--) {
    const line = worths[shown]
    if (line !== undefined) shorter.push({ text: write(shown), worth: line })
  }
  return { text: write(lines), worth, shorter }
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

type TopDetail = 'interval and reason' | 'interval' | 'expectation'

function topText(one: DigestChannel, rank: number, detail: TopDetail): Html {
  const { scid, alias, missed, demands, failure } = one
  const hasReason = detail === 'interval and reason' && failure !== undefined
  const why = hasReason ? ` · ${failureText(failure).short}` : ''
  return html`${rank}. <b>${channelName(alias, scid)}</b> ${figureOf(missed, demands, detail)}${why}`
}

function figureOf(missed: Missed | undefined, demands: number, detail: TopDetail): string {
  if (missed === undefined) return counted(demands, 'demand')
  return detail === 'expectation' ? approxSat(missed.expectedMsat) : approx(missed)
}

/** Two rebalances take from the same idle channels, and wait for what the same neighbours send. */
function aloneText(actions: readonly Opportunity[]): Html | undefined {
  const rebalances = actions.filter(({ recommendation }) => recommendation.type === 'rebalance_in')
  if (rebalances.length < 2) return undefined
  return html`Each rebalance is counted alone: they compete for the same sats.`
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
