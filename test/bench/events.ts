import protobuf from 'protobufjs'
import { chanIdFromScid, type Scid } from '../../src/lightning/scid.ts'

/** The channels of the bench's node, in the order of their ids. */
export function benchScids(count: number): readonly Scid[] {
  return Array.from({ length: count }, (_, index): Scid => `${800_000 + index}x${index % 3_000}x1`)
}

// Wire numbers of `routerrpc.HtlcEvent` and its parts, written by hand to be independent of proto/.
const FIELD = { incoming: 1, outgoing: 2, incomingHtlc: 3, outgoingHtlc: 4, timestamp: 5, type: 6 }
const KIND = { forward: 7, forwardFail: 8, settle: 9, linkFail: 10, subscribed: 11, final: 12 }
const FORWARD_TYPE = 3
const TEMPORARY_CHANNEL_FAILURE = 15
const FEE_INSUFFICIENT = 12
const NO_DETAIL = 1
const INSUFFICIENT_BALANCE = 6

// What happens at each step, in per cent: a forward is offered, a link refuses, or one of the
// forwards in flight ends. Two in a hundred stay in flight. Each end is followed by its final event,
// so that finals are 37 % of all, as on a node that stores final resolutions.
const FORWARD_BELOW = 41
const LINK_FAIL_BELOW = 61
const FORWARD_FAIL_BELOW = 75

// One refusal in ten carries a text of a thousand characters, the most that real ones have; the others a short one.
const LONG_TEXT = `unable to forward: ${'the link has too little on its side for it; '.repeat(22)}`
const SHORT_TEXT = 'insufficient bandwidth to route htlc'
const LONG_EVERY = 10

type Leg = { scid: Scid; htlcId: number }
type Flight = { incoming: Leg; outgoing: Leg }

/**
 * Returns `count` encoded HtlcEvents of a node with that many channels, one protobuf message each:
 * forwards, their ends, refusals and finals in the proportions of a routing node, every end
 * belonging to an earlier forward. Deterministic; about 96 bytes a message.
 */
export function encodeEvents(channels: number, count: number, startAt: number): Uint8Array[] {
  const node = new BenchNode(benchScids(channels), startAt)
  const events = [node.subscribed()]
  while (events.length < count) events.push(...node.step())
  return events.slice(0, count)
}

class BenchNode {
  readonly #scids: readonly Scid[]
  readonly #nextHtlc = new Map<Scid, number>()
  readonly #inFlight: Flight[] = []
  #seed = 1
  #refusals = 0
  #at: bigint

  constructor(scids: readonly Scid[], startAt: number) {
    this.#scids = scids
    this.#at = BigInt(startAt) * 1_000_000n
  }

  subscribed(): Uint8Array {
    return protobuf.Writer.create().uint32(tag(KIND.subscribed, 2)).bytes(new Uint8Array()).finish()
  }

