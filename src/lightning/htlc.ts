import type { Scid } from './scid.ts'

/** What an event of LND's HTLC stream says: the oneof of `routerrpc.HtlcEvent`. */
export type HtlcEventKind =
  | 'forward'
  | 'forwardFail'
  | 'settle'
  | 'linkFail'
  | 'subscribed'
  | 'final'
  | 'unknown'

/** Whose HTLC it is: LND's `event_type`. Final and subscribed events are of no role. */
export type HtlcRole = 'none' | 'send' | 'receive' | 'forward' | 'unknown'

/**
 * One event of LND's HTLC stream, the hot record of the program: flat, every field always present,
 * so that thousands a second cost one small object each. A channel is undefined where LND sends 0;
 * an HTLC id of 0 is a real id (the first HTLC of every channel).
 */
export type HtlcEvent = {
  kind: HtlcEventKind
  role: HtlcRole
  /** LND's `timestamp_ns` as epoch milliseconds with a fraction; 0 when LND sent none. */
  at: number
  incoming: Scid | undefined
  outgoing: Scid | undefined
  incomingHtlcId: number
  outgoingHtlcId: number
  /** Float64 msat (see msat.ts); 0 where the event carries no amount. */
  incomingMsat: number
  outgoingMsat: number
  /** LND's number of `lnrpc.Failure.FailureCode`; 0 but for a link failure. */
  wireFailure: number
  /** LND's number of `routerrpc.FailureDetail`; 0 but for a link failure. */
  failureDetail: number
  /** For a final event: whether the HTLC was settled. */
  settled: boolean
}

/** A forward that LND's ForwardingHistory records: settled, with both amounts. */
export type SettledForward = {
  /** Epoch milliseconds with a fraction. */
  at: number
  incoming: Scid
  outgoing: Scid
  incomingMsat: bigint
  outgoingMsat: bigint
  /** Undefined before LND 0.20. */
  incomingHtlcId: number | undefined
}

/** One HTLC that a channel holds now (`lnrpc.HTLC`), as ListChannels shows it. */
export type PendingHtlc = {
  incoming: boolean
  amountMsat: bigint
  htlcId: number
  /** The other leg of a forward; undefined for our own payments and receipts. */
  forwarding: { scid: Scid; htlcId: number } | undefined
  expiryHeight: number
}
