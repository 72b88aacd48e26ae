import type { OwnChannel } from './own-channel.ts'
import type { Session } from './session.ts'
import type { Dropped } from './views.ts'

/** A forward that is on its way: offered to the outgoing peer and not yet resolved. */
export type Circuit = {
  key: number
  incoming: OwnChannel
  outgoing: OwnChannel
  /** Float64 msat. */
  incomingMsat: number
  outgoingMsat: number
  /** Epoch ms when it was offered; undefined when it was so before we listened. */
  offeredAt: number | undefined
  /** How many channel listings in a row no longer held it. */
  missed: number
  /** The demand that it is an attempt of, where its beginning was heard. */
  session: Session | undefined
}

/** What an event decided. Amounts are Float64 msat, times epoch ms. */
export type Outcome =
  | { kind: 'offered'; circuit: Circuit; isNew: boolean }
  | { kind: 'settled'; circuit: Circuit; at: number }
  | { kind: 'failed'; circuit: Circuit; at: number }
  | {
      kind: 'refused'
      incoming: OwnChannel
      outgoing: OwnChannel
      incomingMsat: number
      outgoingMsat: number
      failureCode: number
      at: number
      /** The forward that it had been before it was refused. */
      circuit: Circuit | undefined
    }
  | { kind: 'sentOff' }
  | { kind: 'own'; what: 'sent' | 'sendFailed' | 'received' | 'receiveRefused' }
  | { kind: 'dropped'; reason: keyof Dropped }

// HTLC ids are counters of one channel: at one a millisecond 2^32 of them take 49 days without a
// pause on a single channel; LND has never been seen near it. Larger ones are dropped as unknown.
export const MAX_HTLC_ID = 2 ** 32

/** Returns the key of a forward: its incoming channel and HTLC id. */
export function circuitKey(incoming: OwnChannel, htlcId: number): number {
  return incoming.serial * MAX_HTLC_ID + htlcId
}

/** Returns the outcome of an event that decided nothing, and why. */
export function dropped(reason: keyof Dropped): Outcome {
  return { kind: 'dropped', reason }
}
