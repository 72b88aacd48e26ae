import type { Scid } from '../lightning/scid.ts'
import type { Account } from './account.ts'
import { finishDemands, restoreDemandMeta, restoreDemands } from './demand-documents.ts'
import { restoreForecasts } from './forecast-documents.ts'
import type { Memory } from './memory.ts'
import {
  type BookDoc,
  collectDocuments,
  META,
  type Meta,
  RESTORED_PREFIXES,
  type RunDoc,
  type SavedCircuit,
  type SavedRefusal,
  type SumDoc,
} from './memory-documents.ts'
import type { OwnChannel } from './own-channel.ts'

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
    if (restoreDemands(memory, key, value)) continue
    if (restoreForecasts(memory.forecasts, key, value)) continue
    if (prefix === META) restoreMeta(memory, value as Meta)
    else if (prefix === 'stats:book:') restoreBook(memory, value as BookDoc)
    else restoreRows(memory, key, value)
  }
  if (prefix === 'stats:book:') memory.book.finishRestore()
  if (prefix !== RESTORED_PREFIXES.at(-1)) return
  finishDemands(memory)
  collectDocuments(memory)
  memory.book.shrink()
}

function restoreMeta(memory: Memory, meta: Meta): void {
  memory.ledger.restoreState(meta.ledger)
  memory.coverage.restore(meta.coverage)
  memory.listeningSince = meta.listeningSince
  memory.lastEventAt = meta.lastEventAt
  for (const [name, count] of meta.unknowns) memory.unknowns.set(name, count)
  memory.book.evicted = meta.evicted
  memory.book.cleaned = meta.cleaned
  memory.circuits.inFlight.lost = meta.lost
  memory.circuits.ended.resumeAt(meta.nextEnded)
  if (meta.demands) restoreDemandMeta(memory, meta.demands)
}

function restoreBook(memory: Memory, doc: BookDoc): void {
  const { scid, index, serial, closedAt, channel, policies } = doc
  const own = memory.book.restore(scid, index, serial, closedAt ?? undefined)
  memory.book.restoreChannel(own, channel ?? undefined)
  if (channel) own.balances.resume(channel)
  own.policies = policies ?? undefined
  own.policyChanges = doc.policyChanges ?? []
  own.inactiveSince = doc.inactiveSince
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
  for (const send of doc.sends) memory.circuits.sends.keys.add(send)
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

function restoreCircuit(memory: Memory, saved: SavedCircuit): void {
  const [key, incomingScid, outgoingScid, incomingMsat, outgoingMsat, offeredAt] = saved
  const incoming = memory.book.get(incomingScid)
  const outgoing = memory.book.get(outgoingScid)
  if (!incoming || !outgoing) return
  memory.circuits.inFlight.put({
    key,
    incoming,
    outgoing,
    incomingMsat,
    outgoingMsat,
    offeredAt: offeredAt === 0 ? undefined : offeredAt,
    missed: 0,
    session: undefined,
  })
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
