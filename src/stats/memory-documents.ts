import type { Channel, ChannelPolicies } from '../lightning/channel.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Account } from './account.ts'
import type { OwnChannel } from './channel-book.ts'
import type { Circuit } from './circuits.ts'
import type { CoverageState } from './coverage.ts'
import type { DueBucket, LedgerState, Row, Rows } from './ledger.ts'
import { type Memory, NODE_CHUNK } from './memory.ts'

/** A document to save: JSON values, with bigints of msat. */
export type MemoryDoc = { key: string; value: unknown }

/** Everything of the memory lies under this prefix, closed buckets included. */
export const MEMORY_PREFIX = 'stats:'
const META = 'stats:meta'

/** The documents that `restoreMemory` reads; closed buckets are read one at a time, when due. */
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
}[]

/** [HTLC id key, incoming scid, outgoing scid, incoming msat, outgoing msat, offered at or 0] */
type SavedCircuit = [number, Scid, Scid, number, number, number]
/** [at, incoming scid or '', failure, outgoing msat, offered msat] */
type SavedRefusal = [number, Scid | '', string, number, number]

type RunDoc = {
  rows: Rows
  circuits: SavedCircuit[]
  recent: Record<string, SavedRefusal[]>
  sends: number[]
}

type SumDoc = Record<string, Row[][]>

/**
 * Returns the documents that changed since the last call; the memory then counts them as saved.
 * They belong together: written as one atomic batch they are the memory at this moment.
 */
export function collectDocuments(memory: Memory): MemoryDoc[] {
  const running = new Set([...memory.ledger.takeDirtyRunning(), ...memory.circuits.takeDirty()])
  const closed = memory.ledger.takeClosed()
  const docs: MemoryDoc[] = [
    ...closed.map(({ key, rows }) => ({ key, value: rows })),
    ...memory.book.takeDirty().map((chunk) => bookDoc(memory, chunk)),
    ...runDocs(memory, running),
    ...memory.ledger.takeDirtyTotals().map((chunk) => sumDoc(memory, chunk)),
    ...memory.circuits.ended.takeDirty().map(({ segment, keys }) => ({
      key: `stats:ends:${segment}`,
      value: keys,
    })),
  ]
  if (docs.length > 0 || memory.isDirty) docs.push({ key: META, value: metaOf(memory) })
  memory.isDirty = false
  return docs
}

