import type { FoldedDay } from './folded-demands.ts'
import type { Memory } from './memory.ts'
import type { MemoryDoc } from './memory-doc.ts'
import type { OwnChannel } from './own-channel.ts'
import { Session, type SessionClass } from './session.ts'

const PEERS = 'stats:peers'
const BALANCES = 'stats:balances:'
const OPEN = 'stats:open:'
const CLOSED = 'stats:demands:'
const FOLDED = 'stats:folded:'

/** The documents of demands, in the order in which they are put back. */
export const DEMAND_PREFIXES = [PEERS, BALANCES, OPEN, CLOSED, FOLDED]

// Sessions that opened one after the other change together: few documents a second change.
const SESSIONS_PER_DOC = 16

/** What belongs to no document of its own. */
export type DemandMeta = {
  first: number
  next: number
  nextSession: number
  closedEarly: number
  droppedDayTotals: number
}

type BalancesDoc = { name: string; points: number[] }

/** An open session as saved: its fields by name, without its places in lists. */
type SessionDoc = Pick<
  Session,
  | 'serial'
  | 'peer'
  | 'firstAt'
  | 'lastAt'
  | 'order'
  | 'wholeMsat'
  | 'from'
  | 'fromPeer'
  | 'amounts'
  | 'isTrial'
  | 'pending'
  | 'settledMsat'
  | 'failed'
  | 'heldMsat'
  | 'multiplicity'
  | 'isSearch'
  | 'isRetired'
  | 'firstRefused'
  | 'lastRefusedAt'
  | 'classes'
  | 'run'
> & { firstKey: number | null; lastWholeAt: number | null }

/** Returns the documents of demands that changed since the last call. */
export function collectDemands(memory: Memory): MemoryDoc[] {
  const { peers, log } = memory.demands
  const docs: MemoryDoc[] = [
    ...balanceDocs(memory),
    ...openDocs(memory),
    ...log
      .takeDirty()
      .map(({ number, bytes }) => ({ key: CLOSED + number, value: bytes?.slice() })),
    ...log.folded.takeDirty().map(({ day, entries }) => ({ key: FOLDED + day, value: entries })),
  ]
  if (peers.isDirty) docs.push({ key: PEERS, value: peers.state() })
  peers.isDirty = false
  return docs
}

export function demandMetaOf({ demands }: Memory): DemandMeta {
  const { log, sessions } = demands
  const { nextSerial, closedEarly } = sessions
  const droppedDayTotals = log.folded.dropped
  return { ...log.state(), nextSession: nextSerial, closedEarly, droppedDayTotals }
}

export function restoreDemandMeta({ demands }: Memory, meta: DemandMeta): void {
  demands.log.restoreState(meta)
  demands.sessions.resumeAt(meta.nextSession)
  demands.sessions.closedEarly = meta.closedEarly
  demands.log.folded.dropped = meta.droppedDayTotals
}

/** Puts a document of demands back; returns false when it is none. */
export function restoreDemands(memory: Memory, key: string, value: unknown): boolean {
  const { demands } = memory
  if (key === PEERS) demands.peers.restore(value as string[])
  else if (key.startsWith(BALANCES)) restoreBalances(memory, key, value as BalancesDoc)
  else if (key.startsWith(OPEN)) restoreOpen(memory, value as SessionDoc[])
  else if (key.startsWith(CLOSED)) {
    demands.log.restoreChunk(Number(key.slice(CLOSED.length)), value as Uint8Array)
  } else if (key.startsWith(FOLDED)) {
    demands.log.restoreFolded(Number(key.slice(FOLDED.length)), value as FoldedDay)
  } else return false
  return true
}

/** After all documents were put back. */
export function finishDemands({ demands }: Memory): void {
  demands.group()
  demands.log.finishRestore()
  demands.sessions.finishRestore()
}

function balanceDocs(memory: Memory): MemoryDoc[] {
  const docs: MemoryDoc[] = []
  for (const own of memory.book) {
    if (!own.balances.isDirty) continue
    for (const { segment, points } of own.balances.takeDirty()) {
      const value: BalancesDoc | undefined =
        points.length > 0 ? { name: own.account.name, points } : undefined
      docs.push({ key: `${BALANCES}${own.index}:${String(segment).padStart(2, '0')}`, value })
    }
  }
  return docs
}

function restoreBalances(memory: Memory, key: string, { name, points }: BalancesDoc): void {
  const own: OwnChannel | undefined = memory.book.at(Number(key.split(':')[2]))
  // The place may have been given to another channel since.
  if (own?.account.name === name) own.balances.restore(points)
}

function openDocs({ demands }: Memory): MemoryDoc[] {
  const groups = new Set(demands.sessions.takeDirty().map(groupOf))
  if (groups.size === 0) return []
  const open = new Map<number, SessionDoc[]>([...groups].map((group) => [group, []]))
  for (const session of demands.sessions) open.get(groupOf(session.serial))?.push(saved(session))
  return [...open].map(([group, docs]) => ({
    key: OPEN + group,
    value: docs.length > 0 ? docs : undefined,
  }))
}

function groupOf(serial: number): number {
  return Math.floor(serial / SESSIONS_PER_DOC)
}

function saved(session: Session): SessionDoc {
  const { older: _o, newer: _n, isClosed: _c, ...fields } = session
  const { firstKey, lastWholeAt } = session
  return {
    ...fields,
    amounts: [...session.amounts],
    pending: [...session.pending],
    classes: session.classes.map((one): SessionClass => ({ ...one })),
    firstKey: firstKey ?? null,
    lastWholeAt: Number.isFinite(lastWholeAt) ? lastWholeAt : null,
  }
}

function restoreOpen(memory: Memory, docs: readonly SessionDoc[]): void {
  for (const doc of docs) {
    const { firstAt, wholeMsat, peer, from, fromPeer } = doc
    const first = {
      at: firstAt,
      outgoingMsat: wholeMsat,
      peer,
      from,
      fromPeer,
      feeMsat: 0,
      asked: 0,
    }
    const session = new Session(doc.serial, first)
    Object.assign(session, {
      ...doc,
      firstKey: doc.firstKey ?? undefined,
      lastWholeAt: doc.lastWholeAt ?? Number.NEGATIVE_INFINITY,
    })
    session.pending = session.pending.filter((key) => {
      const circuit = memory.circuits.inFlight.get(key)
      if (circuit) circuit.session = session
      return circuit !== undefined
    })
    memory.demands.sessions.restore(session)
  }
}
