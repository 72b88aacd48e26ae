import type { Reading } from '../../../src/analyzer/reading.ts'
import { restoreSpikes } from '../../../src/analyzer/spikes/spike-documents.ts'
import { Spikes } from '../../../src/analyzer/spikes/spikes.ts'
import type { HtlcEvent } from '../../../src/lightning/htlc.ts'
import type { Scid } from '../../../src/lightning/scid.ts'
import { Memory } from '../../../src/stats/memory.ts'
import type { OwnChannel } from '../../../src/stats/own-channel.ts'
import { Random } from '../../bench/alerts/random.ts'
import { channel, event, MINUTE } from '../../support/events.ts'

/** A Monday at midnight, UTC. */
export const MONDAY = Date.UTC(2026, 10, 2)

/** Distinct demands an hour that a channel refuses and accepts. */
export type Demand = Readonly<Record<Scid, { refused: number; accepted: number }>>

/** A ring as a phone would have it: what, and from which minute to which since the stage began. */
export type Ring = { kind: string; subject: string; from: number; to: number | undefined }

export const scidOf = (index: number): Scid => `${700_000 + index}x1x0`
export const NEIGHBOURS = Array.from({ length: 12 }, (_, i) => scidOf(900 + i))

/** A memory and a detector on a clock that a test moves, with demand drawn from a seed. */
export class Stage {
  readonly memory = new Memory({ maxChannels: 2_000, retentionDays: 400 }, MONDAY)
  spikes: Spikes
  readonly rings: Ring[] = []
  readonly #random: Random
  #minute = 0
  #nextId = 0
  isUp = true

  /** `peers` gives the number of channels of each peer. */
  constructor(peers: readonly number[], seed = 1) {
    this.#random = new Random(seed)
    this.memory.streamUp(MONDAY)
    const owners = peers.flatMap((count, peer) => Array.from({ length: count }, () => peer))
    const ours = owners.map((peer, i) =>
      channel(scidOf(i), { peer: { pubkey: pubkeyOf(peer), alias: `peer ${peer}` } }),
    )
    this.memory.updateChannels([...ours, ...NEIGHBOURS.map((scid) => channel(scid))], MONDAY)
    this.spikes = this.#watch()
    this.memory.listen((outcome, at) => this.spikes.take(outcome, at))
  }

  get now(): number {
    return MONDAY + this.#minute * MINUTE
  }

  get minute(): number {
    return this.#minute
  }

  own(index: number): OwnChannel {
    return this.memory.book.own(scidOf(index))
  }

  /** Refused demands an hour that are usual for a channel by now. */
  usual(index: number): number {
    return this.spikes.book.of(this.own(index), 'local').track.rate * 60
  }

  /** Lets time pass with a demand; returns the last minute's readings. */
  pass(minutes: number, demand: Demand = {}): Reading[] {
    let readings: Reading[] = []
    for (let i = 0; i < minutes; i++) readings = this.tick(this.draw(demand))
    return readings
  }

  /** Plays one minute's events and returns what is read at its end. */
  tick(events: readonly HtlcEvent[] = []): Reading[] {
    if (this.isUp) this.memory.heartbeat(this.now)
    for (const each of events) this.memory.record(each, Math.max(each.at, this.now))
    this.#minute++
    const readings = this.spikes.readings(this.now)
    this.#note(readings)
    return readings
  }

  /** Lets a minute pass of which nobody asks. */
  skip(): void {
    this.#minute++
  }

  /** Draws a minute's events of a demand: every buyer another amount, by one of the neighbours. */
  draw(demand: Demand): HtlcEvent[] {
    return Object.entries(demand).flatMap(([scid, { refused, accepted }]) => [
      ...this.#buyers(refused, () => this.refusal({ outgoing: scid as Scid })),
      ...this.#buyers(accepted, () => this.forward({ outgoing: scid as Scid })),
    ])
  }

  /** A refusal for lack of balance within the running minute. */
  refusal(given: Partial<HtlcEvent>): HtlcEvent {
    return this.#attempt({ kind: 'linkFail', wireFailure: 15, failureDetail: 6, ...given })
  }

  forward(given: Partial<HtlcEvent>): HtlcEvent {
    return this.#attempt({ kind: 'forward', outgoingHtlcId: this.#nextId, ...given })
  }

  lose(): void {
    this.memory.streamDown(this.now)
    this.isUp = false
  }

  regain(): void {
    this.memory.streamUp(this.now)
    this.isUp = true
  }

  /** Replaces the detector by a new one with the saved documents of the old one. */
  restart(docs: ReadonlyMap<string, unknown>): void {
    this.spikes = this.#watch()
    restoreSpikes(this.spikes, docs)
  }

  #watch(): Spikes {
    return new Spikes({
      channels: this.memory.book,
      observed: (from, to) => this.memory.coverage.coveredMs(from, to),
      now: this.now,
      channelCount: () => 500,
    })
  }

  #attempt(given: Partial<HtlcEvent>): HtlcEvent {
    const sat = Math.round(50_000 * Math.exp(1.5 * this.#random.normal()))
    const outgoingMsat = sat * 1000 + this.#random.whole(1, 999)
    return event({
      at: this.now + Math.floor(this.#random.next() * MINUTE),
      incoming: this.#random.pick(NEIGHBOURS),
      incomingHtlcId: this.#nextId++,
      incomingMsat: outgoingMsat + 1000,
      outgoingMsat,
      ...given,
    })
  }

  #buyers(perHour: number, make: () => HtlcEvent): HtlcEvent[] {
    return Array.from({ length: this.#random.poisson(perHour / 60) }, make)
  }

  #note(readings: readonly Reading[]): void {
    for (const { kind, subject, level, facts } of readings) {
      const ring = this.rings.find(
        (one) => one.kind === kind && one.subject === subject && one.to === undefined,
      )
      if (level === 'calm' && ring) ring.to = this.#minute
      const isPart = facts.kind === 'spike' && facts.under !== undefined
      if (level !== 'calm' && !ring && !isPart) {
        this.rings.push({ kind, subject, from: this.#minute, to: undefined })
      }
    }
  }
}

export function pubkeyOf(peer: number): string {
  return `03${peer.toString(16).padStart(64, '0')}`
}
