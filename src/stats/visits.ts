import type { OwnChannel } from './own-channel.ts'

// A visit stays open so long after its last attempt: slow hammering is one buyer still. (The money
// estimate closes its sessions far sooner, for another purpose.)
const OPEN_MS = 10 * 60_000
// Amounts this near to each other are one: fees that other nodes take vary by less.
const TOLERANCE = 0.01
const BUCKET = Math.log(1 + TOLERANCE)
// A buyer who splits pays a half or a quarter.
const PARTS = [1, 2, 4] as const
// Where LND gave no amount.
const UNKNOWN_AMOUNT = 0
// Two generations of at most 100,000 keys at about 80 B (a Map's entry and a share of the visit) are
// 16 MB at worst; a visit has about 4 keys, so that is 50,000 buyers in ten minutes.
const MAX_KEYS = 100_000

/** An open visit as it is saved: outgoing and incoming serials, first amount, last attempt, attempts. */
export type SavedVisit = [number, number[], number, number, number]

type Visit = {
  outgoing: number
  incoming: number[]
  firstMsat: number
  lastAt: number
  attempts: number
}

/**
 * One buyer's coming to an outgoing channel, however often it tries: what alerts count. Stricter
 * than the sessions that money is estimated from (demands.ts), on purpose: an attempt belongs to an
 * open visit to the same channel when its amount is within 1 % of the visit's first, its half or its
 * quarter and it comes from a channel of that visit, or when it equals an attempt of it to the msat
 * and is no whole number of sats; of several the latest. Refused and accepted attempts are visits of
 * their own: one of these objects for each.
 */
export class Visits {
  #young = new Map<number, Visit>()
  #old = new Map<number, Visit>()
  #turnedAt = 0

  /** Takes in an attempt; returns whether it is a new visit. Constant time; `at` is epoch ms. */
  attempt(outgoing: OwnChannel, incoming: OwnChannel, outgoingMsat: number, at: number): boolean {
    this.#turn(at)
    const open = this.#find(outgoing.serial, incoming.serial, outgoingMsat, at)
    const visit = open ?? newVisit(outgoing.serial, incoming.serial, outgoingMsat)
    visit.lastAt = Math.max(visit.lastAt, at)
    visit.attempts++
    this.#remember(visit, incoming.serial, outgoingMsat)
    return open === undefined
  }

  /** Takes an attempt back that turned out to be none; returns whether its visit goes with it. */
  withdraw(outgoing: OwnChannel, incoming: OwnChannel, outgoingMsat: number, at: number): boolean {
    const visit = this.#find(outgoing.serial, incoming.serial, outgoingMsat, at)
    if (!visit || --visit.attempts > 0) return false
    visit.lastAt = 0
    return true
  }

  /** The visits that are open at a time, to be saved and put back. */
  open(at: number): SavedVisit[] {
    const visits = new Set([...this.#old.values(), ...this.#young.values()])
    return [...visits]
      .filter((visit) => at - visit.lastAt <= OPEN_MS)
      .map((visit) => [
        visit.outgoing,
        visit.incoming,
        visit.firstMsat,
        visit.lastAt,
        visit.attempts,
      ])
  }

  restore(saved: readonly SavedVisit[]): void {
    for (const [outgoing, incoming, firstMsat, lastAt, attempts] of saved) {
      const visit = { outgoing, incoming: [], firstMsat, lastAt, attempts }
      this.#turnedAt = Math.max(this.#turnedAt, lastAt)
      for (const serial of incoming) this.#remember(visit, serial, firstMsat)
    }
  }

  #find(outgoing: number, incoming: number, msat: number, at: number): Visit | undefined {
    const bucket = bucketOf(msat)
    let latest = isOdd(msat) ? this.#get(oddKey(outgoing, msat), outgoing, at) : undefined
    for (let near = bucket - 1; near <= bucket + 1; near++) {
      const visit = this.#get(keyOf(outgoing, incoming, near), outgoing, at)
      if (!visit?.incoming.includes(incoming) || !isPart(msat, visit.firstMsat)) continue
      latest = later(latest, visit)
    }
    return latest
  }

  #get(key: number, outgoing: number, at: number): Visit | undefined {
    const visit = this.#young.get(key) ?? this.#old.get(key)
    if (visit === undefined || visit.outgoing !== outgoing) return undefined
    return at - visit.lastAt <= OPEN_MS ? visit : undefined
  }

  // A key lives as long as attempts come by it, and ten to twenty minutes more.
  #remember(visit: Visit, incoming: number, msat: number): void {
    if (!visit.incoming.includes(incoming) && visit.incoming.length < MAX_INCOMING) {
      visit.incoming.push(incoming)
    }
    const { outgoing, firstMsat } = visit
    if (this.#young.get(keyOf(outgoing, incoming, bucketOf(firstMsat))) !== visit) {
      for (const parts of PARTS) {
        this.#young.set(keyOf(outgoing, incoming, bucketOf(firstMsat / parts)), visit)
      }
    }
    if (isOdd(msat)) this.#young.set(oddKey(outgoing, msat), visit)
    if (this.#young.size >= MAX_KEYS) this.#nextGeneration()
  }

  #turn(at: number): void {
    if (at - this.#turnedAt < OPEN_MS) return
    this.#nextGeneration()
    this.#turnedAt = at
  }

  #nextGeneration(): void {
    this.#old = this.#young
    this.#young = new Map()
  }
}

// A visit through more channels than this is saved with the first of them alone.
const MAX_INCOMING = 8

function newVisit(outgoing: number, incoming: number, firstMsat: number): Visit {
  return { outgoing, incoming: [incoming], firstMsat, lastAt: 0, attempts: 0 }
}

function later(a: Visit | undefined, b: Visit): Visit {
  return a && a.lastAt > b.lastAt ? a : b
}

function isOdd(msat: number): boolean {
  return msat % 1000 !== 0
}

// Keys are small integers, which a Map finds several times faster than doubles. Of two visits with
// one key (by chance one in some ten thousand, at the bound) the older may count once more; what is
// found by a key is always held against the attempt.
function keyOf(outgoing: number, incoming: number, bucket: number): number {
  return mix(Math.imul(outgoing, 0x9e3779b1) ^ Math.imul(incoming, 0x85ebca6b), bucket)
}

function oddKey(outgoing: number, msat: number): number {
  return mix(Math.imul(outgoing, 0x9e3779b1) ^ Math.floor(msat / 2 ** 32), msat % 2 ** 32)
}

// Murmur3's finaliser, less one bit: 31 of them are a small integer to V8.
function mix(high: number, low: number): number {
  let hash = high ^ Math.imul(low, 0xcc9e2d51)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >> 1
}

function isPart(msat: number, firstMsat: number): boolean {
  if (firstMsat === UNKNOWN_AMOUNT || msat === UNKNOWN_AMOUNT) return firstMsat === msat
  return PARTS.some((parts) => Math.abs((msat * parts) / firstMsat - 1) <= TOLERANCE)
}

/** The step of an amount on a scale of steps of 1 %. */
function bucketOf(msat: number): number {
  return msat <= 1 ? 0 : Math.floor(Math.log(msat) / BUCKET)
}
