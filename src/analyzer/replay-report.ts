import { chanIdFromScid, type Scid } from '../lightning/scid.ts'
import { INCOMING, OUTGOING } from '../stats/account.ts'
import { ALL } from '../stats/cells.ts'
import type { Memory } from '../stats/memory.ts'
import { aliasOf, nodeTotals, sideView } from '../stats/memory-views.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import type { Dropped, NodeView, Refused, SideView, Span } from '../stats/views.ts'

/** Forwards by how they ended. Msat are decimal strings. */
export type ForwardsReport = {
  offered: number
  settled: number
  failed: number
  pending: number
  volumeMsat: string
  earnedMsat: string
}

/** Refusals; `demands` is null until attempts are grouped into demands. */
export type RefusedReport = {
  attempts: number
  demands: null
  offeredMsat: string
  byClass: Record<string, { attempts: number; demands: null; offeredMsat: string }>
}

/** A missed figure with its interval; null where none is computed. */
export type MissedReport = { expected: null; low: null; high: null }

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
  urgency: null
  recommendation: null
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
  alerts: never[]
  dropped: Dropped & { badLines: number }
}

const UNKNOWN_MISSED: MissedReport = { expected: null, low: null, high: null }

/** Returns the report of all that a memory recorded within a span. */
export function buildReplayReport(
  memory: Memory,
  span: Span | undefined,
  badLines: number,
): ReplayReport {
  const node = nodeTotals(memory, span ?? { from: 0, to: 0, coveredMs: 0 })
  const channels = [...memory.book].map((own) => channelReport(memory, own)).sort(byOffered)
  return {
    window: {
      from: span ? isoTime(span.from) : null,
      to: span ? isoTime(span.to) : null,
      coveredSeconds: (span?.coveredMs ?? 0) / 1000,
    },
    forwards: forwardsReport(node.forwards),
    refused: refusedReport(node.forwards.refused),
    own: node.own,
    missedMsat: UNKNOWN_MISSED,
    channels,
    peers: [...new Set(channels.flatMap(({ peer }) => peer ?? []))].map((pubkey) => ({
      pubkey,
      missedMsat: UNKNOWN_MISSED,
    })),
    alerts: [],
    dropped: { ...node.dropped, badLines },
  }
}

function channelReport(memory: Memory, own: OwnChannel): ChannelReport {
  const { account, pendingOutgoing, pendingIncoming } = own
  const outgoing = sideView(memory, account, OUTGOING, ALL, pendingOutgoing)
  return {
    scid: own.scid,
    chanId: String(chanIdFromScid(own.scid)),
    peer: own.channel?.peer.pubkey ?? null,
    alias: aliasOf(own) || null,
    outgoing: forwardsReport(outgoing),
    incoming: forwardsReport(sideView(memory, account, INCOMING, ALL, pendingIncoming)),
    refused: refusedReport(outgoing.refused),
    missedMsat: UNKNOWN_MISSED,
    otherMissedMsat: UNKNOWN_MISSED,
    urgency: null,
    recommendation: null,
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

function refusedReport(refused: readonly Refused[]): RefusedReport {
  return {
    attempts: refused.reduce((sum, { attempts }) => sum + attempts, 0),
    demands: null,
    offeredMsat: String(refused.reduce((sum, { offeredMsat }) => sum + offeredMsat, 0n)),
    byClass: Object.fromEntries(
      refused.map(({ failure, attempts, offeredMsat }) => [
        failure,
        { attempts, demands: null, offeredMsat: String(offeredMsat) },
      ]),
    ),
  }
}

function byOffered(a: ChannelReport, b: ChannelReport): number {
  const difference = BigInt(b.refused.offeredMsat) - BigInt(a.refused.offeredMsat)
  return difference > 0n ? 1 : difference < 0n ? -1 : b.refused.attempts - a.refused.attempts
}

function isoTime(at: number): string {
  return new Date(at).toISOString()
}
