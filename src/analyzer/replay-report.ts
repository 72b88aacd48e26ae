import { failureClass } from '../lightning/failure.ts'
import { MSAT_PER_SAT } from '../lightning/msat.ts'
import { chanIdFromScid, type Scid } from '../lightning/scid.ts'
import { INCOMING, OUTGOING } from '../stats/account.ts'
import { ALL } from '../stats/cells.ts'
import type { Memory } from '../stats/memory.ts'
import { aliasOf, nodeTotals, sideView } from '../stats/memory-views.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import type { Dropped, NodeView, Refused, SideView, Span } from '../stats/views.ts'
import { countDemands, type DemandCounts, noDemands } from './demand-counts.ts'
import { NOTHING } from './gain.ts'
import type { AlertKind, Severity, Subject } from './reading.ts'
import type { SpanEstimate } from './span-estimate.ts'
import type { Missed, Opportunity, Recommendation, RecommendationType } from './views.ts'

/** Forwards by how they ended. Msat are decimal strings. */
export type ForwardsReport = {
  offered: number
  settled: number
  failed: number
  pending: number
  volumeMsat: string
  earnedMsat: string
}

/** Refusals: attempts, distinct demands among them, and the fees offered on all attempts. */
export type RefusedReport = {
  attempts: number
  demands: number
  offeredMsat: string
  byClass: Record<string, { attempts: number; demands: number; offeredMsat: string }>
}

/** The one thing to do about a channel; amounts in sat as decimal strings, null where there is none. */
export type RecommendationReport = {
  type: RecommendationType
  text: string
  amountSat: string | null
  maxPpm: number | null
}

/** A missed figure with its 80 % interval; msat as decimal strings. */
export type MissedReport = { expected: string; low: string; high: string }

/** An alert that would have rung or gone to the digest; times ISO 8601, null when it is not over. */
export type AlertReport = {
  kind: AlertKind
  subject: Subject
  severity: Severity
  firedAt: string
  resolvedAt: string | null
}

export type ChannelReport = {
  scid: Scid
  chanId: string
  peer: string | null
  alias: string | null
  outgoing: ForwardsReport
  incoming: ForwardsReport
  refused: RefusedReport
  missedMsat: MissedReport
  otherMissedMsat: MissedReport
  /** 0 … 100. */
  urgency: number
  recommendation: RecommendationReport
}

/** What `replay --json` prints: its names and units are a contract. */
export type ReplayReport = {
  window: { from: string | null; to: string | null; coveredSeconds: number }
  forwards: ForwardsReport
  refused: RefusedReport
  own: NodeView['own']
  missedMsat: MissedReport
  channels: ChannelReport[]
  peers: { pubkey: string; missedMsat: MissedReport }[]
  alerts: AlertReport[]
  dropped: Dropped & { badLines: number }
}

const NOTHING_TO_DO: Recommendation = { type: 'leave_alone', reason: 'no-refusals' }

/** What a recording is reported by, beside the memory that it left. */
export type ReplayFindings = {
  span: Span | undefined
  estimated: SpanEstimate | undefined
  opportunities: ReadonlyMap<Scid, Opportunity>
  /** In order; times epoch ms. */
  alerts: readonly {
    kind: AlertKind
    subject: Subject
    severity: Severity
    firedAt: number
    resolvedAt: number | undefined
  }[]
  badLines: number
  /** A recommendation in words. */
  textOf(recommendation: Recommendation): string
}

/** Returns the report of all that a memory recorded within a span. */
export function buildReplayReport(memory: Memory, findings: ReplayFindings): ReplayReport {
  const { span, estimated, badLines } = findings
  const node = nodeTotals(memory, span ?? { from: 0, to: 0, coveredMs: 0 })
  const counts = countDemands(memory)
  const channels = [...memory.book]
    .map((own) => channelReport(memory, own, counts.channels.get(own.serial), findings))
    .sort(byExpected)
  return {
    window: {
      from: span ? isoTime(span.from) : null,
      to: span ? isoTime(span.to) : null,
      coveredSeconds: (span?.coveredMs ?? 0) / 1000,
    },
    forwards: forwardsReport(node.forwards),
    refused: refusedReport(node.forwards.refused, counts.node),
    own: node.own,
    missedMsat: missedReport(estimated?.node),
    channels,
    peers: peerReports(memory, estimated),
    alerts: findings.alerts.map(alertReport),
    dropped: { ...node.dropped, badLines },
  }
}

