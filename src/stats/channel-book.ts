import type { Channel, ChannelPolicies } from '../lightning/channel.ts'
import type { Scid } from '../lightning/scid.ts'
import { OwnChannel } from './own-channel.ts'
import { notePolicies } from './policy-changes.ts'
import { Recency } from './recency.ts'

const CLOSED_KEPT_MS = 90 * 86_400_000
// The key of an HTLC is serial · 2^32 + HTLC id, a whole number below 2^53.
const MAX_SERIAL = 2 ** 21

export type BookEvents = { opened(own: OwnChannel): void; removed(own: OwnChannel): void }

/**
 * All channels that get statistics, found by any of their ids, at most `capacity`. Beyond that the
 * least recently active is evicted, closed ones first. Closed channels stay 90 days; open ones
 * never leave by age.
 */
export class ChannelBook {
  readonly #byId = new Map<Scid, OwnChannel>()
  readonly #open = new Recency<OwnChannel>()
  readonly #closed = new Recency<OwnChannel>()
  readonly #places: (OwnChannel | undefined)[] = []
  readonly #freePlaces: number[] = []
  readonly #dirty = new Set<number>()
  readonly #capacity: number
  readonly #events: BookEvents
  #nextSerial = 1
  evicted = 0
  cleaned = 0

  constructor(capacity: number, events: BookEvents) {
    this.#capacity = capacity
    this.#events = events
  }

  get openCount(): number {
    return this.#open.size
  }

  get closedCount(): number {
    return this.#closed.size
  }

  get capacity(): number {
    return this.#capacity
  }

  /** Returns the channel that an id or alias means, or undefined. */
  get(scid: Scid): OwnChannel | undefined {
    return this.#byId.get(scid)
  }

  /** Returns the channel of an id, making one of which LND has said nothing yet. */
  own(scid: Scid): OwnChannel {
    return this.#byId.get(scid) ?? this.#add(scid)
  }

  /**
   * Marks a channel as the most recently active of its kind, at most once a second: order within a
   * second is of no use, and moving a busy channel each time costs more than counting for it.
   */
  touch(own: OwnChannel, at: number): void {
    const second = Math.floor(at / 1000)
    if (own.touchedInSecond === second) return
    own.touchedInSecond = second
    if (own.closedAt === undefined) this.#open.touch(own)
    else this.#closed.touch(own)
  }

