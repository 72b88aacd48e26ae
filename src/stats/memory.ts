import type { Channel, ChannelPolicies } from '../lightning/channel.ts'
import { failureClass, isKnownFailure, isOfOtherPolicy } from '../lightning/failure.ts'
import type { HtlcEvent, HtlcEventKind, SettledForward } from '../lightning/htlc.ts'
import {
  Account,
  INCOMING,
  NODE,
  NODE_CELLS,
  type NodeCell,
  OUTGOING,
  REFUSAL,
  REFUSAL_WIDTH,
  refusalGroup,
  SETTLE_BOUNDS_MS,
  SIDE,
  SIDE_WIDTH,
  type Side,
} from './account.ts'
import { ChannelBook } from './channel-book.ts'
import type { Circuit, Outcome } from './circuit.ts'
import { Circuits } from './circuits.ts'
import { Coverage, type Gap, OVERLAP_MS } from './coverage.ts'
import { Demands } from './demands.ts'
import { Forecasts } from './forecasts.ts'
import { Ledger } from './ledger.ts'
import type { OwnChannel } from './own-channel.ts'

export type MemoryLimits = { maxChannels: number; retentionDays: number }

/** The place of the node's own account, beside those of channels. */
export const NODE_INDEX = -1

// Beyond this many events in one second detail (demands, the last refusals of a channel, settle times)
// is shed; counters stay exact. Detail takes 9 µs an event where reading and counting take 8 (`npm run
// bench`), five times as much on a Raspberry Pi 4: 5,000 a second are a quarter of one of its cores.
// The busiest nodes have some hundreds a second.
const DETAIL_PER_SECOND = 5_000
const MAX_UNKNOWN_NAMES = 20
// An HTLC that settled this long before the stream came up may still be told of by it.
const RECENT_MS = 60 * 60_000

/** Told of every outcome; `at` is when it counts (epoch ms). */
export type OutcomeListener = (outcome: Outcome, at: number) => void

type Refusal = Extract<Outcome, { kind: 'refused' }>

/**
 * What we remember: joins each HTLC's events and counts what they decide, per channel and for the
 * node, over sliding windows. Pure: time comes in with every call, documents go out to be saved
 * (memory-documents.ts) and questions are answered by memory-views.ts.
 */
export class Memory {
  readonly node = new Account('node', NODE_INDEX)
  readonly book: ChannelBook
  readonly circuits: Circuits
  readonly ledger: Ledger
  readonly coverage = new Coverage()
  readonly demands: Demands
  readonly forecasts = new Forecasts()
  readonly unknowns = new Map<string, number>()
  listeningSince: number | undefined
  lastEventAt: number | undefined
  /** Whether anything but counters changed since it was last saved. */
  isDirty = true
  readonly #side = new Float64Array(SIDE_WIDTH)
  readonly #refusal = new Float64Array(REFUSAL_WIDTH)
  readonly #nodeDelta = new Float64Array(NODE_CELLS.length)
  readonly #listeners: OutcomeListener[] = []
  #isWatched = false
  /** Events taken in by this process, in all and by kind. */
  eventCount = 0
  readonly eventsByKind = {
    forward: 0,
    forwardFail: 0,
    settle: 0,
    linkFail: 0,
    subscribed: 0,
    final: 0,
    unknown: 0,
  } satisfies Record<HtlcEventKind, number>
  #lastAt = 0
  #second = 0
  #inSecond = 0

