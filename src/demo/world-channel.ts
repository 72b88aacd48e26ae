import type { Channel } from '../lightning/channel.ts'
import type { PendingHtlc } from '../lightning/htlc.ts'
import type { Scid } from '../lightning/scid.ts'
import { type ChannelSpec, hexOf } from './world-channels.ts'

const FEE_PER_KW = 2_500
// An anchor channel's commitment without HTLCs, and one HTLC output (LND `input/size.go`).
const COMMIT_WEIGHT = 1_116
const HTLC_WEIGHT = 172
const COMMIT_FEE_MSAT = Math.floor((FEE_PER_KW * COMMIT_WEIGHT) / 1000) * 1000
const BUFFER_MSAT =
  Math.floor((2 * FEE_PER_KW * (COMMIT_WEIGHT + 2 * HTLC_WEIGHT)) / 1000) * 1000 - COMMIT_FEE_MSAT

/** What "ample" adds to our side: 100 BTC, more than any day of traffic takes. */
const AMPLE_MSAT = 1e13

/** An HTLC while a channel holds it. */
export type Held = {
  amountMsat: number
  expiryHeight: number
  forwarding: { scid: Scid; htlcId: number } | undefined
}

/**
 * A channel's money: local + remote + what HTLCs hold + the commitment fee is always its capacity.
 * Amounts are whole msat as plain numbers (below 2^53).
 */
export class WorldChannel {
  readonly spec: ChannelSpec
  /** Epoch ms. */
  readonly openedAt: number
  readonly incoming = new Map<number, Held>()
  readonly outgoing = new Map<number, Held>()
  capacityMsat: number
  localMsat: number
  remoteMsat: number
  readonly #channelPoint: string
  readonly #reserveMsat: number
  #nextIncoming = 0
  #nextOutgoing = 0

  constructor(spec: ChannelSpec, seed: number, startAt: number) {
    this.spec = spec
    this.openedAt = startAt + spec.opensAfterMs
    this.capacityMsat = spec.capacitySat * 1000
    this.#reserveMsat = Math.floor(spec.capacitySat / 100) * 1000
    this.#channelPoint = `${hexOf(seed, 64, 'funding', spec.scid)}:${spec.scid.split('x')[2]}`
    this.localMsat = spec.localSat * 1000 - (spec.initiator ? COMMIT_FEE_MSAT : 0)
    this.remoteMsat = this.capacityMsat - this.localMsat - COMMIT_FEE_MSAT
  }

  get scid(): Scid {
    return this.spec.scid
  }

  /** What we can send in one HTLC: LND's `AvailableBalance`, which knows nothing of slots. */
  get bandwidthMsat(): number {
    const buffer = this.spec.initiator ? BUFFER_MSAT : 0
    return Math.max(0, this.localMsat - this.#reserveMsat - buffer)
  }

  /** What the peer can send us in one HTLC; nothing when its slots are taken. */
  get receivableMsat(): number {
    if (this.incoming.size >= this.spec.maxPendingHtlcs) return 0
    return Math.max(0, this.remoteMsat - this.#reserveMsat)
  }

  get hasFreeSlot(): boolean {
    return this.outgoing.size < this.spec.maxPendingHtlcs
  }

  /** Gives our side as much as it can ever need. */
  makeAmple(): void {
    this.capacityMsat += AMPLE_MSAT
    this.localMsat += AMPLE_MSAT
  }

  /** The peer offers an HTLC; returns its id. */
  receive(held: Held): number {
    this.remoteMsat -= held.amountMsat
    this.incoming.set(this.#nextIncoming, held)
    return this.#nextIncoming++
  }

  /** We offer an HTLC; returns its id. */
  send(held: Held): number {
    this.localMsat -= held.amountMsat
    this.outgoing.set(this.#nextOutgoing, held)
    return this.#nextOutgoing++
  }

  /** Offers a held outgoing HTLC again under a new id, as LND does after a reconnection. */
  sendAgain(id: number): number {
    const held = this.outgoing.get(id)
    if (!held) return id
    this.outgoing.delete(id)
    this.outgoing.set(this.#nextOutgoing, held)
    return this.#nextOutgoing++
  }

  /** An incoming HTLC ends: its amount becomes ours, or the peer's again. */
  endIncoming(id: number, settled: boolean): void {
    const amount = this.incoming.get(id)?.amountMsat ?? 0
    this.incoming.delete(id)
    if (settled) this.localMsat += amount
    else this.remoteMsat += amount
  }

  /** An outgoing HTLC ends: its amount becomes the peer's, or ours again. */
  endOutgoing(id: number, settled: boolean): void {
    const amount = this.outgoing.get(id)?.amountMsat ?? 0
    this.outgoing.delete(id)
    if (settled) this.remoteMsat += amount
    else this.localMsat += amount
  }

  /** Returns the channel as ListChannels would show it, in whole sats. */
  toChannel(active: boolean): Channel {
    const { spec } = this
    const reserve = wholeSats(this.#reserveMsat)
    const held = [...this.incoming.values(), ...this.outgoing.values()]
    return {
      scid: spec.scid,
      aliases: spec.aliases,
      channelPoint: this.#channelPoint,
      peer: { pubkey: spec.peer.pubkey, alias: spec.peer.alias },
      active,
      private: spec.private,
      initiator: spec.initiator,
      capacityMsat: wholeSats(this.capacityMsat),
      localMsat: wholeSats(this.localMsat),
      remoteMsat: wholeSats(this.remoteMsat),
      unsettledMsat: wholeSats(held.reduce((sum, { amountMsat }) => sum + amountMsat, 0)),
      localReserveMsat: reserve,
      remoteReserveMsat: reserve,
      commitFeeMsat: BigInt(COMMIT_FEE_MSAT),
      commitWeight: COMMIT_WEIGHT,
      feePerKw: FEE_PER_KW,
      maxPendingMsat: wholeSats(this.capacityMsat * 0.99),
      maxPendingHtlcs: spec.maxPendingHtlcs,
      pendingHtlcs: [...pending(this.incoming, true), ...pending(this.outgoing, false)],
    }
  }
}

function pending(held: ReadonlyMap<number, Held>, incoming: boolean): PendingHtlc[] {
  return [...held].map(([htlcId, { amountMsat, expiryHeight, forwarding }]) => ({
    incoming,
    amountMsat: wholeSats(amountMsat),
    htlcId,
    forwarding,
    expiryHeight,
  }))
}

function wholeSats(msat: number): bigint {
  return BigInt(Math.floor(msat / 1000)) * 1000n
}
