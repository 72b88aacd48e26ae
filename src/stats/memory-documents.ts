import type { Channel, ChannelPolicies } from '../lightning/channel.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Account } from './account.ts'
import type { OwnChannel } from './channel-book.ts'
import type { Circuit } from './circuits.ts'
import type { CoverageState } from './coverage.ts'
import type { DueBucket, LedgerState, Row } from './ledger.ts'
import { type Memory, NODE_INDEX } from './memory.ts'

/** A document to save: JSON values, with bigints of msat. */
export type MemoryDoc = { key: string; value: unknown }

/** Everything of the memory lies under this prefix, closed buckets included. */
export const MEMORY_PREFIX = 'stats:'
const META = 'stats:meta'

/**
 * The documents that `restoreMemory` takes, in the order in which it takes them; closed buckets are
 * read one at a time, when due.
 */
export const RESTORED_PREFIXES = [META, 'stats:book:', 'stats:run:', 'stats:sum:', 'stats:ends:']

type Meta = {
  ledger: LedgerState
  coverage: CoverageState
  listeningSince: number | undefined
  lastEventAt: number | undefined
  unknowns: [string, number][]
  evicted: number
  cleaned: number
  lost: number
  nextEnded: number
}

type BookDoc = {
  scid: Scid
  index: number
  serial: number
  closedAt: number | null
  channel: Channel | null
  policies: ChannelPolicies | null
}

/** [HTLC id key, incoming scid, outgoing scid, incoming msat, outgoing msat, offered at or 0] */
type SavedCircuit = [number, Scid, Scid, number, number, number]
/** [at, incoming scid or '', failure, outgoing msat, offered msat] */
type SavedRefusal = [number, Scid | '', string, number, number]

/** What changes with each event: one channel's running rows and what is in flight from it. */
type RunDoc = {
  name: string
  rows: Row[]
  circuits: SavedCircuit[]
  recent: SavedRefusal[]
  sends: number[]
}

/** What changes when five minutes end: one channel's totals. */
type SumDoc = { name: string; totals: Row[][] }

/**
 * Returns the documents that changed since the last call; the memory then counts them as saved.
 * They belong together: written as one atomic batch they are the memory at this moment.
 */
export function collectDocuments(memory: Memory): MemoryDoc[] {
  const running = new Set([...memory.ledger.takeDirtyRunning(), ...memory.circuits.takeDirty()])
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
  ]
  if (docs.length > 0 || memory.isDirty) docs.push({ key: META, value: metaOf(memory) })
  memory.isDirty = false
  return docs
}

/**
 * Puts saved documents of one of the prefixes back into a new memory: by the prefix, so that not all
 * of them have to be in hand at once. With none of them it stays new.
 */
export function restoreMemory(
  memory: Memory,
  prefix: string,
  docs: ReadonlyMap<string, unknown>,
): void {
  for (const [key, value] of docs) {
    if (prefix === META) restoreMeta(memory, value as Meta)
    else if (prefix === 'stats:book:') restoreBook(memory, value as BookDoc)
    else restoreRows(memory, key, value)
  }
  if (prefix === 'stats:book:') memory.book.finishRestore()
  if (prefix !== RESTORED_PREFIXES.at(-1)) return
  collectDocuments(memory)
  memory.book.shrink()
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
  }
}

function restoreMeta(memory: Memory, meta: Meta): void {
  memory.ledger.restoreState(meta.ledger)
  memory.coverage.restore(meta.coverage)
  memory.listeningSince = meta.listeningSince
  memory.lastEventAt = meta.lastEventAt
  for (const [name, count] of meta.unknowns) memory.unknowns.set(name, count)
  memory.book.evicted = meta.evicted
  memory.book.cleaned = meta.cleaned
  memory.circuits.lost = meta.lost
  memory.circuits.ended.resumeAt(meta.nextEnded)
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
  }
  return { key: `stats:book:${index}`, value }
}

function restoreBook(memory: Memory, doc: BookDoc): void {
  const { scid, index, serial, closedAt, channel, policies } = doc
  const own = memory.book.restore(scid, index, serial, closedAt ?? undefined)
  memory.book.restoreChannel(own, channel ?? undefined)
  own.policies = policies ?? undefined
}

function runDocs(memory: Memory, places: ReadonlySet<number>): MemoryDoc[] {
  const circuits = new Map<number, SavedCircuit[]>()
  for (const circuit of memory.circuits.inFlight()) {
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
    sends: index === NODE_INDEX ? [...memory.circuits.sends] : [],
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

function restoreRows(memory: Memory, key: string, value: unknown): void {
  if (key.startsWith('stats:ends:')) {
    memory.circuits.ended.restore(Number(key.slice('stats:ends:'.length)), value as number[])
  }
  if (key.startsWith('stats:sum:')) restoreSums(memory, value as SumDoc)
  if (key.startsWith('stats:run:')) restoreRun(memory, value as RunDoc)
}

function restoreRun(memory: Memory, doc: RunDoc): void {
  const account = accountOf(memory, doc.name)
  if (account) memory.ledger.restore(account, doc.rows, [])
  for (const circuit of doc.circuits) restoreCircuit(memory, circuit)
  restoreRecent(memory, doc.name, doc.recent)
  for (const send of doc.sends) memory.circuits.sends.add(send)
}

function restoreSums(memory: Memory, doc: SumDoc): void {
  const account = accountOf(memory, doc.name)
  if (account) memory.ledger.restore(account, [], doc.totals)
}

function accountOf(memory: Memory, name: string): Account | undefined {
  return name === memory.node.name ? memory.node : ownNamed(memory, name)?.account
}

/** The channel that an account's name is of: its scid and serial. */
function ownNamed(memory: Memory, name: string): OwnChannel | undefined {
  const own = memory.book.get(name.split('#')[0] as Scid)
  return own?.account.name === name ? own : undefined
}

function savedCircuit(circuit: Circuit): SavedCircuit {
  const { key, incoming, outgoing, incomingMsat, outgoingMsat, offeredAt } = circuit
  return [key, incoming.scid, outgoing.scid, incomingMsat, outgoingMsat, offeredAt ?? 0]
}

function restoreCircuit(memory: Memory, saved: SavedCircuit): void {
  const [key, incomingScid, outgoingScid, incomingMsat, outgoingMsat, offeredAt] = saved
  const incoming = memory.book.get(incomingScid)
  const outgoing = memory.book.get(outgoingScid)
  if (!incoming || !outgoing) return
  memory.circuits.restore({
    key,
    incoming,
    outgoing,
    incomingMsat,
    outgoingMsat,
    offeredAt: offeredAt === 0 ? undefined : offeredAt,
    missed: 0,
  })
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

function restoreRecent(memory: Memory, name: string, saved: readonly SavedRefusal[]): void {
  const own = ownNamed(memory, name)
  if (!own) return
  for (const [at, incoming, failure, outgoingMsat, offeredMsat] of saved) {
    own.remember({
      at,
      incoming: incoming === '' ? undefined : incoming,
      failure,
      outgoingMsat,
      offeredMsat,
    })
  }
}