  constructor(limits: MemoryLimits, now: number) {
    this.ledger = new Ledger(now, limits.retentionDays)
    this.ledger.open(this.node)
    this.book = new ChannelBook(limits.maxChannels, {
      opened: (own) => this.ledger.open(own.account),
      removed: (own) => this.#remove(own),
    })
    this.demands = new Demands(this.book)
    this.circuits = new Circuits(this.book, (circuit) => this.demands.lost(circuit, this.#lastAt))
  }

  /** Has a listener told of what each event decides, from now on. */
  listen(listener: OutcomeListener): void {
    this.#listeners.push(listener)
  }

  /** Takes in one event of LND's stream. Windows go by LND's own timestamp. */
  record(event: HtlcEvent, now: number): void {
    if (event.kind === 'subscribed') return
    // A clock of LND's that runs ahead must not close buckets early.
    const at = event.at > 0 && event.at < now ? event.at : now
    this.eventCount++
    this.eventsByKind[event.kind]++
    if (this.#isWatched) this.#noteSleep(now)
    this.ledger.advance(now)
    this.lastEventAt = at
    this.coverage.seen(at)
    const isDetailed = this.#hasRoomForDetail(now)
    this.#nodeDelta.fill(0)
    this.#count('events')
    if (!isDetailed) this.#count('shed')
    this.#lastAt = at
    const outcome = this.circuits.join(event, at)
    this.#apply(outcome, event, at, isDetailed)
    this.demands.apply(outcome, at, isDetailed)
    this.ledger.post(this.node, NODE, this.#nodeDelta, at)
    for (const listener of this.#listeners) listener(outcome, at)
  }

  /** The event stream is up (LND said so) or no longer. */
  streamUp(at: number): void {
    this.listeningSince ??= at
    this.coverage.up(at)
    this.forecasts.interrupted()
    this.isDirty = true
  }

  streamDown(at: number): void {
    if (this.#isWatched && this.coverage.hasSlept(at)) this.coverage.sleep()
    this.coverage.down(at)
    this.isDirty = true
  }

  /** Notes that the stream is up and quiet. Once begun it must come every half minute or so. */
  heartbeat(now: number): void {
    this.#noteSleep(now)
    this.#isWatched = true
    this.coverage.seen(now)
    this.coverage.prune(now)
    this.demands.tick(now)
    this.isDirty = true
  }

  /** Takes over LND's list of channels; the first after the stream came up seeds what is in flight. */
  updateChannels(channels: readonly Channel[], now: number): void {
    this.book.update(channels, now)
    this.circuits.seed(this.book)
    if (this.coverage.isUp) this.circuits.inFlight.reconcile(this.book)
    this.demands.listed(now)
    if (this.coverage.isUp) for (const channel of channels) this.forecasts.listed(channel, now)
    this.forecasts.prune(now)
  }

  updatePolicies(policies: readonly ChannelPolicies[], now: number): void {
    this.book.updatePolicies(policies, now)
  }

  /**
   * Takes in a page of LND's ForwardingHistory, read to fill a gap, oldest first. What the stream
   * told, or an earlier page, is not counted again. Returns how many were news.
   */
  fillIn(gap: Gap, forwards: readonly SettledForward[]): number {
    const before = gap.filledTo
    let news = 0
    for (const forward of forwards) {
      // Without HTLC ids nothing tells what the stream has told already: no overlap then.
      const hasId = forward.incomingHtlcId !== undefined
      const from = hasId ? before : Math.max(before, gap.from)
      const to = hasId ? gap.to + OVERLAP_MS : gap.to
      if (forward.at <= from || forward.at > to) continue
      const circuit = this.circuits.fillIn(forward, forward.at > gap.to - RECENT_MS)
      if (circuit) this.#settle(circuit, forward.at, false)
      if (circuit) this.demands.filledIn(circuit, forward.at)
      if (circuit) news++
    }
    this.coverage.filled(gap, forwards.at(-1)?.at ?? before)
    this.isDirty = true
    return news
  }

  /** Notes that LND's history holds nothing more for a gap. */
  finishGap(gap: Gap): void {
    this.coverage.filled(gap, gap.to)
    this.isDirty = true
  }

  #noteSleep(now: number): void {
    if (!this.coverage.hasSlept(now)) return
    this.coverage.sleep()
    this.streamUp(now)
  }

  #apply(outcome: Outcome, event: HtlcEvent, at: number, isDetailed: boolean): void {
    if (outcome.kind === 'settled') {
      this.forecasts.settled(outcome.circuit, at)
      this.#settle(outcome.circuit, at, isDetailed)
    } else if (outcome.kind === 'failed') this.#fail(outcome.circuit, at)
    else if (outcome.kind === 'own') this.#count(outcome.what)
    else if (outcome.kind === 'refused') {
      this.#noteUnknownFailure(event)
      this.#refuse(outcome, isDetailed)
    } else if (outcome.kind === 'dropped') {
      if (outcome.reason === 'unknown') this.#noteUnknown(`${event.role} ${event.kind}`)
      this.#count(outcome.reason)
    }
  }

  #settle(circuit: Circuit, at: number, isDetailed: boolean): void {
    const side = this.#side.fill(0)
    side[SIDE.settled] = 1
    side[SIDE.volume] = circuit.outgoingMsat
    side[SIDE.earned] = circuit.incomingMsat - circuit.outgoingMsat
    if (isDetailed && circuit.offeredAt !== undefined) {
      side[SIDE.settleTimes + settleClass(at - circuit.offeredAt)] = 1
    }
    this.#postForward(circuit, side, at)
  }

  #fail(circuit: Circuit, at: number): void {
    const side = this.#side.fill(0)
    side[SIDE.failed] = 1
    this.#postForward(circuit, side, at)
  }

  #postForward(circuit: Circuit, side: Float64Array, at: number): void {
    const { incoming, outgoing } = circuit
    if (!outgoing.gone) this.#post(outgoing, OUTGOING, side, at)
    if (!incoming.gone) this.#post(incoming, INCOMING, side, at)
    this.ledger.post(this.node, OUTGOING, side, at)
  }

  #refuse(refusal: Refusal, isDetailed: boolean): void {
    const { incoming, outgoing, incomingMsat, outgoingMsat, failureCode, at } = refusal
    const delta = this.#refusal
    delta[REFUSAL.attempts] = 1
    // A stranger may ask to forward more than he brings: that is no offer, let alone a debt.
    const offeredMsat = Math.max(0, incomingMsat - outgoingMsat)
    delta[REFUSAL.offered] = offeredMsat
    delta[REFUSAL.volume] = outgoingMsat
    this.#post(outgoing, refusalGroup(failureCode, OUTGOING), delta, at)
    this.#post(incoming, refusalGroup(failureCode, INCOMING), delta, at)
    this.ledger.post(this.node, refusalGroup(failureCode, OUTGOING), delta, at)
    if (isOfOtherPolicy(failureClass(failureCode))) outgoing.isPolicyDoubted = true
    if (!isDetailed) return
    outgoing.remember({
      at,
      incoming: incoming.scid,
      failure: failureClass(failureCode),
      outgoingMsat,
      offeredMsat,
    })
  }