  step(): Uint8Array[] {
    const roll = this.#draw(100)
    if (roll < FORWARD_BELOW || this.#inFlight.length === 0) return [this.#forward()]
    if (roll < LINK_FAIL_BELOW) return this.#refuse()
    const flight = this.#land()
    if (roll < FORWARD_FAIL_BELOW)
      return [this.#event(flight, KIND.forwardFail), this.#final(flight, 0)]
    return [this.#settle(flight), this.#final(flight, 1)]
  }

  #forward(): Uint8Array {
    const flight = { incoming: this.#leg(), outgoing: this.#leg() }
    this.#inFlight.push(flight)
    return this.#event(flight, KIND.forward, (body) => this.#info(body))
  }

  #refuse(): Uint8Array[] {
    const flight = { incoming: this.#leg(), outgoing: this.#leg(0) }
    const isShort = this.#refusals++ % LONG_EVERY !== 0
    const isLiquidity = this.#draw(10) < 8
    const refusal = this.#event(flight, KIND.linkFail, (body) => {
      this.#info(body)
      body.uint32(tag(2, 0)).int32(isLiquidity ? TEMPORARY_CHANNEL_FAILURE : FEE_INSUFFICIENT)
      body.uint32(tag(3, 0)).int32(isLiquidity ? INSUFFICIENT_BALANCE : NO_DETAIL)
      body.uint32(tag(4, 2)).string(isShort ? SHORT_TEXT : LONG_TEXT)
    })
    return [refusal, this.#final(flight, 0)]
  }

  #settle(flight: Flight): Uint8Array {
    const preimage = new Uint8Array(32).fill(this.#draw(256))
    return this.#event(flight, KIND.settle, (body) => body.uint32(tag(1, 2)).bytes(preimage))
  }

  #final({ incoming }: Flight, settled: number): Uint8Array {
    const writer = protobuf.Writer.create()
    writer.uint32(tag(FIELD.incoming, 0)).uint64(long(incoming.scid))
    writer.uint32(tag(FIELD.incomingHtlc, 0)).uint64(incoming.htlcId)
    writer.uint32(tag(FIELD.timestamp, 0)).uint64(String(this.#tick()))
    writer.uint32(tag(KIND.final, 2)).fork()
    if (settled) writer.uint32(tag(1, 0)).bool(true)
    return writer.uint32(tag(2, 0)).bool(true).ldelim().finish()
  }

  #event(
    { incoming, outgoing }: Flight,
    kind: number,
    write: (body: protobuf.Writer) => void = () => undefined,
  ): Uint8Array {
    const writer = protobuf.Writer.create()
    writer.uint32(tag(FIELD.incoming, 0)).uint64(long(incoming.scid))
    writer.uint32(tag(FIELD.outgoing, 0)).uint64(long(outgoing.scid))
    writer.uint32(tag(FIELD.incomingHtlc, 0)).uint64(incoming.htlcId)
    if (outgoing.htlcId) writer.uint32(tag(FIELD.outgoingHtlc, 0)).uint64(outgoing.htlcId)
    writer.uint32(tag(FIELD.timestamp, 0)).uint64(String(this.#tick()))
    writer.uint32(tag(FIELD.type, 0)).int32(FORWARD_TYPE)
    write(writer.uint32(tag(kind, 2)).fork())
    return writer.ldelim().finish()
  }

  #info(body: protobuf.Writer): void {
    const amountMsat = 1_000_000 + this.#draw(1_000_000_000)
    const feeMsat = 1_000 + Math.floor(amountMsat / 4_000)
    body.uint32(tag(1, 2)).fork()
    body.uint32(tag(1, 0)).uint32(800_200).uint32(tag(2, 0)).uint32(800_120)
    body
      .uint32(tag(3, 0))
      .uint64(amountMsat + feeMsat)
      .uint32(tag(4, 0))
      .uint64(amountMsat)
    body.ldelim()
  }

  #leg(htlcId?: number): Leg {
    const scid = this.#scids[this.#draw(this.#scids.length)] ?? '1x1x1'
    if (htlcId !== undefined) return { scid, htlcId }
    const next = this.#nextHtlc.get(scid) ?? 0
    this.#nextHtlc.set(scid, next + 1)
    return { scid, htlcId: next }
  }

  /** Takes any of the forwards in flight; the last takes its place. */
  #land(): Flight {
    const index = this.#draw(this.#inFlight.length)
    const last = this.#inFlight.pop()
    const flight = index < this.#inFlight.length ? this.#inFlight[index] : last
    if (!flight || !last) throw new Error('nothing is in flight')
    if (flight !== last) this.#inFlight[index] = last
    return flight
  }

  #tick(): bigint {
    this.#at += 1_000n
    return this.#at
  }

  /** A whole number below `below`: xorshift32, the same in every run. */
  #draw(below: number): number {
    this.#seed ^= this.#seed << 13
    this.#seed ^= this.#seed >>> 17
    this.#seed ^= this.#seed << 5
    return (this.#seed >>> 0) % below
  }
}

const tag = (field: number, wireType: number): number => (field << 3) | wireType

// protobufjs takes a uint64 as a decimal text, too.
const long = (scid: Scid): string => String(chanIdFromScid(scid))
