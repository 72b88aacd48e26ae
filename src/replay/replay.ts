import { estimate, runToEnd } from '../analyzer/estimate.ts'
import { findOpportunities } from '../analyzer/opportunities.ts'
import { buildReplayReport } from '../analyzer/replay-report.ts'
import type { Opportunity } from '../analyzer/views.ts'
import type { Channel } from '../lightning/channel.ts'
import { failureClass, failureCode, provesOwnChannel } from '../lightning/failure.ts'
import type { HtlcEvent } from '../lightning/htlc.ts'
import type { Scid } from '../lightning/scid.ts'
import { recommendationText } from '../messages/recommendations.ts'
import { replayText } from '../messages/replay.ts'
import { ALL } from '../stats/cells.ts'
import { Memory } from '../stats/memory.ts'
import type { Span } from '../stats/views.ts'
import { OwnPayments } from './own-payments.ts'
import { readChannels, readEvents, readPolicies } from './read-recording.ts'
import { rebuildBalances } from './rebuild-balances.ts'
import { ReplayAlerts } from './replay-alerts.ts'

/** What `missed-sats replay` is called with; `out` gets the result, `err` what was wrong with the input. */
export type ReplayOptions = {
  eventsPath: string
  channelsPath: string | undefined
  policiesPath: string | undefined
  json: boolean
  out: { write(text: string): unknown }
  err: { write(text: string): unknown }
}

// A recording may name any number of channels: nothing is evicted and no day is dropped.
const LIMITS = { maxChannels: 1_000_000, retentionDays: 36_500 }
// Closed buckets are of no use to a replay; they are let go of now and then.
const EVENTS_PER_PURGE = 50_000

/**
 * Runs the pipeline over a recorded event stream, time being the events' own, and prints what it
 * says. Needs no configuration, network or store. Returns the exit code.
 * @throws Error that names the file, when one cannot be read or is not what it should be.
 */
export async function replay(options: ReplayOptions): Promise<number> {
  const channels = await readChannels(options.channelsPath)
  const policies = await readPolicies(options.policiesPath, channels)
  const { events, badLines } = await readEvents(options.eventsPath, options.err)
  if (events.length === 0 && badLines > 0) {
    throw new Error(`${options.eventsPath}: not one line of it is an HtlcEvent of LND's`)
  }
  const firstAt = events.find(({ at }) => at > 0)?.at ?? 0
  const lastAt = events.reduce((latest, { at }) => Math.max(latest, at), 0)
  const memory = new Memory(LIMITS, firstAt)
  listAsAt(memory, rebuildBalances(channels, events), firstAt)
  for (const scid of ownIds(events)) memory.book.own(scid)
  memory.updatePolicies(policies, lastAt)
  const alerts = new ReplayAlerts(memory, firstAt, lastAt)
  play(memory, events, alerts)
  listAsAt(memory, channels, lastAt)
  const span = firstAt === 0 ? undefined : spanOf(memory, firstAt, lastAt)
  const { estimated, opportunities } = analyseAll(memory, span, lastAt)
  const reading = { now: lastAt, timeZone: 'UTC' }
  const report = buildReplayReport(memory, {
    span,
    estimated,
    opportunities,
    alerts: alerts.all(),
    badLines,
    textOf: (recommendation) => recommendationText(recommendation, reading).action,
  })
  options.out.write(options.json ? `${JSON.stringify(report)}\n` : `${replayText(report)}\n`)
  return 0
}

/** What was missed over the whole recording, and what to do about it. */
function analyseAll(memory: Memory, span: Span | undefined, now: number) {
  const estimated = runToEnd(estimate(memory, [{ name: 'all', from: 0 }], now)).spans.get('all')
  if (!span || !estimated) return { estimated, opportunities: new Map<Scid, Opportunity>() }
  const knownMs = span.coveredMs
  // The figures are those of all time; the window is a name that a chat would show.
  const scope = { window: '30d', column: ALL, span, knownMs, pastCostPpm: () => undefined } as const
  const found = runToEnd(findOpportunities(memory, estimated, scope))
  return { estimated, opportunities: new Map(found.map((one) => [one.scid, one])) }
}

// Without a list nothing is known, and nothing is closed for being absent from it.
function listAsAt(memory: Memory, channels: readonly Channel[], at: number): void {
  if (channels.length === 0) return
  memory.book.update(channels, at)
  memory.demands.listed(at)
}

function spanOf(memory: Memory, from: number, to: number): Span {
  return { from, to, coveredMs: memory.coverage.coveredMs(from, to) }
}

function play(memory: Memory, events: readonly HtlcEvent[], alerts: ReplayAlerts): void {
  const payments = new OwnPayments()
  let now = 0
  let isResubscribed = false
  events.forEach((event, i) => {
    if (event.kind === 'subscribed') isResubscribed = true
    if (event.at === 0) return
    if (now === 0) memory.streamUp(event.at)
    else if (isResubscribed) memory.streamDown(now)
    alerts.passTo(event.at)
    if (now > 0 && isResubscribed) memory.streamUp(Math.max(now, event.at))
    isResubscribed = false
    now = Math.max(now, event.at)
    memory.record(event, now)
    const paid = payments.settled(event)
    if (paid) memory.demands.paid(memory.book.own(paid.outgoing), paid.msat, now)
    if (i % EVENTS_PER_PURGE === 0) memory.ledger.takeClosed()
  })
}

/**
 * The ids that can only be channels of ours: incoming ones, those that a forward used, and those
 * that were refused as only a link of ours can.
 */
function ownIds(events: readonly HtlcEvent[]): Set<Scid> {
  const ids = new Set<Scid>()
  for (const { kind, incoming, outgoing, wireFailure, failureDetail } of events) {
    if (incoming !== undefined) ids.add(incoming)
    if (outgoing === undefined || kind === 'final') continue
    const failure = failureClass(failureCode(wireFailure, failureDetail))
    if (kind !== 'linkFail' || provesOwnChannel(failure)) ids.add(outgoing)
  }
  return ids
}