  #post(own: OwnChannel, group: Side | number, delta: ArrayLike<number>, at: number): void {
    this.book.touch(own, at)
    this.ledger.post(own.account, group, delta, at)
  }

  #count(cell: NodeCell): void {
    this.#nodeDelta[NODE_CELLS.indexOf(cell)] = 1
  }

  #noteUnknownFailure(event: HtlcEvent): void {
    if (isKnownFailure(event.wireFailure, event.failureDetail)) return
    this.#noteUnknown(`wire ${event.wireFailure}, detail ${event.failureDetail}`)
    this.#count('unknown')
  }

  #noteUnknown(name: string): void {
    const count = this.unknowns.get(name)
    if (count === undefined && this.unknowns.size >= MAX_UNKNOWN_NAMES) return
    this.unknowns.set(name, (count ?? 0) + 1)
    this.isDirty = true
  }

  #hasRoomForDetail(now: number): boolean {
    const second = Math.floor(now / 1000)
    if (second !== this.#second) this.#inSecond = 0
    this.#second = second
    return ++this.#inSecond <= DETAIL_PER_SECOND
  }

  #remove(own: OwnChannel): void {
    this.circuits.inFlight.forget(own)
    this.ledger.close(own.account)
  }
}

function settleClass(ms: number): number {
  const index = SETTLE_BOUNDS_MS.findIndex((bound) => ms <= bound)
  return index < 0 ? SETTLE_BOUNDS_MS.length : index
}
