import type { Linked } from './recency.ts'

/** The refusals of one class within a session; Float64 msat, channels by serial. */
export type SessionClass = {
  /** See `failureCode`. */
  failureCode: number
  /** Lack of balance, or too large for our limit and for our balance alike. */
  isLiquidity: boolean
  attempts: number
  /** Fees offered over all attempts, retries included. */
  offeredMsat: number
  /** The largest amount refused. */
  largestMsat: number
  /** The highest fee offered, for which amount, over which channels and neighbour. */
  bestFeeMsat: number
  bestMsat: number
  asked: number
  from: number
  fromPeer: number
}

/** One attempt to pass the node, at the moment at which it is first heard of. */
export type Attempt = {
  at: number
  /** Float64 msat; 0 where LND gave none. */
  outgoingMsat: number
  feeMsat: number
  /** By serial. */
  asked: number
  from: number
  peer: number
  fromPeer: number
}

// A session knows its members by their amounts: a payment is split into at most 16 parts, and what
// senders retry with is the same amount again; a search that goes on and on forgets its first.
const MAX_AMOUNTS = 16
// Concurrent parts of one payment come within this of each other; retries take longer.
const CONCURRENT_MS = 250
const MAX_PARTS = 16
const SAME = 0.01

/**
 * One buyer's demand while it goes on: refused and forwarded attempts towards one peer that are close
 * in amount and time. Sums only, whatever the number of attempts. Float64 msat, times epoch ms.
 */
export class Session implements Linked<Session> {
  older: Session | undefined
  newer: Session | undefined
  /** In the order of opening. */
  readonly serial: number
  readonly peer: number
  readonly firstAt: number
  lastAt: number
  /** Its place in the order of last members. */
  order = 0
  /** The amount of its first member: what halves are halves of. */
  readonly wholeMsat: number
  readonly from: number
  readonly fromPeer: number
  /** Distinct amounts of its members, at most 16. */
  amounts: number[]
  /** Whether the first attempt was forwarded: an own trial of how such demands end. */
  isTrial = false
  /** The key of the first attempt's circuit, while it may yet turn into a refusal. */
  firstKey: number | undefined
  /** Keys of the forwards that are on their way. */
  pending: number[] = []
  settledMsat = 0
  /** Forwards that failed downstream in the usual time. */
  failed = 0
  /** Forwards that hung and then failed, as they do when a sibling part was refused. */
  heldMsat = 0
  multiplicity = 1
  /** Whether other amounts came between the same two peers within seconds. */
  isSearch = false
  /** Epoch ms of the last refusal of a member. */
  lastRefusedAt = 0
  /** The channel (by serial) asked for by the first refused attempt; 0 while none was refused. */
  firstRefused = 0
  classes: SessionClass[] = []
  /** No attempt can join it any more; it waits for its own forwards. */
  isRetired = false
  isClosed = false
  /** The running series of attempts of the whole amount. */
  run = 0
  lastWholeAt = Number.NEGATIVE_INFINITY

  constructor(serial: number, attempt: Attempt) {
    this.serial = serial
    this.peer = attempt.peer
    this.firstAt = attempt.at
    this.lastAt = attempt.at
    this.wholeMsat = attempt.outgoingMsat
    this.from = attempt.from
    this.fromPeer = attempt.fromPeer
    this.amounts = [attempt.outgoingMsat]
  }

  get isRefused(): boolean {
    return this.classes.length > 0
  }

  hasAmount(msat: number): boolean {
    return this.amounts.includes(msat)
  }

  /** Counts one more attempt among its members; returns the amount that it forgets for it, if any. */
  join({ at, outgoingMsat }: Attempt): number | undefined {
    this.lastAt = Math.max(this.lastAt, at)
    if (Math.abs(outgoingMsat / this.wholeMsat - 1) <= SAME) {
      this.run = at - this.lastWholeAt < CONCURRENT_MS ? Math.min(this.run + 1, MAX_PARTS) : 1
      this.lastWholeAt = at
      this.multiplicity = Math.max(this.multiplicity, this.run)
    }
    if (this.amounts.includes(outgoingMsat)) return undefined
    this.amounts.push(outgoingMsat)
    return this.amounts.length > MAX_AMOUNTS ? this.amounts.splice(1, 1)[0] : undefined
  }

  /** The attempt that has just joined was forwarded, under the key of its circuit. */
  forward(key: number, isFirst: boolean): void {
    this.pending.push(key)
    if (!isFirst) return
    this.isTrial = true
    this.firstKey = key
  }

  /** An attempt that is a member was refused. */
  refuse(attempt: Attempt, failureCode: number, isLiquidity: boolean): void {
    const { outgoingMsat, feeMsat, asked, from, fromPeer } = attempt
    if (this.firstRefused === 0) this.firstRefused = asked
    this.lastRefusedAt = Math.max(this.lastRefusedAt, attempt.at)
    const known = this.classes.find(
      (one) => one.failureCode === failureCode && one.isLiquidity === isLiquidity,
    )
    const one = known ?? newClass(failureCode, isLiquidity)
    if (!known) this.classes.push(one)
    one.attempts++
    one.offeredMsat += feeMsat
    one.largestMsat = Math.max(one.largestMsat, outgoingMsat)
    if (feeMsat < one.bestFeeMsat || (feeMsat === one.bestFeeMsat && one.asked !== 0)) return
    Object.assign(one, { bestFeeMsat: feeMsat, bestMsat: outgoingMsat, asked, from, fromPeer })
  }

  /** A forward of its members is no longer on its way. */
  resolve(key: number): void {
    const place = this.pending.indexOf(key)
    if (place >= 0) this.pending.splice(place, 1)
  }
}

function newClass(failureCode: number, isLiquidity: boolean): SessionClass {
  return {
    failureCode,
    isLiquidity,
    attempts: 0,
    offeredMsat: 0,
    largestMsat: 0,
    bestFeeMsat: 0,
    bestMsat: 0,
    asked: 0,
    from: 0,
    fromPeer: 0,
  }
}

/**
 * Returns how much of a session was wanted and refused for a class, in units of its whole amount:
 * the largest refused part as often as parts came at once, or what was refused and the parts that
 * hung because of it. Never the sum over retries.
 */
export function refusedSize(session: Session, one: SessionClass): number {
  const whole = session.wholeMsat
  if (whole <= 0) return 0
  const largest = one.largestMsat / whole
  const withHeld = Math.min(
    session.multiplicity + MAX_PARTS - 1,
    largest + session.heldMsat / whole,
  )
  return Math.max(largest * session.multiplicity, withHeld)
}
