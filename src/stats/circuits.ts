import { failureClass, failureCode, provesOwnChannel } from '../lightning/failure.ts'
import type { HtlcEvent, PendingHtlc, SettledForward } from '../lightning/htlc.ts'
import type { Scid } from '../lightning/scid.ts'
import type { ChannelBook } from './channel-book.ts'
import type { OwnChannel } from './own-channel.ts'
import { RecentKeys } from './recent-keys.ts'
import type { Session } from './session.ts'
import type { Dropped } from './views.ts'

/** A forward that is on its way: offered to the outgoing peer and not yet resolved. */
export type Circuit = {
  key: number
  incoming: OwnChannel
  outgoing: OwnChannel
  /** Float64 msat. */
  incomingMsat: number
  outgoingMsat: number
  /** Epoch ms when it was offered; undefined when it was so before we listened. */
  offeredAt: number | undefined
  /** How many channel listings in a row no longer held it. */
  missed: number
  /** The demand that it is an attempt of, where its beginning was heard. */
  session: Session | undefined
}

/** What an event decided. Amounts are Float64 msat, times epoch ms. */
export type Outcome =
  | { kind: 'offered'; circuit: Circuit; isNew: boolean }
  | { kind: 'settled'; circuit: Circuit; at: number }
  | { kind: 'failed'; circuit: Circuit; at: number }
  | {
      kind: 'refused'
      incoming: OwnChannel
      outgoing: OwnChannel
      incomingMsat: number
      outgoingMsat: number
      failureCode: number
      at: number
      /** The forward that it had been before it was refused. */
      circuit: Circuit | undefined
    }
  | { kind: 'sentOff' }
  | { kind: 'own'; what: 'sent' | 'sendFailed' | 'received' | 'receiveRefused' }
  | { kind: 'dropped'; reason: keyof Dropped }

// HTLC ids are counters of one channel: at one a millisecond 2^32 of them take 49 days without a
// pause on a single channel; LND has never been seen near it. Larger ones are dropped as unknown.
const MAX_HTLC_ID = 2 ** 32
// 50,000 HTLCs in flight (the protocol allows 966 on each channel; a large node holds hundreds) at
// about 160 bytes are 8 MB.
const MAX_IN_FLIGHT = 50_000
// How far LND's clock and ours may differ.
const CLOCK_SKEW_MS = 5_000
// SEND keys share the set of ended keys with incoming ones; negative numbers keep them apart.
const SEND = -1

const HTLC_ADD_FAILED = 8

const dropped = (reason: keyof Dropped): Outcome => ({ kind: 'dropped', reason })
const SENT_OFF: Outcome = { kind: 'sentOff' }
const FINALS = dropped('finals')
const REPLAYS = dropped('replays')
const UNMATCHED = dropped('unmatched')
const FOREIGN = dropped('foreign')
const UNKNOWN = dropped('unknown')

/**
 * Joins the events of each HTLC. The key is the incoming channel and HTLC id, which LND never gives
 * twice (the outgoing pair is given again after a restart; it keys our own payments alone). The
 * first event that ends an HTLC decides it; keys of ended ones are remembered, so that what LND
 * replays after a restart is dropped.
 */
export class Circuits {
  readonly #book: ChannelBook
  readonly #onLost: (circuit: Circuit) => void
  readonly #inFlight = new Map<number, Circuit>()
  readonly #sends = new Set<number>()
  readonly ended = new RecentKeys()
  readonly #dirty = new Set<number>()
  /** HTLCs given up: LND no longer held them, or the cap was reached. */
  lost = 0

  /** `onLost` hears of each HTLC that is given up. */
  constructor(book: ChannelBook, onLost: (circuit: Circuit) => void) {
    this.#book = book
    this.#onLost = onLost
  }

  get size(): number {
    return this.#inFlight.size
  }

