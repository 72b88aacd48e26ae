import { failureClass } from '../lightning/failure.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Circuit, Outcome } from './circuit.ts'
import { rowsOf } from './demand-columns.ts'
import { DemandLog } from './demand-log.ts'
import type { OwnChannel } from './own-channel.ts'
import { Peers } from './peers.ts'
import { Sessions } from './sessions.ts'

// 300,000 points at 24 bytes are 7 MB: hourly points of 30 days for 400 channels. A channel keeps at
// least 64 of them, so that 10,000 busy channels take twice as much.
const MAX_POINTS = 300_000
const LEAST_POINTS = 64
const MOST_POINTS = 1_024

/**
 * What the estimate of missed fees rests on: attempts grouped into demands, and the balances that
 * they met. Float64 msat, times epoch ms.
 */
export class Demands {
  readonly peers = new Peers()
  readonly log = new DemandLog()
  readonly sessions: Sessions
  readonly #book: ChannelBook
  readonly #byPeer = new Map<number, OwnChannel[]>()
  /** Demands that have ended in this process: sessions of which an attempt was refused. */
  ended = 0

  constructor(book: ChannelBook) {
    this.#book = book
    this.sessions = new Sessions(this.peers, (session) => {
      if (session.classes.length > 0) this.ended++
      for (const row of rowsOf(session)) this.log.append(row)
    })
  }

  /** Takes in what an event decided; without detail only balances are moved and forwards ended. */
  apply(outcome: Outcome, at: number, isDetailed: boolean): void {
    this.sessions.advance(at)
    if (outcome.kind === 'offered') this.#offered(outcome.circuit, outcome.isNew, at, isDetailed)
    else if (outcome.kind === 'settled') this.#settled(outcome.circuit, at, isDetailed)
    else if (outcome.kind === 'failed') this.#failed(outcome.circuit, at)
    else if (outcome.kind === 'refused') this.#refused(outcome, isDetailed)
  }

  /** Lets time pass where no event does: demands end, and what is older than 30 days goes. */
  tick(now: number): void {
    this.sessions.advance(now)
    this.log.prune(now)
  }

  /** A forward of LND's history: it may have served a demand, and moves nothing that was listed. */
  filledIn(circuit: Circuit, at: number): void {
    this.sessions.settled(circuit, at)
  }

  /** A forward was given up. */
  lost(circuit: Circuit, at: number): void {
    this.sessions.lost(circuit)
    this.#giveBack(circuit, at)
  }

  /** A payment of our own went out and settled, where no listing will tell (Float64 msat). */
  paid(own: OwnChannel, msat: number, at: number): void {
    own.balances.move(-msat, msat, at, this.#room)
  }

  /** LND has listed the channels. */
  listed(at: number): void {
    const room = this.#room
    this.group()
    for (const channels of this.#byPeer.values()) {
      for (const { balances, channel } of channels) if (channel) balances.list(channel, at, room)
    }
  }

  /** Sorts the open channels by their peers. */
  group(): void {
    this.#byPeer.clear()
    for (const own of this.#book) {
      if (own.closedAt !== undefined || !own.channel) continue
      const peer = this.peers.idOf(own)
      const channels = this.#byPeer.get(peer)
      if (channels) channels.push(own)
      else this.#byPeer.set(peer, [own])
    }
  }

  /** Our open channels to a peer, as last listed. */
  channelsOf(peer: number): readonly OwnChannel[] {
    return this.#byPeer.get(peer) ?? []
  }

  #offered(circuit: Circuit, isNew: boolean, at: number, isDetailed: boolean): void {
    if (!isNew) return
    circuit.outgoing.balances.move(-circuit.outgoingMsat, 0, at, this.#room)
    circuit.incoming.balances.move(0, -circuit.incomingMsat, at, this.#room)
    if (isDetailed) this.sessions.forwarded(circuit, at)
  }

  #settled(circuit: Circuit, at: number, isDetailed: boolean): void {
    circuit.outgoing.balances.move(0, circuit.outgoingMsat, at, this.#room)
    circuit.incoming.balances.move(circuit.incomingMsat, 0, at, this.#room)
    // Without a demand of its own it is looked for in the others, which is detail.
    if (isDetailed || circuit.session) this.sessions.settled(circuit, at)
  }

  #failed(circuit: Circuit, at: number): void {
    this.#giveBack(circuit, at)
    this.sessions.failed(circuit, at)
  }

  #refused(outcome: Extract<Outcome, { kind: 'refused' }>, isDetailed: boolean): void {
    const { circuit, at } = outcome
    if (circuit) this.#giveBack(circuit, at)
    if (isDetailed) this.sessions.refused(outcome, this.#isLiquidity(outcome))
    else if (circuit) this.sessions.lost(circuit)
  }

  #giveBack(circuit: Circuit, at: number): void {
    circuit.outgoing.balances.move(circuit.outgoingMsat, 0, at, this.#room)
    circuit.incoming.balances.move(0, circuit.incomingMsat, at, this.#room)
  }

  // An HTLC above our own limit is about balance where no channel to that peer could carry it.
  #isLiquidity(refusal: Extract<Outcome, { kind: 'refused' }>): boolean {
    const { failureCode, outgoing, outgoingMsat } = refusal
    const failure = failureClass(failureCode)
    if (failure !== 'HTLC_EXCEEDS_MAX') return failure === 'INSUFFICIENT_BALANCE'
    const spendable = this.channelsOf(this.peers.idOf(outgoing)).map(
      ({ balances }) => balances.spendableMsat ?? Number.POSITIVE_INFINITY,
    )
    return spendable.length > 0 && outgoingMsat > Math.max(...spendable)
  }

  get #room(): number {
    const fair = Math.floor(MAX_POINTS / Math.max(1, this.#book.openCount))
    return Math.min(Math.max(fair, LEAST_POINTS), MOST_POINTS)
  }
}
