import type { Session } from './session.ts'

const WITHIN_MS = 30_000
const SAME = 0.015
const LN2 = Math.log(2)
// Between two peers only what came within 30 s counts: the last eight show a search for sure.
const REMEMBERED = 8
// Pairs of peers, at about 600 bytes each: 3 MB. A node with 200 peers has at most 40,000 pairs, of
// which few are busy within the same half minute.
const MAX_PAIRS = 5_000

type Seen = { at: number; msat: number; session: Session }

/**
 * Recognises searches: another amount from the same neighbour to the same peer within 30 seconds
 * that is neither a retry (within 1.5 %) nor a part of a split (a power of two). It marks both
 * sessions. Ladders of probes and binary searches of rebalancers look so.
 */
export class Searches {
  readonly #pairs = new Map<string, Seen[]>()

  /** Takes in a member of a session; returns the other sessions that it marks. */
  note(session: Session, fromPeer: number, at: number, msat: number): Session[] {
    const pair = `${fromPeer}>${session.peer}`
    const recent = (this.#pairs.get(pair) ?? []).filter((seen) => at - seen.at <= WITHIN_MS)
    const marked: Session[] = []
    for (const seen of recent) {
      if (seen.session === session || !isOtherAmount(seen.msat, msat)) continue
      seen.session.isSearch = true
      session.isSearch = true
      marked.push(seen.session)
    }
    recent.push({ at, msat, session })
    if (recent.length > REMEMBERED) recent.shift()
    // Set anew, so that the first pair of the Map is the one that was quiet for longest.
    this.#pairs.delete(pair)
    this.#pairs.set(pair, recent)
    if (this.#pairs.size > MAX_PAIRS) this.#forgetOldest()
    return marked
  }

  #forgetOldest(): void {
    for (const pair of this.#pairs.keys()) {
      this.#pairs.delete(pair)
      return
    }
  }
}

function isOtherAmount(a: number, b: number): boolean {
  const ratio = Math.abs(Math.log(a / b))
  const toPower = Math.abs(ratio - Math.round(ratio / LN2) * LN2)
  return toPower > SAME
}
