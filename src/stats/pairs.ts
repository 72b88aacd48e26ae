import type { SettledForward } from '../lightning/htlc.ts'
import type { Scid } from '../lightning/scid.ts'

/** What settled between two channels: in by one, out by the other. */
export type Pair = {
  incoming: Scid
  outgoing: Scid
  forwards: number
  /** Outgoing amounts. */
  volumeMsat: bigint
  earnedMsat: bigint
  /** Epoch ms of the newest. */
  lastAt: number
}

// Pairs grow with the square of the channels but few are ever used: 30,000 of them, measured 260 bytes
// each, are 8 MB for half a minute. Forwards of further pairs count in the totals alone.
const MAX_PAIRS = 30_000

/** Settled forwards summed by pair. */
export class PairSums {
  readonly #pairs = new Map<string, Pair>()
  readonly #most: number
  forwards = 0
  volumeMsat = 0n
  earnedMsat = 0n
  /** Forwards of pairs for which there was no room. */
  unpaired = 0

  constructor(most: number = MAX_PAIRS) {
    this.#most = most
  }

  add({ at, incoming, outgoing, incomingMsat, outgoingMsat }: SettledForward): void {
    const earnedMsat = incomingMsat - outgoingMsat
    this.forwards += 1
    this.volumeMsat += outgoingMsat
    this.earnedMsat += earnedMsat
    const pair = this.#pair(incoming, outgoing)
    if (pair === undefined) {
      this.unpaired += 1
      return
    }
    pair.forwards += 1
    pair.volumeMsat += outgoingMsat
    pair.earnedMsat += earnedMsat
    pair.lastAt = Math.max(pair.lastAt, at)
  }

  pairs(): readonly Pair[] {
    return [...this.#pairs.values()]
  }

  #pair(incoming: Scid, outgoing: Scid): Pair | undefined {
    const key = `${incoming} ${outgoing}`
    const known = this.#pairs.get(key)
    if (known !== undefined || this.#pairs.size >= this.#most) return known
    const nothing = { forwards: 0, volumeMsat: 0n, earnedMsat: 0n, lastAt: 0 }
    const made = { incoming, outgoing, ...nothing }
    this.#pairs.set(key, made)
    return made
  }
}

export const PAIR_ORDERS = ['recent', 'earned', 'volume'] as const
export type PairOrder = (typeof PAIR_ORDERS)[number]

/** Returns the pairs in an order, first things first; with a channel those that it is part of. */
export function sortPairs(
  pairs: readonly Pair[],
  order: PairOrder,
  channel: Scid | undefined,
): readonly Pair[] {
  return pairs
    .filter(({ incoming, outgoing }) => !channel || incoming === channel || outgoing === channel)
    .sort((a, b) => b.lastAt - a.lastAt)
    .sort((a, b) => (order === 'recent' ? 0 : Number(keyOf(b, order) - keyOf(a, order))))
}

function keyOf(pair: Pair, order: 'earned' | 'volume'): bigint {
  return order === 'earned' ? pair.earnedMsat : pair.volumeMsat
}
