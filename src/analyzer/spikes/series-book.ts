import type { Scid } from '../../lightning/scid.ts'
import type { ChannelBook } from '../../stats/channel-book.ts'
import type { OwnChannel } from '../../stats/own-channel.ts'
import { closeHour, quietTrack } from './baseline.ts'
import { nodeProfile, type Profile, setSeason } from './season.ts'
import {
  type ChannelSeries,
  channelSeries,
  type Parent,
  parentSeries,
  type Series,
} from './series.ts'
import type { Track } from './track.ts'

export const MINUTE_MS = 60_000
const HOUR = 60
// After a longer absence there is nothing left to close hour by hour: every half-life has passed.
const LONGEST_ABSENCE = 31 * 24 * HOUR

export type Family = 'local' | 'downstream'

/** How long of a span (epoch ms) the event stream was up, in ms. */
export type Observed = (from: number, to: number) => number

/**
 * Every series under watch: of channels by family, of peers with several channels and of the node.
 * A channel that has not been asked for yet has none: one is made as it would be by now.
 */
export class SeriesBook {
  readonly #channels: ChannelBook
  readonly #observed: Observed
  readonly local = new Map<OwnChannel, ChannelSeries>()
  readonly downstream = new Map<OwnChannel, ChannelSeries>()
  readonly peers = new Map<string, Parent>()
  readonly node: Parent
  /** When the watch of a channel began, in minutes observed by then. */
  readonly births = new Map<OwnChannel, number>()
  /** Those that went since the others were last saved. */
  readonly gone = new Set<Series>()
  /** Minutes observed ever, up to the last full hour. */
  observed = 0
  /** The last minute (of epoch) that is over. */
  minute: number
  /** The node's profile by hour of the day. */
  profile: Profile = new Float64Array(24).fill(1)

  constructor(channels: ChannelBook, observed: Observed, minute: number) {
    this.#channels = channels
    this.#observed = observed
    this.minute = minute
    this.node = parentSeries('spike.node', 'node', quietTrack(minute, 0))
    this.regroup()
  }

  get openChannels(): number {
    return this.#channels.openCount
  }

  channelOf(scid: Scid): OwnChannel | undefined {
    return this.#channels.get(scid)
  }

  /** All series, children before parents. */
  *all(): Generator<Series> {
    yield* this.local.values()
    yield* this.downstream.values()
    yield* this.peers.values()
    yield this.node
  }

  /** Returns a channel's series of a family, beginning one when it has none. */
  of(own: OwnChannel, family: Family): ChannelSeries {
    const known = this[family].get(own)
    if (known) return known
    const birth = this.births.get(own) ?? this.observed
    this.births.set(own, birth)
    const observed = this.observed - birth
    const series = channelSeries(`spike.${family}`, own, quietTrack(this.minute, observed))
    setSeason(series.track, this.profile, Math.floor((this.minute + 1) / HOUR) % 24)
    this[family].set(own, series)
    if (family === 'local') this.#join(series)
    return series
  }

  /** How long of the last minutes up to a minute (of epoch) was observed, in minutes. */
  seen(minutes: number, minute: number = this.minute): number {
    const end = (minute + 1) * MINUTE_MS
    return this.#observed(end - minutes * MINUTE_MS, end) / MINUTE_MS
  }

  /** Moves on to a minute that is over, closing each hour on the way. */
  rollTo(minute: number): void {
    if (minute <= this.minute) return
    if (minute - this.minute > LONGEST_ABSENCE) this.minute = minute - LONGEST_ABSENCE
    let end = HOUR * Math.ceil((this.minute + 2) / HOUR)
    for (; end <= minute + 1; end += HOUR) this.#close(end)
    this.minute = minute
  }

  /** Takes over which channels there are and whose: new ones, gone ones, peers with several. */
  regroup(): void {
    for (const own of this.#channels) if (!this.births.has(own)) this.births.set(own, this.observed)
    for (const own of this.births.keys()) if (own.gone) this.#forget(own)
    const byPeer = new Map<string, OwnChannel[]>()
    for (const own of this.#channels) {
      const pubkey = own.channel?.peer.pubkey
      if (pubkey === undefined || own.closedAt !== undefined) continue
      byPeer.set(pubkey, [...(byPeer.get(pubkey) ?? []), own])
    }
    for (const pubkey of [...this.peers.keys()]) {
      if ((byPeer.get(pubkey)?.length ?? 0) < 2) this.#dissolve(pubkey)
    }
    for (const [pubkey, owns] of byPeer) if (owns.length > 1) this.#group(pubkey, owns)
  }

  #close(end: number): void {
    const observed = this.seen(HOUR, end - 1)
    const ended = { end, observed, observedBefore: this.seen(2 * HOUR, end - 1) - observed }
    for (const series of this.all()) closeHour(series.track, ended)
    this.observed += observed
    this.regroup()
    this.profile = nodeProfile(this.#tracksOf(this.local))
    const hour = (end / HOUR) % 24
    for (const series of this.all()) {
      setSeason(series.track, this.profile, hour)
      series.isDirty = true
    }
  }

  *#tracksOf(series: ReadonlyMap<OwnChannel, ChannelSeries>): Generator<Track> {
    for (const { track } of series.values()) yield track
  }

  #group(pubkey: string, owns: readonly OwnChannel[]): void {
    const known = this.peers.get(pubkey)
    const parent = known ?? parentSeries('spike.peer', `peer:${pubkey}`, quietTrack(this.minute, 0))
    this.peers.set(pubkey, parent)
    for (const child of parent.children) child.peer = undefined
    parent.children.clear()
    for (const own of owns) {
      const series = this.local.get(own)
      if (series) this.#adopt(parent, series)
    }
  }

  #join(series: ChannelSeries): void {
    this.node.children.add(series)
    const pubkey = series.own.channel?.peer.pubkey
    const parent = pubkey === undefined ? undefined : this.peers.get(pubkey)
    if (parent) this.#adopt(parent, series)
  }

  #adopt(parent: Parent, series: ChannelSeries): void {
    parent.children.add(series)
    series.peer = parent
  }

  #dissolve(pubkey: string): void {
    const parent = this.peers.get(pubkey)
    if (!parent) return
    for (const child of parent.children) child.peer = undefined
    this.peers.delete(pubkey)
    this.gone.add(parent)
  }

  #forget(own: OwnChannel): void {
    for (const series of [this.local.get(own), this.downstream.get(own)]) {
      if (!series) continue
      this.node.children.delete(series)
      series.peer?.children.delete(series)
      this.gone.add(series)
    }
    this.local.delete(own)
    this.downstream.delete(own)
    this.births.delete(own)
  }
}
