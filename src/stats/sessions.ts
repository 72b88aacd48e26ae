import type { Circuit, Outcome } from './circuit.ts'
import type { Peers } from './peers.ts'
import { Recency } from './recency.ts'
import { Searches } from './searches.ts'
import { type Attempt, Session } from './session.ts'
import { SessionIndex } from './session-index.ts'

// How long after its last member an attempt still joins a session: a sender tries for a minute, and
// with the very same amount a slow one for ten (measured on simulated nodes).
const GAP_MS = 75_000
const EQUAL_GAP_MS = 600_000
// A part that hung for longer than this and then failed was waiting for a sibling.
const HELD_MS = 12_000
// The parts of one payment are sent within moments of each other.
const TOGETHER_MS = 5_000
// By so much a forward of LND's history may be told to be older than it is.
const CLOCK_SKEW_MS = 5_000
// About 700 bytes each: 14 MB. At 100 events a second some 30 attempts a second are new demands,
// and each stays open for ten minutes: 18,000.
const MAX_OPEN = 20_000

type Refusal = Extract<Outcome, { kind: 'refused' }>

/**
 * Groups attempts into sessions, online and each in constant time: one buyer, one demand. What is
 * grouped here is for money; alerts group more strictly and on their own.
 */
export class Sessions {
  readonly #peers: Peers
  readonly #onClosed: (session: Session) => void
  readonly #open = new Recency<Session>()
  // Those whose last member is long ago while a forward of theirs is still on its way.
  readonly #waiting = new Recency<Session>()
  readonly #index = new SessionIndex()
  readonly #searches = new Searches()
  readonly #dirty = new Set<number>()
  readonly #restored: Session[] = []
  #nextSerial = 0
  #nextOrder = 0
  /** Sessions closed early because too many were open. */
  closedEarly = 0

  constructor(peers: Peers, onClosed: (session: Session) => void) {
    this.#peers = peers
    this.#onClosed = onClosed
  }

  get size(): number {
    return this.#open.size + this.#waiting.size
  }

  /** All open sessions. */
  *[Symbol.iterator](): Generator<Session> {
    yield* this.#waiting
    yield* this.#open
  }

  /** An attempt was forwarded; the circuit remembers the session. */
  forwarded(circuit: Circuit, at: number): void {
    const attempt = this.#attemptOf(circuit, at)
    if (attempt.outgoingMsat <= 0) return
    const known = this.#match(attempt)
    const session = known ?? this.#start(attempt)
    this.#join(session, attempt)
    session.forward(circuit.key, known === undefined)
    circuit.session = session
  }

  /** A forward came back settled. Without a session of its own it may yet have served one. */
  settled(circuit: Circuit, at: number): void {
    const session = circuit.session ?? this.#servedBy(circuit, at)
    if (!session) return
    session.settledMsat += circuit.outgoingMsat
    this.#resolved(session, circuit)
  }

  /** A forward failed downstream; after a long time it had been held for a sibling. */
  failed(circuit: Circuit, at: number): void {
    const { session } = circuit
    if (!session) return
    const { offeredAt = at } = circuit
    const isHeld = at - offeredAt > HELD_MS && session.lastRefusedAt >= offeredAt - TOGETHER_MS
    if (isHeld) session.heldMsat += circuit.outgoingMsat
    else session.failed++
    this.#resolved(session, circuit)
  }

  /** A forward was given up: how it ended nobody knows. */
  lost(circuit: Circuit): void {
    const { session } = circuit
    if (!session) return
    if (session.firstKey === circuit.key) session.isTrial = false
    this.#resolved(session, circuit)
  }

  /** An attempt was refused, maybe after it had been offered. */
  refused(refusal: Refusal, isLiquidity: boolean): void {
    const { incoming, outgoing, outgoingMsat, incomingMsat, failureCode, circuit } = refusal
    const attempt: Attempt = {
      at: circuit?.offeredAt ?? refusal.at,
      outgoingMsat,
      feeMsat: Math.max(0, incomingMsat - outgoingMsat),
      asked: outgoing.serial,
      from: incoming.serial,
      peer: this.#peers.idOf(outgoing),
      fromPeer: this.#peers.idOf(incoming),
    }
    const session = this.#sessionOfRefused(attempt, circuit)
    session.refuse(attempt, failureCode, isLiquidity)
    this.#touch(session)
    // Nothing tells amounts apart that nobody knows: each is a demand of its own.
    if (outgoingMsat <= 0) this.#close(session)
  }

