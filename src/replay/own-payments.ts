import type { HtlcEvent } from '../lightning/htlc.ts'
import type { Scid } from '../lightning/scid.ts'

/** A payment of our own that settled: what went out over which channel, Float64 msat. */
export type OwnPayment = { outgoing: Scid; msat: number }

/**
 * Joins the events of our own payments, whose settle carries no amount. Live, the next listing of
 * channels shows what they moved; a recording has one listing alone.
 */
export class OwnPayments {
  // As many as a recording has payments under way at one time.
  readonly #sent = new Map<string, OwnPayment>()

  /** Takes in an event; returns the payment that it settles, if any. */
  settled({
    role,
    kind,
    outgoing,
    outgoingHtlcId,
    outgoingMsat,
  }: HtlcEvent): OwnPayment | undefined {
    if (role !== 'send' || outgoing === undefined) return undefined
    const key = `${outgoing}/${outgoingHtlcId}`
    const payment = this.#sent.get(key)
    if (kind === 'forward') this.#sent.set(key, { outgoing, msat: outgoingMsat })
    else this.#sent.delete(key)
    return kind === 'settle' ? payment : undefined
  }
}
