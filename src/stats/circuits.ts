import { failureClass, failureCode, provesOwnChannel } from '../lightning/failure.ts'
import type { HtlcEvent, PendingHtlc, SettledForward } from '../lightning/htlc.ts'
import type { Scid } from '../lightning/scid.ts'
import type { ChannelBook } from './channel-book.ts'
import { type Circuit, circuitKey, dropped, MAX_HTLC_ID, type Outcome } from './circuit.ts'
import { InFlight } from './in-flight.ts'
import type { OwnChannel } from './own-channel.ts'
import { RecentKeys } from './recent-keys.ts'
import { Sends } from './sends.ts'

const HTLC_ADD_FAILED = 8
// The key of a forward of LND's history that has none; no HTLC of ours has it.
const NO_KEY = -1

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
  /** The forwards on their way. */
  readonly inFlight: InFlight
  /** The keys of what has ended. */
  readonly ended = new RecentKeys()
  /** Our own payments on their way. */
  readonly sends = new Sends(this.ended)

  /** `onLost` hears of each forward that is given up. */
  constructor(book: ChannelBook, onLost: (circuit: Circuit) => void) {
    this.#book = book
    this.inFlight = new InFlight(onLost)
  }

  /** HTLCs given up: LND no longer held them, or a cap was reached. */
  get lost(): number {
    return this.inFlight.lost + this.sends.lost
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
   * Takes in a settled forward of LND's history, and returns its circuit if it is news. With an HTLC
   * id it is compared with all that ended; without one (LND before 0.20) with what is in flight.
   */
  fillIn(forward: SettledForward, isRecent: boolean): Circuit | undefined {
    const incoming = this.#book.own(forward.incoming)
    const key = this.#keyOfHistory(forward, incoming)
    if (key !== undefined && this.ended.has(key)) return undefined
    const known = key === undefined ? undefined : this.inFlight.take(key)
    if (key !== undefined && (isRecent || known)) this.ended.add(key)
    return {
      key: key ?? NO_KEY,
      incoming,
      outgoing: this.#book.own(forward.outgoing),
      incomingMsat: Number(forward.incomingMsat),
      outgoingMsat: Number(forward.outgoingMsat),
      offeredAt: known?.offeredAt,
      missed: 0,
      session: known?.session,
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
    const before = this.inFlight.take(key)
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
    this.inFlight.put(circuit)
    return { kind: 'offered', circuit, isNew: before === undefined }
  }

  #resolve(key: number, kind: 'settled' | 'failed', at: number): Outcome {
    const circuit = this.inFlight.take(key)
    this.ended.add(key)
    return circuit ? { kind, circuit, at } : UNMATCHED
  }

  // A refusal may follow a forward_event of the same HTLC (HTLC_ADD_FAILED, INCOMPLETE_FORWARD): it
  // was never on a signed commitment, so it counts as refused, with the amounts of the forward.
  #refuse(event: HtlcEvent, incoming: OwnChannel, key: number, at: number): Outcome {
    const circuit = this.inFlight.take(key)
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
    return this.sends.join(event, this.#book.own(event.outgoing))
  }

  // A final event decides an HTLC whose settle or fail never came (its incoming channel went on
  // chain); after another end it says nothing new.
  #final(event: HtlcEvent, at: number): Outcome {
    if (event.incoming === undefined || event.incomingHtlcId >= MAX_HTLC_ID) return FINALS
    const incoming = this.#book.own(event.incoming)
    const key = circuitKey(incoming, event.incomingHtlcId)
    if (!this.inFlight.has(key)) return FINALS
    return this.#resolve(key, event.settled ? 'settled' : 'failed', at)
  }

  #seedOne(incoming: OwnChannel, htlc: PendingHtlc): void {
    if (!htlc.incoming || !htlc.forwarding || htlc.htlcId >= MAX_HTLC_ID) return
    const key = circuitKey(incoming, htlc.htlcId)
    if (this.inFlight.has(key) || this.ended.has(key)) return
    const outgoing = this.#book.get(htlc.forwarding.scid)
    if (!outgoing) return
    const leg = outgoing.channel?.pendingHtlcs.find(
      (other) => !other.incoming && other.htlcId === htlc.forwarding?.htlcId,
    )
    this.inFlight.put({
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
    return this.inFlight.keyLike(forward, incoming, this.#book.get(forward.outgoing))
  }
}