function alertReport(alert: ReplayFindings['alerts'][number]): AlertReport {
  const { kind, subject, severity, firedAt, resolvedAt } = alert
  return {
    kind,
    subject,
    severity,
    firedAt: isoTime(firedAt),
    resolvedAt: resolvedAt === undefined ? null : isoTime(resolvedAt),
  }
}

function channelReport(
  memory: Memory,
  own: OwnChannel,
  counts: DemandCounts = noDemands(),
  { estimated, opportunities, textOf }: ReplayFindings,
): ChannelReport {
  const { account, pendingOutgoing, pendingIncoming } = own
  const missed = estimated?.channels.get(own.serial)
  const opportunity = opportunities.get(own.scid)
  const outgoing = sideView(memory, account, OUTGOING, ALL, pendingOutgoing)
  return {
    scid: own.scid,
    chanId: String(chanIdFromScid(own.scid)),
    peer: own.channel?.peer.pubkey ?? null,
    alias: aliasOf(own) || null,
    outgoing: forwardsReport(outgoing),
    incoming: forwardsReport(sideView(memory, account, INCOMING, ALL, pendingIncoming)),
    refused: refusedReport(outgoing.refused, counts),
    missedMsat: missedReport(missed?.liquidity),
    otherMissedMsat: missedReport(missed?.other),
    urgency: opportunity?.urgency.total ?? 0,
    recommendation: recommendationReport(opportunity?.recommendation ?? NOTHING_TO_DO, textOf),
  }
}

function forwardsReport(side: SideView): ForwardsReport {
  return {
    offered: side.settled + side.failedDownstream + side.pending,
    settled: side.settled,
    failed: side.failedDownstream,
    pending: side.pending,
    volumeMsat: String(side.volumeMsat),
    earnedMsat: String(side.earnedMsat),
  }
}

function peerReports(memory: Memory, estimated: SpanEstimate | undefined): ReplayReport['peers'] {
  const peers = new Map<string, number>()
  for (const own of memory.book) {
    const pubkey = own.channel?.peer.pubkey
    if (pubkey !== undefined) peers.set(pubkey, memory.demands.peers.idOf(own))
  }
  return [...peers].map(([pubkey, id]) => ({
    pubkey,
    missedMsat: missedReport(estimated?.peers.get(id)),
  }))
}

function recommendationReport(
  recommendation: Recommendation,
  textOf: ReplayFindings['textOf'],
): RecommendationReport {
  const { type } = recommendation
  const isRebalance = type === 'rebalance_in'
  const amountMsat = isRebalance
    ? recommendation.amountMsat
    : type === 'add_capacity'
      ? recommendation.addMsat
      : undefined
  return {
    type,
    text: textOf(recommendation),
    amountSat: amountMsat === undefined ? null : String(amountMsat / MSAT_PER_SAT),
    maxPpm: isRebalance ? recommendation.maxPpm : null,
  }
}

function missedReport(missed: Missed = NOTHING): MissedReport {
  const { expectedMsat, lowMsat, highMsat } = missed
  return { expected: String(expectedMsat), low: String(lowMsat), high: String(highMsat) }
}

function refusedReport(refused: readonly Refused[], counts: DemandCounts): RefusedReport {
  const demandsOf = new Map([...counts.byClass].map(([code, n]) => [failureClass(code), n]))
  return {
    attempts: refused.reduce((sum, { attempts }) => sum + attempts, 0),
    demands: counts.demands,
    offeredMsat: String(refused.reduce((sum, { offeredMsat }) => sum + offeredMsat, 0n)),
    byClass: Object.fromEntries(
      refused.map(({ failure, attempts, offeredMsat }) => [
        failure,
        { attempts, demands: demandsOf.get(failure) ?? 0, offeredMsat: String(offeredMsat) },
      ]),
    ),
  }
}

function byExpected(a: ChannelReport, b: ChannelReport): number {
  return (
    compare(b.missedMsat.expected, a.missedMsat.expected) ||
    compare(b.refused.offeredMsat, a.refused.offeredMsat) ||
    b.refused.attempts - a.refused.attempts
  )
}

function compare(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b)
  return difference > 0n ? 1 : difference < 0n ? -1 : 0
}

function isoTime(at: number): string {
  return new Date(at).toISOString()
}