  /** Takes in one event and says what it decided. `at` is when it counts (epoch ms). */
  join(event: HtlcEvent, at: number): Outcome {
    if (event.kind === 'final') return this.#final(event, at)
    if (event.kind === 'unknown' || event.role === 'unknown' || event.role === 'none')
      return UNKNOWN
    if (event.role === 'send') return this.#send(event)
    if (event.incoming === undefined || event.incomingHtlcId >= MAX_HTLC_ID) return UNKNOWN
    const incoming = this.#book.own(event.incoming)
    const key = circuitKey(incoming, event.incomingHtlcId)
    if (this.ended.has(key)) return REPLAYS
    if (event.role === 'receive') return this.#receive(event, incoming, key, at)
    return this.#forward(event, incoming, key, at)
  }

  /** Adds the forwards that a listing shows on their way and that no event has told of. */
  seed(channels: Iterable<OwnChannel>): void {
    for (const own of channels) {
      if (own.closedAt !== undefined) continue
      for (const htlc of own.channel?.pendingHtlcs ?? []) this.#seedOne(own, htlc)
    }
  }

  /**
   * Gives up what two listings in a row, taken while the stream was up, no longer hold: its end was
   * never told (LND's events are best effort). Call with a listing of all channels.
   */
  reconcile(channels: Iterable<OwnChannel>): void {
    const held = new Set<number>()
    for (const own of channels) {
      for (const htlc of own.channel?.pendingHtlcs ?? []) {
        if (htlc.incoming) held.add(circuitKey(own, htlc.htlcId))
      }
    }
    for (const circuit of [...this.#inFlight.values()]) {
      // Of a channel that is being closed the final event tells, once the chain has decided.
      const isListed = circuit.incoming.closedAt === undefined
      circuit.missed = held.has(circuit.key) || !isListed ? 0 : circuit.missed + 1
      if (circuit.missed >= 2) this.#lose(circuit)
    }
  }

  /**
   * Takes in a settled forward of LND's history, and returns its circuit if it is news. With an HTLC
   * id it is compared with all that ended; without one (LND before 0.20) with what is in flight.
   */
  fillIn(forward: SettledForward, isRecent: boolean): Circuit | undefined {
    const incoming = this.#book.own(forward.incoming)
    const key = this.#keyOfHistory(forward, incoming)
    if (key !== undefined && this.ended.has(key)) return undefined
    const known = key === undefined ? undefined : this.#inFlight.get(key)
    if (known) this.#take(known)
    if (key !== undefined && (isRecent || known)) this.ended.add(key)
    return {
      key: key ?? SEND,
      incoming,
      outgoing: this.#book.own(forward.outgoing),
      incomingMsat: Number(forward.incomingMsat),
      outgoingMsat: Number(forward.outgoingMsat),
      offeredAt: known?.offeredAt,
      missed: 0,
      session: known?.session,
    }
  }

  /** The keys of our own payments on their way, to be saved and put back. */
  get sends(): Set<number> {
    return this.#sends
  }

  /** The forward on its way under a key, if any. */
  get(key: number): Circuit | undefined {
    return this.#inFlight.get(key)
  }

  /** All forwards on their way. */
  *inFlight(): Generator<Circuit> {
    yield* this.#inFlight.values()
  }

  /** Returns the places of incoming channels whose forwards on their way changed since last asked. */
  takeDirty(): number[] {
    const places = [...this.#dirty]
    this.#dirty.clear()
    return places
  }

  /** Puts a saved circuit back. */
  restore(circuit: Circuit): void {
    this.#put(circuit)
  }

  /** Forgets what is in flight over a channel that leaves the book. */
  forget(own: OwnChannel): void {
    if (own.pendingIncoming + own.pendingOutgoing === 0) return
    for (const circuit of [...this.#inFlight.values()]) {
      if (circuit.incoming === own || circuit.outgoing === own) this.#lose(circuit)
    }
  }

  #forward(event: HtlcEvent, incoming: OwnChannel, key: number, at: number): Outcome {
    switch (event.kind) {
      case 'forward':
        return this.#offer(event, incoming, key, at)
      case 'settle':
      case 'forwardFail':
        return this.#resolve(key, event.kind === 'settle' ? 'settled' : 'failed', at)
      case 'linkFail':
        return this.#refuse(event, incoming, key, at)
      default:
        return UNKNOWN
    }
  }

  #offer(event: HtlcEvent, incoming: OwnChannel, key: number, at: number): Outcome {
    if (event.outgoing === undefined) return UNKNOWN
    const { incomingMsat, outgoingMsat } = event
    const outgoing = this.#book.own(event.outgoing)
    const before = this.#inFlight.get(key)
    if (before) this.#take(before)
    const circuit: Circuit = {
      key,
      incoming,
      outgoing,
      incomingMsat,
      outgoingMsat,
      offeredAt: before?.offeredAt ?? at,
      missed: 0,
      session: before?.session,
    }
    this.#put(circuit)
    return { kind: 'offered', circuit, isNew: before === undefined }
  }

  #resolve(key: number, kind: 'settled' | 'failed', at: number): Outcome {
    const circuit = this.#inFlight.get(key)
    this.ended.add(key)
    if (!circuit) return UNMATCHED
    this.#take(circuit)
    return { kind, circuit, at }
  }