/** Puts saved documents back into a new memory; with none of them it stays new. */
export function restoreMemory(memory: Memory, docs: ReadonlyMap<string, unknown>): void {
  const meta = docs.get(META) as Meta | undefined
  if (!meta) return
  restoreMeta(memory, meta)
  for (const [key, value] of docs) {
    if (key.startsWith('stats:book:')) restoreBook(memory, value as BookDoc)
  }
  memory.book.finishRestore()
  for (const [key, value] of docs) restoreRows(memory, key, value)
  collectDocuments(memory)
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

function bookDoc(memory: Memory, chunk: number): MemoryDoc {
  const value: BookDoc = memory.book.chunk(chunk).map((own) => ({
    scid: own.scid,
    index: own.index,
    serial: own.serial,
    closedAt: own.closedAt ?? null,
    channel: own.channel ?? null,
    policies: own.policies ?? null,
  }))
  return { key: `stats:book:${chunk}`, value: value.length > 0 ? value : undefined }
}

function restoreBook(memory: Memory, doc: BookDoc): void {
  for (const { scid, index, serial, closedAt, channel, policies } of doc) {
    const own = memory.book.restore(scid, index, serial, closedAt ?? undefined)
    memory.book.restoreChannel(own, channel ?? undefined)
    own.policies = policies ?? undefined
  }
}

function runDocs(memory: Memory, chunks: ReadonlySet<number>): MemoryDoc[] {
  const circuits = new Map<number, SavedCircuit[]>()
  for (const circuit of memory.circuits.inFlight()) {
    const { chunk } = circuit.incoming.account
    if (!chunks.has(chunk)) continue
    const saved = circuits.get(chunk)
    if (saved) saved.push(savedCircuit(circuit))
    else circuits.set(chunk, [savedCircuit(circuit)])
  }
  return [...chunks].map((chunk) => runDoc(memory, chunk, circuits.get(chunk) ?? []))
}

function runDoc(memory: Memory, chunk: number, circuits: SavedCircuit[]): MemoryDoc {
  const owns = chunk === NODE_CHUNK ? [] : memory.book.chunk(chunk)
  const accounts = chunk === NODE_CHUNK ? [memory.node] : owns.map((own) => own.account)
  const value: RunDoc = {
    rows: rowsOf(accounts, (account) => memory.ledger.runningRows(account)),
    circuits,
    recent: Object.fromEntries(owns.filter(hasRecent).map((own) => [own.scid, savedRecent(own)])),
    sends: chunk === NODE_CHUNK ? [...memory.circuits.sends] : [],
  }
  return { key: `stats:run:${chunk}`, value: accounts.length > 0 ? value : undefined }
}

function sumDoc(memory: Memory, chunk: number): MemoryDoc {
  const accounts =
    chunk === NODE_CHUNK ? [memory.node] : memory.book.chunk(chunk).map((own) => own.account)
  const value = Object.fromEntries(
    accounts
      .map((account): [string, Row[][]] => [account.name, memory.ledger.totalRows(account)])
      .filter(([, rows]) => rows.some((row) => row.length > 0)),
  )
  return { key: `stats:sum:${chunk}`, value: accounts.length > 0 ? value : undefined }
}

function rowsOf(accounts: readonly Account[], read: (account: Account) => Row[]): Rows {
  return Object.fromEntries(
    accounts
      .map((account): [string, Row[]] => [account.name, read(account)])
      .filter(([, rows]) => rows.length > 0),
  )
}

function restoreRows(memory: Memory, key: string, value: unknown): void {
  if (key.startsWith('stats:ends:')) {
    memory.circuits.ended.restore(Number(key.slice('stats:ends:'.length)), value as number[])
  }
  if (key.startsWith('stats:sum:')) restoreSums(memory, value as SumDoc)
  if (key.startsWith('stats:run:')) restoreRun(memory, value as RunDoc)
}

function restoreRun(memory: Memory, doc: RunDoc): void {
  restoreRunning(memory, doc)
  for (const circuit of doc.circuits) restoreCircuit(memory, circuit)
  for (const [scid, recent] of Object.entries(doc.recent))
    restoreRecent(memory, scid as Scid, recent)
  for (const send of doc.sends) memory.circuits.sends.add(send)
}

function accountOf(memory: Memory, name: string): Account | undefined {
  return name === memory.node.name ? memory.node : memory.book.get(name as Scid)?.account
}

function restoreRunning(memory: Memory, doc: RunDoc): void {
  for (const [name, rows] of Object.entries(doc.rows)) {
    const account = accountOf(memory, name)
    if (account) memory.ledger.restore(account, rows, [])
  }
}

function restoreSums(memory: Memory, doc: SumDoc): void {
  for (const [name, totals] of Object.entries(doc)) {
    const account = accountOf(memory, name)
    if (account) memory.ledger.restore(account, [], totals)
  }
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

function hasRecent(own: OwnChannel): boolean {
  return own.recent.length > 0
}

function savedRecent(own: OwnChannel): SavedRefusal[] {
  return own.recent.map((refusal) => [
    refusal.at,
    refusal.incoming ?? '',
    refusal.failure,
    Number(refusal.outgoingMsat),
    Number(refusal.offeredMsat),
  ])
}

function restoreRecent(memory: Memory, scid: Scid, saved: readonly SavedRefusal[]): void {
  const own = memory.book.get(scid)
  for (const [at, incoming, failure, outgoingMsat, offeredMsat] of saved) {
    own?.remember({
      at,
      incoming: incoming === '' ? undefined : incoming,
      outgoing: scid,
      failure,
      outgoingMsat: BigInt(outgoingMsat),
      offeredMsat: BigInt(offeredMsat),
    })
  }
}