  /**
   * Takes over LND's list: who is new, who changed, and who is missing is closed as of `now`. A
   * full book takes no channel in that has not been active: it would push out one that has.
   */
  update(channels: readonly Channel[], now: number): void {
    const listed = new Set<OwnChannel>()
    for (const channel of channels) {
      const own = this.#isFull ? this.get(channel.scid) : this.own(channel.scid)
      if (!own) continue
      listed.add(own)
      this.#takeOver(own, channel, now)
    }
    for (const own of [...this.#open]) if (!listed.has(own)) this.#close(own, now)
  }

  updatePolicies(policies: readonly ChannelPolicies[], now: number): void {
    for (const both of policies) {
      const own = this.#byId.get(both.scid)
      if (!own) continue
      notePolicies(own, both, now)
      this.markDirty(own)
    }
  }

  /** Removes channels closed more than 90 days ago; returns how many. */
  cleanUp(now: number): number {
    const old = [...this.#closed].filter((own) => now - (own.closedAt ?? now) > CLOSED_KEPT_MS)
    for (const own of old) this.#remove(own)
    this.cleaned += old.length
    return old.length
  }

  markDirty(own: OwnChannel): void {
    this.#dirty.add(own.index)
  }

  /** Returns the places whose channel, or what LND says of it, changed since the last call. */
  takeDirty(): number[] {
    const places = [...this.#dirty]
    this.#dirty.clear()
    return places
  }

  /** The channel at a place, or undefined when it is free. */
  at(index: number): OwnChannel | undefined {
    return this.#places[index]
  }

  *[Symbol.iterator](): Generator<OwnChannel> {
    for (const own of this.#places) if (own) yield own
  }

  /** Puts a saved channel back at its place. */
  restore(scid: Scid, index: number, serial: number, closedAt: number | undefined): OwnChannel {
    const own = new OwnChannel(scid, index, serial)
    own.closedAt = closedAt
    this.#nextSerial = Math.max(this.#nextSerial, serial + 1)
    this.#place(own)
    return own
  }

  /** Lists the places that no restored channel took, so that new ones use them first. */
  finishRestore(): void {
    for (let i = this.#places.length - 1; i >= 0; i--) {
      if (!this.#places[i]) this.#freePlaces.push(i)
    }
  }

  /** Makes room where the capacity is smaller than it was. */
  shrink(): void {
    while (this.#open.size + this.#closed.size > this.#capacity) this.#evict()
  }

  /** Gives a restored channel what LND last said of it. */
  restoreChannel(own: OwnChannel, channel: Channel | undefined): void {
    if (channel) this.#index(own, channel)
    own.channel = channel
  }

  #takeOver(own: OwnChannel, channel: Channel, now: number): void {
    if (own.closedAt !== undefined) this.#reopen(own)
    const isSame = own.channel !== undefined && sameChannel(own.channel, channel)
    this.#index(own, channel)
    own.channel = channel
    own.inactiveSince = channel.active ? undefined : (own.inactiveSince ?? now)
    if (!isSame) this.markDirty(own)
  }

  get #isFull(): boolean {
    return this.#open.size + this.#closed.size >= this.#capacity
  }

  #index(own: OwnChannel, channel: Channel): void {
    for (const alias of channel.aliases) if (!this.#byId.has(alias)) this.#byId.set(alias, own)
  }

  #add(scid: Scid): OwnChannel {
    if (this.#isFull) this.#evict()
    const own = new OwnChannel(scid, this.#freePlaces.pop() ?? this.#places.length, this.#serial())
    this.#place(own)
    this.markDirty(own)
    return own
  }

  #place(own: OwnChannel): void {
    this.#byId.set(own.scid, own)
    this.#places[own.index] = own
    if (own.closedAt === undefined) this.#open.add(own)
    else this.#closed.add(own)
    this.#events.opened(own)
  }

  #serial(): number {
    if (this.#nextSerial >= MAX_SERIAL) throw new RangeError('more than 2^21 channels ever seen')
    return this.#nextSerial++
  }

  #evict(): void {
    const victim = this.#closed.oldest ?? this.#open.oldest
    if (!victim) return
    this.evicted++
    this.#remove(victim)
  }

  #close(own: OwnChannel, now: number): void {
    this.#open.remove(own)
    own.closedAt = now
    this.#closed.add(own)
    this.markDirty(own)
  }

  #reopen(own: OwnChannel): void {
    this.#closed.remove(own)
    own.closedAt = undefined
    this.#open.add(own)
    this.markDirty(own)
  }

  #remove(own: OwnChannel): void {
    if (own.closedAt === undefined) this.#open.remove(own)
    else this.#closed.remove(own)
    const ids = [own.scid, ...(own.channel?.aliases ?? [])]
    for (const id of ids) if (this.#byId.get(id) === own) this.#byId.delete(id)
    this.#places[own.index] = undefined
    this.#freePlaces.push(own.index)
    own.gone = true
    this.markDirty(own)
    this.#events.removed(own)
  }
}

function sameChannel(a: Channel, b: Channel): boolean {
  return (
    a.localMsat === b.localMsat &&
    a.remoteMsat === b.remoteMsat &&
    a.unsettledMsat === b.unsettledMsat &&
    a.active === b.active &&
    a.peer.alias === b.peer.alias &&
    a.feePerKw === b.feePerKw &&
    a.capacityMsat === b.capacityMsat &&
    a.aliases.join() === b.aliases.join() &&
    a.pendingHtlcs.length === b.pendingHtlcs.length
  )
}
