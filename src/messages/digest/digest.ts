import {
  DIGEST_WINDOWS,
  type Digest,
  type DigestPeriod,
  isQuietDigest,
} from '../../analyzer/digest.ts'
import type { LndStatus } from '../../lightning/node-status.ts'
import { trafficChart } from '../charts/traffic-chart.ts'
import { duration, localTime, type Reading } from '../format.ts'
import { type Html, html } from '../html.ts'
import { MAX_CAPTION_UNITS } from '../limits.ts'
import { blindLine } from '../lnd-states.ts'
import {
  type Attachment,
  type Button,
  button,
  choice,
  type Message,
  message,
  withAttachment,
} from '../message.ts'
import { channelName } from '../names.ts'
import {
  comparedWith,
  type DigestSending,
  dateLine,
  figureRows,
  headline,
  NEGLIGIBLE_MS,
  quietFacts,
} from './figures.ts'
import { actionRows, alertRows, type DigestAlertViews, emptyingRow, topRows } from './lists.ts'
import { fitSections, type Row, type Section } from './rows.ts'

/** All that a digest is written from. */
export type DigestData = {
  digest: Digest
  alerts: DigestAlertViews
  lnd: LndStatus
  sending: DigestSending
}

// Younger than this an analysis is as good as now.
const FRESH_MS = 5 * 60_000
const ALWAYS = Number.POSITIVE_INFINITY

/** How a day, a week or a month went: what to know and what to do, on one screen of a phone. */
export function digestMessage(data: DigestData, reading: Reading): Message {
  const text = fitSections(sectionsOf(data, reading), MAX_CAPTION_UNITS)
  const written = message(text, buttonsOf(data))
  const picture = pictureOf(data.digest, reading)
  return picture ? withAttachment(written, picture) : written
}

/** A chart of nothing says nothing. */
function pictureOf(digest: Digest, reading: Reading): Attachment | undefined {
  const { series, traffic, refused } = digest
  const isEmpty = traffic.settled === 0 && (refused?.attempts ?? 0) === 0
  if (series === undefined || isEmpty) return undefined
  const name = `digest-${series.window}.png`
  return { kind: 'picture', name, svg: trafficChart(series, reading) }
}

function sectionsOf(data: DigestData, reading: Reading): readonly Section[] {
  const { digest, alerts, lnd, sending } = data
  const date = dateLine(digest, sending, reading)
  const first = { text: headline(digest), worth: ALWAYS }
  const coverage = coverageRows(digest, lnd, reading)
  const still = [...alertRows(alerts, reading), ...listed(emptyingRow(digest.emptying))]
  if (isQuietDigest(digest) && digest.refused) {
    const isCalm = still.length === 0 && coverage.length === 0
    const facts = quietFacts(digest) || (isCalm ? 'nothing to do' : '')
    const second = { text: html`${date}${facts && ` · ${facts}`}`, worth: ALWAYS }
    return [untitled(first, second, ...coverage), untitled(...still)]
  }
  const compared = comparedWith(digest)
  const second = { text: html`${date}${compared ? ` · ${compared}` : ''}`, worth: ALWAYS }
  return [
    untitled(first, second),
    untitled(...figureRows(digest)),
    { title: 'Missed most', rows: topRows(digest) },
    { title: 'Worth doing today', rows: actionRows(digest, reading) },
    untitled(...nothingToDo(digest), ...still),
    untitled(...coverage),
  ]
}

function untitled(...rows: readonly Row[]): Section {
  return { title: undefined, rows }
}

/** Said where there is something to do about, and nothing worth doing. */
function nothingToDo({ refused, actions }: Digest): readonly Row[] {
  if (actions.length > 0 || !refused?.missed) return []
  return [{ text: html`No step is worth taking today.`, worth: 30 }]
}

/** What nobody saw, and so what the figures are worth. */
function coverageRows(digest: Digest, lnd: LndStatus, reading: Reading): readonly Row[] {
  return [
    ...listed(blindRow(digest)),
    ...listed(youngRow(digest, reading)),
    ...rowIf(fillingText(digest), 91),
    ...rowIf(blindLine(lnd, reading), 94),
    ...rowIf(asOfText(digest, reading), 89),
  ]
}

/** With many channels an analysis takes long: one asked for at any time rests on the last. */
function asOfText({ at, refused }: Digest, reading: Reading): Html | undefined {
  if (refused === undefined || at - refused.at <= FRESH_MS) return undefined
  return html`Refused and missed are as of ${localTime(refused.at, reading)}.`
}

function blindRow({ blindMs }: Digest): Row | undefined {
  if (blindMs < NEGLIGIBLE_MS) return undefined
  const text = html`⚠️ Blind ${duration(blindMs)}: refused and missed are lower bounds.`
  return { text, worth: 93 }
}

function youngRow({ listeningSince, span }: Digest, reading: Reading): Row | undefined {
  if (listeningSince === undefined || listeningSince - span.from < NEGLIGIBLE_MS) return undefined
  const since = localTime(listeningSince, reading)
  const observed = duration(span.coveredMs)
  const text = html`Refusals are known since ${since} (${observed} observed), forwards from LND's history.`
  return { text, worth: 92 }
}

function fillingText({ isFilling }: Digest): Html | undefined {
  return isFilling ? html`⏳ Some forwards are still to be read from LND's history.` : undefined
}

function rowIf(text: Html | undefined, worth: number): readonly Row[] {
  return text === undefined ? [] : [{ text, worth }]
}

function listed(row: Row | undefined): readonly Row[] {
  return row === undefined ? [] : [row]
}

function buttonsOf({ digest, alerts }: DigestData): readonly (readonly Button[])[] {
  const { top, period } = digest
  const window = DIGEST_WINDOWS[period]
  return [
    top.map(({ scid, alias }, i) =>
      button(`${i + 1}. ${channelName(alias, scid)}`, 'channel', scid, window, 'new'),
    ),
    (Object.keys(DIGEST_WINDOWS) as DigestPeriod[]).map((one) =>
      choice(DIGEST_WINDOWS[one], one === period, 'digest', one),
    ),
    [
      button('Top list', 'top', window, 'missed', 'new'),
      ...(alerts.firing.length > 0 ? [button('Alerts', 'alerts', 'new')] : []),
    ],
  ]
}
