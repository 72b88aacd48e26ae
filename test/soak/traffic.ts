import { draw } from '../../src/demo/random.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import type { Scid } from '../../src/lightning/scid.ts'

/** An event without its time, which is when it is sent. */
export type Untimed = Omit<HtlcEvent, 'at'>

const BLANK: Untimed = {
  kind: 'forward',
  role: 'forward',
  incoming: undefined,
  outgoing: undefined,
  incomingHtlcId: 0,
  outgoingHtlcId: 0,
  incomingMsat: 0,
  outgoingMsat: 0,
  wireFailure: 0,
  failureDetail: 0,
  settled: false,
}

// The wire codes and details by which a link of ours refuses what a stranger may try.
const CLASSES = [
  [15, 6], // INSUFFICIENT_BALANCE
  [12, 1], // FEE_INSUFFICIENT
  [15, 5], // HTLC_EXCEEDS_MAX
  [11, 1], // AMOUNT_BELOW_MINIMUM
  [13, 1], // INCORRECT_CLTV_EXPIRY
  [7, 1], // EXPIRY_TOO_SOON
  [18, 3], // LINK_NOT_ELIGIBLE
  [15, 8], // HTLC_ADD_FAILED
  [15, 22], // CIRCULAR_ROUTE
  [15, 1], // TEMPORARY_CHANNEL_FAILURE
] as const
const UNKNOWN_NEXT_PEER = 18

// Each fills something to its cap; the caps are in src/, beside what they bound.
const ROUNDS = 30
const ENDED = 160_000
const FOREIGN_IDS = 140_000
const UNKNOWN_CODES = 40
const STRAYS = 2_000
const IN_FLIGHT = 55_000

/** The channels of the node, all of which are listed. */
export function soakScids(count: number): readonly Scid[] {
  return Array.from({ length: count }, (_, i): Scid => `${800_000 + i}x${i % 3_000}x1`)
}

/** Makes up events of a node with these channels; the same ones in every run. */
export class Traffic {
  readonly #scids: readonly Scid[]
  readonly #open: Untimed[] = []
  #drawn = 0
  #htlcs = 0

  constructor(scids: readonly Scid[]) {
    this.#scids = scids
  }

  /** What fills every memory that strangers can fill: some 950,000 events. */
  *flood(): Generator<Untimed> {
    // Every class on every channel, thrice; and each is a demand of its own.
    for (let round = 0; round < ROUNDS; round++) {
      for (const outgoing of this.#scids) yield this.#refusal(outgoing, ...classOf(round))
    }
    for (let i = 0; i < ENDED; i++) yield* this.#whole()
    for (let i = 0; i < FOREIGN_IDS; i++) {
      yield this.#refusal(`${1_000_000 + i}x7x0`, UNKNOWN_NEXT_PEER, 1)
    }
    // Of a version of LND that is yet to come.
    for (let i = 0; i < UNKNOWN_CODES; i++) yield this.#refusal(this.#scid(), 100 + i, 1)
    // Only a link of ours refuses so: channels that were closed since the last listing.
    for (let i = 0; i < STRAYS; i++) {
      yield this.#refusal(`${700_000 + i}x3x1`, ...classOf(0))
    }
    for (let i = 0; i < IN_FLIGHT; i++) yield this.#offer()
  }

  /** A day like any other: offers, their ends, refusals that are tried again, now and then our own. */
  *life(): Generator<Untimed, never> {
    for (;;) {
      const roll = this.#draw()
      if (roll < 0.41 || this.#open.length === 0) this.#open.push(yield* told(this.#offer()))
      else if (roll < 0.51) yield* this.#retries()
      else if (roll < 0.53) yield this.#own()
      else yield* this.#end(this.#take(), roll < 0.75 ? 'settle' : 'forwardFail')
    }
  }

  *#whole(): Generator<Untimed> {
    const offer = this.#offer()
    yield offer
    yield* this.#end(offer, this.#draw() < 0.5 ? 'settle' : 'forwardFail')
  }

  *#end(offer: Untimed, kind: 'settle' | 'forwardFail'): Generator<Untimed> {
    yield { ...offer, kind }
    const { incoming, incomingHtlcId } = offer
    const settled = kind === 'settle'
    yield { ...BLANK, kind: 'final', role: 'none', incoming, incomingHtlcId, settled }
  }

  /** One payment that tries up to four times, by other channels of ours and for the same amount. */
  *#retries(): Generator<Untimed> {
    const outgoing = this.#scid()
    const first = this.#refusal(outgoing, ...classOf(this.#draw() < 0.8 ? 0 : 1))
    yield first
    for (let tries = this.#draw(); tries > 0.25; tries -= 0.25) {
      yield { ...first, incoming: this.#scid(), incomingHtlcId: this.#htlcs++ }
    }
  }

  #offer(): Untimed {
    const outgoingMsat = this.#amount()
    const incomingMsat = outgoingMsat + 1_000 + Math.floor(outgoingMsat / 4_000)
    const [incomingHtlcId, outgoingHtlcId] = [this.#htlcs++, this.#htlcs]
    const legs = { incoming: this.#scid(), outgoing: this.#scid(), incomingHtlcId, outgoingHtlcId }
    return { ...BLANK, ...legs, incomingMsat, outgoingMsat }
  }

  #refusal(outgoing: Scid, wireFailure: number, failureDetail: number): Untimed {
    const failure = { kind: 'linkFail' as const, outgoingHtlcId: 0, wireFailure, failureDetail }
    return { ...this.#offer(), outgoing, ...failure }
  }

  #own(): Untimed {
    const outgoing = { outgoing: this.#scid(), outgoingHtlcId: this.#htlcs++ }
    return { ...BLANK, kind: 'settle', role: 'send', ...outgoing }
  }

  #take(): Untimed {
    const index = Math.floor(this.#draw() * this.#open.length)
    const last = this.#open.pop()
    const taken = this.#open[index] ?? last
    if (!taken || !last) throw new Error('nothing is in flight')
    if (taken !== last) this.#open[index] = last
    return taken
  }

  #scid(): Scid {
    return this.#scids[Math.floor(this.#draw() * this.#scids.length)] ?? '1x1x1'
  }

  /** From 1 to a million sat, small ones more often; hardly ever the same twice. */
  #amount(): number {
    return Math.floor(1_000 * 10 ** (6 * this.#draw()))
  }

  #draw(): number {
    return draw(1, this.#drawn++)
  }
}

function classOf(round: number): readonly [wireFailure: number, failureDetail: number] {
  return CLASSES[round % CLASSES.length] ?? CLASSES[0]
}

/** Says an event and returns it. */
function* told(event: Untimed): Generator<Untimed, Untimed> {
  yield event
  return event
}