  // A refusal may follow a forward_event of the same HTLC (HTLC_ADD_FAILED, INCOMPLETE_FORWARD): it
  // was never on a signed commitment, so it counts as refused, with the amounts of the forward.
  #refuse(event: HtlcEvent, incoming: OwnChannel, key: number, at: number): Outcome {
    const circuit = this.#inFlight.get(key)
    if (circuit) this.#take(circuit)
    this.ended.add(key)
    const code = failureCode(event.wireFailure, event.failureDetail)
    const outgoing = this.#askedFor(event.outgoing, code) ?? this.#usedBefore(event, circuit)
    if (!outgoing) return FOREIGN
    return {
      kind: 'refused',
      incoming,
      outgoing,
      incomingMsat: event.incomingMsat || (circuit?.incomingMsat ?? 0),
      outgoingMsat: event.outgoingMsat || (circuit?.outgoingMsat ?? 0),
      failureCode: code,
      at,
      circuit,
    }
  }

  #askedFor(scid: Scid | undefined, code: number): OwnChannel | undefined {
    if (scid === undefined) return undefined
    const known = this.#book.get(scid)
    return known ?? (provesOwnChannel(failureClass(code)) ? this.#book.own(scid) : undefined)
  }

  #usedBefore(event: HtlcEvent, circuit: Circuit | undefined): OwnChannel | undefined {
    return event.outgoing === undefined ? circuit?.outgoing : undefined
  }

  #receive(event: HtlcEvent, incoming: OwnChannel, key: number, at: number): Outcome {
    // LND before 0.20.3 / 0.21.2 labels a refusal of its own mailbox so, without outgoing channel.
    if (event.kind === 'linkFail' && event.failureDetail === HTLC_ADD_FAILED) {
      return this.#refuse(event, incoming, key, at)
    }
    if (event.kind !== 'settle' && event.kind !== 'linkFail') return UNKNOWN
    this.ended.add(key)
    return { kind: 'own', what: event.kind === 'settle' ? 'received' : 'receiveRefused' }
  }

  #send(event: HtlcEvent): Outcome {
    if (event.outgoing === undefined || event.outgoingHtlcId >= MAX_HTLC_ID) return UNKNOWN
    const key = sendKeyOf(this.#book.own(event.outgoing), event.outgoingHtlcId)
    switch (event.kind) {
      case 'forward':
        this.ended.delete(key)
        if (this.#sends.size >= MAX_IN_FLIGHT) this.#loseSends()
        this.#sends.add(key)
        return SENT_OFF
      case 'linkFail':
        return { kind: 'own', what: 'sendFailed' }
      case 'settle':
      case 'forwardFail':
        return this.#resolveSend(key, event.kind === 'settle' ? 'sent' : 'sendFailed')
      default:
        return UNKNOWN
    }
  }

  #loseSends(): void {
    this.lost += this.#sends.size
    this.#sends.clear()
  }

  #resolveSend(key: number, what: 'sent' | 'sendFailed'): Outcome {
    if (this.ended.has(key)) return REPLAYS
    this.ended.add(key)
    return this.#sends.delete(key) ? { kind: 'own', what } : UNMATCHED
  }

  // A final event decides an HTLC whose settle or fail never came (its incoming channel went on
  // chain); after another end it says nothing new.
  #final(event: HtlcEvent, at: number): Outcome {
    if (event.incoming === undefined || event.incomingHtlcId >= MAX_HTLC_ID) return FINALS
    const incoming = this.#book.own(event.incoming)
    const key = circuitKey(incoming, event.incomingHtlcId)
    if (!this.#inFlight.has(key)) return FINALS
    return this.#resolve(key, event.settled ? 'settled' : 'failed', at)
  }

  #seedOne(incoming: OwnChannel, htlc: PendingHtlc): void {
    if (!htlc.incoming || !htlc.forwarding || htlc.htlcId >= MAX_HTLC_ID) return
    const key = circuitKey(incoming, htlc.htlcId)
    if (this.#inFlight.has(key) || this.ended.has(key)) return
    const outgoing = this.#book.get(htlc.forwarding.scid)
    if (!outgoing) return
    const leg = outgoing.channel?.pendingHtlcs.find(
      (other) => !other.incoming && other.htlcId === htlc.forwarding?.htlcId,
    )
    this.#put({
      key,
      incoming,
      outgoing,
      incomingMsat: Number(htlc.amountMsat),
      outgoingMsat: Number(leg?.amountMsat ?? htlc.amountMsat),
      offeredAt: undefined,
      missed: 0,
      session: undefined,
    })
  }

  #keyOfHistory(forward: SettledForward, incoming: OwnChannel): number | undefined {
    if (forward.incomingHtlcId !== undefined) return circuitKey(incoming, forward.incomingHtlcId)
    for (const circuit of this.#inFlight.values()) {
      const isSame =
        circuit.incoming === incoming &&
        circuit.outgoing === this.#book.get(forward.outgoing) &&
        circuit.incomingMsat === Number(forward.incomingMsat) &&
        circuit.outgoingMsat === Number(forward.outgoingMsat)
      // An equal one of long ago is another payment. Of a seeded one nothing tells since when.
      if (isSame && forward.at >= (circuit.offeredAt ?? Infinity) - CLOCK_SKEW_MS)
        return circuit.key
    }
    return undefined
  }

  #put(circuit: Circuit): void {
    if (this.#inFlight.size >= MAX_IN_FLIGHT) this.#shrink()
    this.#inFlight.set(circuit.key, circuit)
    this.#dirty.add(circuit.incoming.index)
    circuit.incoming.pendingIncoming++
    circuit.outgoing.pendingOutgoing++
  }

  #take(circuit: Circuit): void {
    this.#inFlight.delete(circuit.key)
    this.#dirty.add(circuit.incoming.index)
    circuit.incoming.pendingIncoming--
    circuit.outgoing.pendingOutgoing--
  }

  #lose(circuit: Circuit): void {
    this.#take(circuit)
    this.lost++
    this.#onLost(circuit)
  }

  // A tenth at a time, the oldest first, so that the walk past deleted entries of the Map is paid
  // for by 5,000 insertions.
  #shrink(): void {
    let excess = MAX_IN_FLIGHT / 10
    for (const circuit of this.#inFlight.values()) {
      if (excess-- <= 0) return
      this.#lose(circuit)
    }
  }
}

/** Returns the key of a forward: its incoming channel and HTLC id. */
export function circuitKey(incoming: OwnChannel, htlcId: number): number {
  return incoming.serial * MAX_HTLC_ID + htlcId
}

function sendKeyOf(outgoing: OwnChannel, htlcId: number): number {
  return SEND * (outgoing.serial * MAX_HTLC_ID + htlcId)
}
