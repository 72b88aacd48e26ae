import type { Channel, ChannelPolicies } from '../lightning/channel.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Circuit } from './circuit.ts'
import type { CoverageState } from './coverage.ts'
import {
  collectDemands,
  DEMAND_PREFIXES,
  type DemandMeta,
  demandMetaOf,
} from './demand-documents.ts'
import { collectForecasts, TRACK_PREFIX } from './forecast-documents.ts'
import type { LedgerState } from './ledger.ts'
import { type Memory, NODE_INDEX } from './memory.ts'
import type { MemoryDoc } from './memory-doc.ts'
import type { OwnChannel, PolicyChange } from './own-channel.ts'
import type { DueBucket } from './retention.ts'
import type { Row } from './rows.ts'

/** Everything of the memory lies under this prefix, closed buckets included. */
export const MEMORY_PREFIX = 'stats:'
/** The document of what is no account's. */
export const META = 'stats:meta'

/**
 * The documents that `restoreMemory` takes, in the order in which it takes them; closed buckets are
 * read one at a time, when due.
 */
export const RESTORED_PREFIXES = [
  META,
  'stats:book:',
  'stats:run:',
  'stats:sum:',
  'stats:ends:',
  ...DEMAND_PREFIXES,
  TRACK_PREFIX,
]

export type Meta = {
  ledger: LedgerState
  coverage: CoverageState
  listeningSince: number | undefined
  lastEventAt: number | undefined
  unknowns: [string, number][]
  evicted: number
  cleaned: number
  lost: number
  nextEnded: number
  /** Absent in what was written before demands were remembered. */
  demands?: DemandMeta
}

export type BookDoc = {
  scid: Scid
  index: number
  serial: number
  closedAt: number | null
  channel: Channel | null
  policies: ChannelPolicies | null
  /** Absent in what was written before they were remembered. */
  policyChanges?: PolicyChange[]
  inactiveSince?: number | undefined
}

/** [HTLC id key, incoming scid, outgoing scid, incoming msat, outgoing msat, offered at or 0] */
export type SavedCircuit = [number, Scid, Scid, number, number, number]
/** [at, incoming scid or '', failure, outgoing msat, offered msat] */
export type SavedRefusal = [number, Scid | '', string, number, number]

/** What changes with each event: one channel's running rows and what is in flight from it. */
export type RunDoc = {
  name: string
  rows: Row[]
  circuits: SavedCircuit[]
  recent: SavedRefusal[]
  sends: number[]
}

/** What changes when five minutes end: one channel's totals. */
export type SumDoc = { name: string; totals: Row[][] }

/**
 * Returns the documents that changed since the last call; the memory then counts them as saved.
 * They belong together: written as one atomic batch they are the memory at this moment.
 */
export function collectDocuments(memory: Memory): MemoryDoc[] {
  const running = new Set([
    ...memory.ledger.takeDirtyRunning(),
    ...memory.circuits.inFlight.takeDirty(),
  ])
  const closed = memory.ledger.takeClosed()
  const docs: MemoryDoc[] = [
    ...closed.map(({ key, rows }) => ({ key, value: rows })),
    ...memory.book.takeDirty().map((index) => bookDoc(memory, index)),
    ...runDocs(memory, running),
    ...memory.ledger.takeDirtyTotals().map((index) => sumDoc(memory, index)),
    ...memory.circuits.ended.takeDirty().map(({ segment, keys }) => ({
      key: `stats:ends:${segment}`,
      value: keys,
    })),
    ...collectDemands(memory),
    ...collectForecasts(memory.forecasts),
  ]
  if (docs.length > 0 || memory.isDirty) docs.push({ key: META, value: metaOf(memory) })
  memory.isDirty = false
  return docs
}

/** Returns the documents that delete buckets past their retention, after taking a due bucket out. */
export function settleDue(
  memory: Memory,
  due: DueBucket,
  parts: ReadonlyMap<string, unknown>,
): MemoryDoc[] {
  memory.isDirty = true
  return memory.ledger.settle(due, parts).map((key) => ({ key, value: undefined }))
}

function metaOf(memory: Memory): Meta {
  return {
    ledger: memory.ledger.state(),
    coverage: memory.coverage.state(),
    listeningSince: memory.listeningSince,
    lastEventAt: memory.lastEventAt,
    unknowns: [...memory.unknowns],
    evicted: memory.book.evicted,
    cleaned: memory.book.cleaned,
    lost: memory.circuits.lost,
    nextEnded: memory.circuits.ended.next,
    demands: demandMetaOf(memory),
  }
}

function bookDoc(memory: Memory, index: number): MemoryDoc {
  const own = memory.book.at(index)
  const value: BookDoc | undefined = own && {
    scid: own.scid,
    index: own.index,
    serial: own.serial,
    closedAt: own.closedAt ?? null,
    channel: own.channel ?? null,
    policies: own.policies ?? null,
    policyChanges: own.policyChanges,
    inactiveSince: own.inactiveSince,
  }
  return { key: `stats:book:${index}`, value }
}

function runDocs(memory: Memory, places: ReadonlySet<number>): MemoryDoc[] {
  const circuits = new Map<number, SavedCircuit[]>()
  for (const circuit of memory.circuits.inFlight) {
    const { index } = circuit.incoming
    if (!places.has(index)) continue
    const saved = circuits.get(index)
    if (saved) saved.push(savedCircuit(circuit))
    else circuits.set(index, [savedCircuit(circuit)])
  }
  return [...places].map((index) => ({
    key: `stats:run:${index}`,
    value: runDoc(memory, index, circuits.get(index) ?? []),
  }))
}

function runDoc(memory: Memory, index: number, circuits: SavedCircuit[]): RunDoc | undefined {
  const own = memory.book.at(index)
  const account = index === NODE_INDEX ? memory.node : own?.account
  if (!account) return undefined
  return {
    name: account.name,
    rows: memory.ledger.runningRows(account),
    circuits,
    recent: own ? savedRecent(own) : [],
    sends: index === NODE_INDEX ? [...memory.circuits.sends.keys] : [],
  }
}

function sumDoc(memory: Memory, index: number): MemoryDoc {
  const account = index === NODE_INDEX ? memory.node : memory.book.at(index)?.account
  const value: SumDoc | undefined = account && {
    name: account.name,
    totals: memory.ledger.totalRows(account),
  }
  return { key: `stats:sum:${index}`, value }
}

function savedCircuit(circuit: Circuit): SavedCircuit {
  const { key, incoming, outgoing, incomingMsat, outgoingMsat, offeredAt } = circuit
  return [key, incoming.scid, outgoing.scid, incomingMsat, outgoingMsat, offeredAt ?? 0]
}

function savedRecent(own: OwnChannel): SavedRefusal[] {
  return own.recent.map((refusal) => [
    refusal.at,
    refusal.incoming ?? '',
    refusal.failure,
    refusal.outgoingMsat,
    refusal.offeredMsat,
  ])
}
