import { failureClass } from '../lightning/failure.ts'
import { msatFromFloat } from '../lightning/msat.ts'
import type { Scid } from '../lightning/scid.ts'
import {
  type Account,
  failureCodeOf,
  INCOMING,
  isRefusalGroup,
  NODE,
  NODE_CELLS,
  type NodeCell,
  OUTGOING,
  REFUSAL,
  SETTLE_BOUNDS_MS,
  SIDE,
  type Side,
} from './account.ts'
import { ALL } from './cells.ts'
import type { Memory } from './memory.ts'
import type { OwnChannel, RememberedRefusal } from './own-channel.ts'
import type {
  ChannelView,
  Dropped,
  MemoryStatus,
  NodeView,
  RecentRefusal,
  Refused,
  SideView,
  Span,
  Window,
} from './views.ts'
import { WINDOW_COLUMNS } from './windows.ts'

const SHOWN_GAPS = 5

/** Returns what an answer over a window really covers at `now`. */
export function spanOf(memory: Memory, window: Window, now: number): Span {
  const from = memory.ledger.lowOf(WINDOW_COLUMNS[window].horizon)
  return { from, to: now, coveredMs: memory.coverage.coveredMs(from, now) }
}

/** Returns a channel whole over a window, or undefined when no channel of ours has that id. */
export function channelView(
  memory: Memory,
  scid: Scid,
  window: Window,
  now: number,
): ChannelView | undefined {
  const own = memory.book.get(scid)
  if (!own) return undefined
  const { column } = WINDOW_COLUMNS[window]
  return {
    scid: own.scid,
    alias: aliasOf(own),
    pubkey: own.channel?.peer.pubkey,
    channel: own.channel,
    policies: own.policies,
    closedAt: own.closedAt,
    span: spanOf(memory, window, now),
    outgoing: sideView(memory, own.account, OUTGOING, column, own.pendingOutgoing),
    incoming: sideView(memory, own.account, INCOMING, column, own.pendingIncoming),
    recent: own.recent.map((refusal) => recentView(own.scid, refusal)).reverse(),
  }
}

function recentView(outgoing: Scid, refusal: RememberedRefusal): RecentRefusal {
  const { at, incoming, failure } = refusal
  const outgoingMsat = msatFromFloat(refusal.outgoingMsat)
  return {
    at,
    incoming,
    outgoing,
    failure,
    outgoingMsat,
    offeredMsat: msatFromFloat(refusal.offeredMsat),
  }
}

/** Returns the node as a whole over a window. */
export function nodeView(memory: Memory, window: Window, now: number): NodeView {
  return nodeSums(memory, WINDOW_COLUMNS[window].column, spanOf(memory, window, now))
}

/** Returns the node as a whole over all that was ever recorded. */
export function nodeTotals(memory: Memory, span: Span): NodeView {
  return nodeSums(memory, ALL, span)
}

/** Returns one side of an account over a column of the ledger. */
export function sideView(
  memory: Memory,
  account: Account,
  side: Side,
  column: number,
  pending: number,
): SideView {
  const sums = memory.ledger.sums(account, side, column)
  return {
    settled: sums[SIDE.settled] ?? 0,
    failedDownstream: sums[SIDE.failed] ?? 0,
    pending,
    volumeMsat: msatFromFloat(sums[SIDE.volume] ?? 0),
    earnedMsat: msatFromFloat(sums[SIDE.earned] ?? 0),
    medianSettleMs: median(sums.slice(SIDE.settleTimes)),
    refused: refusals(memory, account, side, column),
  }
}

/** Returns what /status shows of the memory. */
export function memoryStatus(memory: Memory, now: number): MemoryStatus {
  const node = memory.ledger.sums(memory.node, NODE, ALL)
  return {
    listeningSince: memory.listeningSince,
    streamUp: memory.coverage.isUp,
    lastEventAt: memory.lastEventAt,
    openChannels: memory.book.openCount,
    closedChannels: memory.book.closedCount,
    maxChannels: memory.book.capacity,
    inFlight: memory.circuits.inFlight.size,
    events: nodeCell(node, 'events'),
    dropped: droppedOf(node),
    evictedChannels: memory.book.evicted,
    cleanedChannels: memory.book.cleaned,
    lostHtlcs: memory.circuits.lost,
    shedEvents: nodeCell(node, 'shed'),
    demandsClosedEarly: memory.demands.sessions.closedEarly,
    foldedDemands: memory.demands.log.folded.demands,
    droppedDayTotals: memory.demands.log.folded.dropped,
    gaps: memory.coverage.holes(now, SHOWN_GAPS),
    unknowns: [...memory.unknowns].map(([name, count]) => ({ name, count })),
  }
}

/** Returns the peer's alias; empty when unknown. */
export function aliasOf(own: OwnChannel): string {
  return own.channel?.peer.alias ?? ''
}

function nodeSums(memory: Memory, column: number, span: Span): NodeView {
  const node = memory.ledger.sums(memory.node, NODE, column)
  return {
    span,
    forwards: sideView(memory, memory.node, OUTGOING, column, memory.circuits.inFlight.size),
    own: {
      sent: nodeCell(node, 'sent'),
      sendFailed: nodeCell(node, 'sendFailed'),
      received: nodeCell(node, 'received'),
      receiveRefused: nodeCell(node, 'receiveRefused'),
    },
    dropped: droppedOf(node),
  }
}

function refusals(memory: Memory, account: Account, side: Side, column: number): Refused[] {
  const found: Refused[] = []
  for (const { id, base } of account.groups) {
    if (!isRefusalGroup(id, side)) continue
    const attempts = memory.ledger.sum(base + REFUSAL.attempts, column)
    if (attempts === 0) continue
    found.push({
      failure: failureClass(failureCodeOf(id)),
      attempts,
      offeredMsat: msatFromFloat(memory.ledger.sum(base + REFUSAL.offered, column)),
      volumeMsat: msatFromFloat(memory.ledger.sum(base + REFUSAL.volume, column)),
    })
  }
  return found.sort((a, b) => b.attempts - a.attempts || (a.failure < b.failure ? -1 : 1))
}

function nodeCell(sums: readonly number[], cell: NodeCell): number {
  return sums[NODE_CELLS.indexOf(cell)] ?? 0
}

function droppedOf(sums: readonly number[]): Dropped {
  return {
    finals: nodeCell(sums, 'finals'),
    replays: nodeCell(sums, 'replays'),
    unmatched: nodeCell(sums, 'unmatched'),
    foreign: nodeCell(sums, 'foreign'),
    unknown: nodeCell(sums, 'unknown'),
  }
}

// The upper bound of the class that holds the middle one; of the last class, its lower bound.
function median(classes: readonly number[]): number | undefined {
  const count = classes.reduce((sum, n) => sum + n, 0)
  if (count === 0) return undefined
  let seen = 0
  const index = classes.findIndex((n) => {
    seen += n
    return seen * 2 >= count
  })
  return SETTLE_BOUNDS_MS[Math.min(index, SETTLE_BOUNDS_MS.length - 1)]
}
