import { Recency } from './recency.ts'
import type { Session } from './session.ts'

const WITHIN_MS = 30_000
const SAME = 0.015
const LN2 = Math.log(2)
// Between two peers only what came within 30 s counts: the last eight show a search for sure.
const REMEMBERED = 8
// Pairs of peers, at about 600 bytes each: 3 MB. A node with 200 peers has at most 40,000 pairs, of
// which few are busy within the same half minute.
const MAX_PAIRS = 5_000
// Numbers of peers are below 2^21, as those of channels are.
const PEERS = 2 ** 21

type Seen = { at: number; msat: number; session: Session }
type Pair = {
  key: number
  seen: Seen[]
  older: Pair | undefined
  newer: Pair | undefined
}

/**
 * Recognises searches: another amount from the same neighbour to the same peer within 30 seconds
 * that is neither a retry (within 1.5 %) nor a part of a split (a power of two). It marks both
 * sessions. Ladders of probes and binary searches of rebalancers look so.
 */
export class Searches {
  readonly #pairs = new Map<number, Pair>()
  readonly #byLastUse = new Recency<Pair>()

  /** Takes in a member of a session; returns the other sessions that it marks. */
  note(session: Session, fromPeer: number, at: number, msat: number): Session[] {
    const pair = this.#pairOf(fromPeer * PEERS + session.peer)
    pair.seen = pair.seen.filter((seen) => at - seen.at <= WITHIN_MS)
    const others = pair.seen.filter(
      (seen) => seen.session !== session && isOtherAmount(seen.msat, msat),
    )
    if (others.length > 0) session.isSearch = true
    for (const { session: other } of others) other.isSearch = true
    pair.seen.push({ at, msat, session })
    if (pair.seen.length > REMEMBERED) pair.seen.shift()
    return others.map((other) => other.session)
  }

  #pairOf(key: number): Pair {
    const known = this.#pairs.get(key)
    if (known) {
      this.#byLastUse.touch(known)
      return known
    }
    if (this.#pairs.size >= MAX_PAIRS) this.#forgetOldest()
    const pair: Pair = { key, seen: [], older: undefined, newer: undefined }
    this.#pairs.set(key, pair)
    this.#byLastUse.add(pair)
    return pair
  }

  #forgetOldest(): void {
    const { oldest } = this.#byLastUse
    if (!oldest) return
    this.#byLastUse.remove(oldest)
    this.#pairs.delete(oldest.key)
  }
}

function isOtherAmount(a: number, b: number): boolean {
  const ratio = Math.abs(Math.log(a / b))
  const toPower = Math.abs(ratio - Math.round(ratio / LN2) * LN2)
  return toPower > SAME
}
