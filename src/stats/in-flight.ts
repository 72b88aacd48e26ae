import type { SettledForward } from '../lightning/htlc.ts'
import { type Circuit, circuitKey } from './circuit.ts'
import type { OwnChannel } from './own-channel.ts'

// 50,000 HTLCs in flight (the protocol allows 966 on each channel; a large node holds hundreds) at
// about 160 bytes are 8 MB.
export const MAX_IN_FLIGHT = 50_000
// How far LND's clock and ours may differ.
const CLOCK_SKEW_MS = 5_000

/** The forwards on their way, by key, oldest first; and what changed of them since it was saved. */
export class InFlight {
  readonly #onLost: (circuit: Circuit) => void
  readonly #circuits = new Map<number, Circuit>()
  readonly #dirty = new Set<number>()
  /** Forwards given up: LND no longer held them, or the cap was reached. */
  lost = 0

  /** `onLost` hears of each that is given up. */
  constructor(onLost: (circuit: Circuit) => void) {
    this.#onLost = onLost
  }

  get size(): number {
    return this.#circuits.size
  }

  has(key: number): boolean {
    return this.#circuits.has(key)
  }

  get(key: number): Circuit | undefined {
    return this.#circuits.get(key)
  }

  *[Symbol.iterator](): Generator<Circuit> {
    yield* this.#circuits.values()
  }

  put(circuit: Circuit): void {
    if (this.#circuits.size >= MAX_IN_FLIGHT) this.#shrink()
    this.#circuits.set(circuit.key, circuit)
    this.#dirty.add(circuit.incoming.index)
    circuit.incoming.pendingIncoming++
    circuit.outgoing.pendingOutgoing++
  }

  /** Takes one out that has ended, and returns it. */
  take(key: number): Circuit | undefined {
    const circuit = this.#circuits.get(key)
    if (circuit) this.#remove(circuit)
    return circuit
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
    for (const circuit of [...this.#circuits.values()]) {
      // Of a channel that is being closed the final event tells, once the chain has decided.
      const isListed = circuit.incoming.closedAt === undefined
      circuit.missed = held.has(circuit.key) || !isListed ? 0 : circuit.missed + 1
      if (circuit.missed >= 2) this.#lose(circuit)
    }
  }

  /** Gives up what is on its way over a channel that leaves the book. */
  forget(own: OwnChannel): void {
    if (own.pendingIncoming + own.pendingOutgoing === 0) return
    for (const circuit of [...this.#circuits.values()]) {
      if (circuit.incoming === own || circuit.outgoing === own) this.#lose(circuit)
    }
  }

  /** Returns the key of the one that a forward of LND's history, which has no id, may be. */
  keyLike(
    forward: SettledForward,
    incoming: OwnChannel,
    outgoing: OwnChannel | undefined,
  ): number | undefined {
    for (const circuit of this.#circuits.values()) {
      const isSame =
        circuit.incoming === incoming &&
        circuit.outgoing === outgoing &&
        circuit.incomingMsat === Number(forward.incomingMsat) &&
        circuit.outgoingMsat === Number(forward.outgoingMsat)
      // An equal one of long ago is another payment. Of a seeded one nothing tells since when.
      if (isSame && forward.at >= (circuit.offeredAt ?? Infinity) - CLOCK_SKEW_MS)
        return circuit.key
    }
    return undefined
  }

  /** Returns the places of incoming channels whose forwards changed since last asked. */
  takeDirty(): number[] {
    const places = [...this.#dirty]
    this.#dirty.clear()
    return places
  }

  #remove(circuit: Circuit): void {
    this.#circuits.delete(circuit.key)
    this.#dirty.add(circuit.incoming.index)
    circuit.incoming.pendingIncoming--
    circuit.outgoing.pendingOutgoing--
  }

  #lose(circuit: Circuit): void {
    this.#remove(circuit)
    this.lost++
    this.#onLost(circuit)
  }

  // A tenth at a time, the oldest first, so that the walk past deleted entries of the Map is paid
  // for by 5,000 insertions.
  #shrink(): void {
    let excess = MAX_IN_FLIGHT / 10
    for (const circuit of this.#circuits.values()) {
      if (excess-- <= 0) return
      this.#lose(circuit)
    }
  }
}
