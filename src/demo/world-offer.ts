import type { Scid } from '../lightning/scid.ts'
import type { Refusal } from './forwarding.ts'
import type { WorldChannel } from './world-channel.ts'

/** How an attempt ended, as its sender learns it. */
export type Outcome =
  | { kind: 'unsent' | 'failed' | 'settled' }
  | { kind: 'refused'; refusal: Refusal }

/** What lies beyond us: whether the HTLC gets to its recipient, and how long that takes to know. */
export type Fate = { succeeds: boolean; delayMs: number }

/** One attempt of a sender to send an HTLC through us. */
export type Offer = {
  key: string
  /** The neighbour that brings it, by name. */
  from: string
  to: string
  asked: Scid
  outgoingMsat: number
  feeMsat: number
  fate: Fate
  /** It got to its recipient, who now settles or fails it through `resolve`. */
  arrived(htlc: InFlight): void
  ended(outcome: Outcome): void
}

/** A forward that we have passed on and that nobody has decided yet. */
export type InFlight = {
  offer: Offer
  incoming: WorldChannel
  incomingId: number
  outgoing: WorldChannel
  outgoingId: number
  decided: boolean
}
