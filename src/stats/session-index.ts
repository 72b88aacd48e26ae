import type { Session } from './session.ts'

const LOG_WIDTH = 0.01
const LN2 = Math.log(2)
const HALVINGS = 4
// ln of 2^53 msat is 36.7: 3,674 buckets of 1 % for each peer.
const BUCKETS = 4_096
// Amounts are told apart modulo 2^32 msat; the session itself is asked in the end.
const EXACT = 2 ** 32
const MAX_PEER = 2 ** 20

/**
 * Finds the open session that an amount towards a peer belongs to, in constant time: amounts are kept
 * in buckets of 1 % of their logarithm, so that one within 1 % lies in the same or the next, and each
 * exact amount points at the session that had it last.
 */
export class SessionIndex {
  readonly #wholes = new Map<number, Session[]>()
  readonly #exact = new Map<number, Session>()

  add(session: Session): void {
    const key = bucketKey(session.peer, Math.log(session.wholeMsat))
    const bucket = this.#wholes.get(key)
    if (bucket) bucket.push(session)
    else this.#wholes.set(key, [session])
    for (const amount of session.amounts) this.setAmount(session, amount)
  }

  /** Notes that this session had a member of that amount. */
  setAmount(session: Session, msat: number): void {
    this.#exact.set(exactKey(session.peer, msat), session)
  }

  dropAmount(session: Session, msat: number): void {
    const key = exactKey(session.peer, msat)
    if (this.#exact.get(key) === session) this.#exact.delete(key)
  }

  remove(session: Session): void {
    const key = bucketKey(session.peer, Math.log(session.wholeMsat))
    const rest = (this.#wholes.get(key) ?? []).filter((other) => other !== session)
    if (rest.length > 0) this.#wholes.set(key, rest)
    else this.#wholes.delete(key)
    for (const amount of session.amounts) this.dropAmount(session, amount)
  }

  /** The session that last had this very amount. */
  equal(peer: number, msat: number): Session | undefined {
    const session = this.#exact.get(exactKey(peer, msat))
    return session?.peer === peer && session.hasAmount(msat) ? session : undefined
  }

  /**
   * The latest session since a time whose whole amount is within 1 % of this one; else of two, four,
   * eight or sixteen times this one: a half that arrives after its whole.
   */
  near(peer: number, msat: number, since: number): Session | undefined {
    const logarithm = Math.log(msat)
    for (let halvings = 0; halvings <= HALVINGS; halvings++) {
      const found = this.#latest(peer, logarithm + halvings * LN2, since)
      if (found) return found
    }
    return undefined
  }

  #latest(peer: number, logarithm: number, since: number): Session | undefined {
    let latest: Session | undefined
    const key = bucketKey(peer, logarithm)
    for (let step = -1; step <= 1; step++) {
      for (const session of this.#wholes.get(key + step) ?? []) {
        const isNear = Math.abs(Math.log(session.wholeMsat) - logarithm) <= LOG_WIDTH
        if (!isNear || session.lastAt < since) continue
        if (!latest || session.lastAt > latest.lastAt) latest = session
      }
    }
    return latest
  }
}

function bucketKey(peer: number, logarithm: number): number {
  return peer * BUCKETS + Math.floor(logarithm / LOG_WIDTH)
}

function exactKey(peer: number, msat: number): number {
  return (msat % EXACT) * MAX_PEER + (peer % MAX_PEER)
}