  /** Closes the sessions that no attempt can join any more. */
  advance(now: number): void {
    for (let oldest = this.#open.oldest; oldest; oldest = this.#open.oldest) {
      // One of the future was told by a clock that has been set back: it must not keep the others.
      if (Math.abs(now - oldest.lastAt) <= EQUAL_GAP_MS) return
      this.#retire(oldest)
    }
  }

  /** Returns the serials of open sessions that changed, or closed, since the last call. */
  takeDirty(): number[] {
    const serials = [...this.#dirty]
    this.#dirty.clear()
    return serials
  }

  get nextSerial(): number {
    return this.#nextSerial
  }

  /** No serial below this one is given again. */
  resumeAt(serial: number): void {
    this.#nextSerial = Math.max(this.#nextSerial, serial)
  }

  /** Puts a saved open session back. */
  restore(session: Session): void {
    this.#restored.push(session)
    this.resumeAt(session.serial + 1)
    this.#nextOrder = Math.max(this.#nextOrder, session.order + 1)
  }

  /** After all were put back: they close in the order of their last members. */
  finishRestore(): void {
    this.#restored.sort((a, b) => a.order - b.order)
    for (const session of this.#restored.splice(0)) {
      if (session.isRetired) {
        this.#waiting.add(session)
        continue
      }
      this.#open.add(session)
      if (session.wholeMsat > 0) this.#index.add(session)
    }
  }

  #sessionOfRefused(attempt: Attempt, circuit: Circuit | undefined): Session {
    const own = circuit?.session
    if (own && circuit && !own.isClosed) {
      own.resolve(circuit.key)
      if (own.firstKey === circuit.key) own.isTrial = false
      return own
    }
    const session = (attempt.outgoingMsat > 0 && this.#match(attempt)) || this.#start(attempt)
    this.#join(session, attempt)
    return session
  }

  // History tells of forwards of long before: they served nobody who asked since.
  #servedBy(circuit: Circuit, at: number): Session | undefined {
    const session = this.#match(this.#attemptOf(circuit, at))
    return session && at >= session.firstAt - CLOCK_SKEW_MS ? session : undefined
  }

  #attemptOf(circuit: Circuit, at: number): Attempt {
    const { incoming, outgoing, incomingMsat, outgoingMsat } = circuit
    return {
      at,
      outgoingMsat,
      feeMsat: Math.max(0, incomingMsat - outgoingMsat),
      asked: outgoing.serial,
      from: incoming.serial,
      peer: this.#peers.idOf(outgoing),
      fromPeer: this.#peers.idOf(incoming),
    }
  }

  #match({ at, peer, outgoingMsat }: Attempt): Session | undefined {
    const equal = this.#index.equal(peer, outgoingMsat)
    if (equal && at - equal.lastAt <= EQUAL_GAP_MS) return equal
    return this.#index.near(peer, outgoingMsat, at - GAP_MS)
  }

  #start(attempt: Attempt): Session {
    if (this.#open.size >= MAX_OPEN && this.#open.oldest) {
      this.closedEarly++
      this.#retire(this.#open.oldest)
    }
    const session = new Session(this.#nextSerial++, attempt)
    this.#open.add(session)
    if (attempt.outgoingMsat > 0) this.#index.add(session)
    return session
  }

  #join(session: Session, attempt: Attempt): void {
    session.order = this.#nextOrder++
    const forgotten = session.join(attempt)
    if (forgotten !== undefined) this.#index.dropAmount(session, forgotten)
    this.#index.setAmount(session, attempt.outgoingMsat)
    for (const marked of this.#searches.note(
      session,
      attempt.fromPeer,
      attempt.at,
      attempt.outgoingMsat,
    )) {
      this.#touch(marked)
    }
    this.#open.touch(session)
    this.#touch(session)
  }

  #resolved(session: Session, circuit: Circuit): void {
    session.resolve(circuit.key)
    this.#touch(session)
    if (session.isRetired && session.pending.length === 0) this.#close(session)
  }

  // What no attempt can join any more still waits for its own forwards.
  #retire(session: Session): void {
    if (session.pending.length === 0) {
      this.#close(session)
      return
    }
    this.#open.remove(session)
    this.#index.remove(session)
    session.isRetired = true
    this.#touch(session)
    this.#waiting.add(session)
  }

  #close(session: Session): void {
    if (session.isRetired) this.#waiting.remove(session)
    else {
      this.#open.remove(session)
      this.#index.remove(session)
    }
    session.isClosed = true
    this.#touch(session)
    this.#onClosed(session)
  }

  #touch(session: Session): void {
    this.#dirty.add(session.serial)
  }
}
