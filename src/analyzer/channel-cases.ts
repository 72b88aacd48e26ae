import { spendableMsat } from '../lightning/channel.ts'
import type { Scid } from '../lightning/scid.ts'
import { INCOMING, OUTGOING, SIDE } from '../stats/account.ts'
import type { Memory } from '../stats/memory.ts'
import { aliasOf, sideView, spanOf } from '../stats/memory-views.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import type { Span, Window } from '../stats/views.ts'
import { WINDOW_COLUMNS } from '../stats/windows.ts'
import { type ChannelCase, holdableMsat, WEEK_MS } from './case.ts'
import { NOTHING } from './gain.ts'
import type { SpanEstimate } from './span-estimate.ts'
import { topK } from './top-k.ts'
import type { ChannelMissed, IdleSource } from './views.ts'

// Idle: most of it ours, at least worth a move, and nothing went out for a week.
const IDLE_SHARE = 0.5
const MOSTLY_COVERED = 0.9
const LEAST_IDLE_MSAT = 250_000_000n
// More than a rebalance names, so that enough are left without those to the same peer.
const MOST_SOURCES = 20

const NOTHING_MISSED: ChannelMissed = {
  liquidity: NOTHING,
  other: NOTHING,
  liquidityDemands: 0,
  otherDemands: 0,
}

/** The window that cases are about, the column of the ledger that has its sums, and what is known besides. */
export type Scope = {
  window: Window
  column: number
  span: Span
  /** For how long the node was listened to in the window, or in its week where that is longer, in ms. */
  knownMs: number
  /** What moving balance into a channel has cost before, in ppm; undefined where nobody knows. */
  pastCostPpm(scid: Scid): number | undefined
}

/** Returns the scope of a window that ends now. */
export function scopeOf(
  memory: Memory,
  window: Window,
  now: number,
  pastCostPpm: Scope['pastCostPpm'],
): Scope {
  const { column } = WINDOW_COLUMNS[window]
  const span = spanOf(memory, window, now)
  // An hour and a day are known by their week.
  const isShort = window === '1h' || window === '24h'
  const knownMs = isShort ? spanOf(memory, '7d', now).coveredMs : span.coveredMs
  return { window, column, span, knownMs, pastCostPpm }
}

type IdleWindow = { column: number; ms: number }

/** What all cases of one analysis share. */
type Shared = {
  memory: Memory
  estimate: SpanEstimate
  scope: Scope
  now: number
  idle: readonly IdleWindow[]
  sources: readonly (IdleSource & { peer: number })[]
  folded: ReadonlyMap<number, number>
}

/**
 * Yields what is known of every channel over a window, of which an estimate was made as of its end:
 * the figures that decide what to do about it.
 */
export function* channelCases(
  memory: Memory,
  estimate: SpanEstimate,
  scope: Scope,
): Generator<ChannelCase> {
  const now = scope.span.to
  const idle = idleWindows(memory, now)
  const sources = idleSources(memory, idle, now)
  const folded = foldedDemands(memory, scope.span.from)
  const shared: Shared = { memory, estimate, scope, now, idle, sources, folded }
  for (const own of memory.book) yield channelCase(own, shared)
}

function channelCase(own: OwnChannel, shared: Shared): ChannelCase {
  const { memory, estimate, now } = shared
  const { window, column, span, knownMs, pastCostPpm } = shared.scope
  const outgoing = sideView(memory, own.account, OUTGOING, column, own.pendingOutgoing)
  const peer = memory.demands.peers.idOf(own)
  return {
    scid: own.scid,
    alias: aliasOf(own),
    pubkey: own.channel?.peer.pubkey,
    window,
    span,
    knownMs,
    now,
    channel: own.channel,
    closedAt: own.closedAt,
    ownPolicy: own.policies?.own,
    feeChangedAt: own.policyChanges.findLast(({ fee }) => fee !== 'same')?.at,
    offlineSince: own.inactiveSince,
    idleMs: idleMsOf(memory, own, shared.idle, now),
    outgoing,
    incoming: sideView(memory, own.account, INCOMING, column, own.pendingIncoming),
    refused: outgoing.refused,
    demands: estimate.demands.get(own.serial) ?? [],
    foldedDemands: shared.folded.get(own.serial) ?? 0,
    missed: estimate.channels.get(own.serial) ?? NOTHING_MISSED,
    remembered: estimate.remembered.get(own.serial) ?? NOTHING_MISSED,
    spendableAt: (at) => own.balances.spendableAt(at),
    coveredUntil: (at) => memory.coverage.coveredMs(span.from, at),
    parallels: parallelsOf(memory, own, peer),
    sources: shared.sources
      .filter((source) => source.peer !== peer)
      .map(({ scid, alias, spendableMsat: msat }) => ({ scid, alias, spendableMsat: msat })),
    pastCostPpm: pastCostPpm(own.scid),
  }
}

function parallelsOf(memory: Memory, own: OwnChannel, peer: number): ChannelCase['parallels'] {
  return memory.demands.channelsOf(peer).flatMap((other) => {
    const { channel, scid } = other
    if (other === own || !channel) return []
    // One that is inactive carries nothing now, and will again.
    const spendable = channel.active ? spendableMsat(channel) : 0n
    return [{ scid, spendableMsat: spendable, holdableMsat: holdableMsat(channel) }]
  })
}

function idleSources(memory: Memory, idle: readonly IdleWindow[], now: number): Shared['sources'] {
  const sources = [...memory.book].flatMap((own) => {
    const { channel, closedAt } = own
    if (!channel?.active || closedAt !== undefined) return []
    if (Number(channel.localMsat) < IDLE_SHARE * Number(channel.capacityMsat)) return []
    const spendable = spendableMsat(channel)
    if (spendable < LEAST_IDLE_MSAT || idleMsOf(memory, own, idle, now) < WEEK_MS) return []
    const peer = memory.demands.peers.idOf(own)
    return [{ scid: own.scid, alias: aliasOf(own), spendableMsat: spendable, peer }]
  })
  return topK(sources, MOST_SOURCES, (a, b) => (a.spendableMsat > b.spendableMsat ? -1 : 1))
}

/** The windows in which nothing may have gone out, longest first, and how long of each was covered. */
function idleWindows(memory: Memory, now: number): IdleWindow[] {
  return (['30d', '7d', '24h'] as const).flatMap((window) => {
    const { column, ms } = WINDOW_COLUMNS[window]
    // What settled while nobody listened is filled in from LND's history, if a little late.
    const isCovered = spanOf(memory, window, now).coveredMs >= MOSTLY_COVERED * ms
    return isCovered ? [{ column, ms }] : []
  })
}

/** For how long nothing went out: all of the longest such window, but no longer than it is known. */
function idleMsOf(
  memory: Memory,
  own: OwnChannel,
  idle: readonly IdleWindow[],
  now: number,
): number {
  const base = own.account.base(OUTGOING)
  const [first] = own.balances
  const longest = idle.find(
    ({ column }) => base < 0 || memory.ledger.sum(base + SIDE.settled, column) === 0,
  )
  return first && longest ? Math.min(longest.ms, now - first.at) : 0
}

function foldedDemands(memory: Memory, from: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const { asked, demands } of memory.demands.log.folded.since(from)) {
    counts.set(asked, (counts.get(asked) ?? 0) + demands)
  }
  return counts
}
