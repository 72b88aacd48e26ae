import type { Channel } from '../../src/lightning/channel.ts'
import type { HtlcEvent, PendingHtlc } from '../../src/lightning/htlc.ts'
import type { Scid } from '../../src/lightning/scid.ts'

/** Noon of a Saturday, on a five-minute, hour but not day boundary. */
export const NOON = Date.UTC(2026, 10, 21, 12)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const ALICE: Scid = '800123x45x1'
export const BOB: Scid = '810000x7x0'
export const CAROL: Scid = '820000x9x2'

const BLANK: HtlcEvent = {
  kind: 'forward',
  role: 'forward',
  at: NOON,
  incoming: ALICE,
  outgoing: BOB,
  incomingHtlcId: 0,
  outgoingHtlcId: 0,
  incomingMsat: 0,
  outgoingMsat: 0,
  wireFailure: 0,
  failureDetail: 0,
  settled: false,
}

/** An event of the stream; what is not given is of a forward ALICE → BOB at noon, without amounts. */
export function event(given: Partial<HtlcEvent>): HtlcEvent {
  return { ...BLANK, ...given }
}

/** A forward_event of 100,000 sat that offers 100 sat. */
export function offered(htlcId: number, given: Partial<HtlcEvent> = {}): HtlcEvent {
  const amounts = { incomingMsat: 100_100_000, outgoingMsat: 100_000_000 }
  return event({
    kind: 'forward',
    incomingHtlcId: htlcId,
    outgoingHtlcId: htlcId,
    ...amounts,
    ...given,
  })
}

export function settled(htlcId: number, given: Partial<HtlcEvent> = {}): HtlcEvent {
  return event({ kind: 'settle', incomingHtlcId: htlcId, outgoingHtlcId: htlcId, ...given })
}

export function failed(htlcId: number, given: Partial<HtlcEvent> = {}): HtlcEvent {
  return event({ kind: 'forwardFail', incomingHtlcId: htlcId, outgoingHtlcId: htlcId, ...given })
}

export function final(htlcId: number, given: Partial<HtlcEvent> = {}): HtlcEvent {
  return event({
    kind: 'final',
    role: 'none',
    outgoing: undefined,
    incomingHtlcId: htlcId,
    ...given,
  })
}

/** A refusal for lack of balance of 100,000 sat that offered 100 sat. */
export function refused(htlcId: number, given: Partial<HtlcEvent> = {}): HtlcEvent {
  return event({
    kind: 'linkFail',
    incomingHtlcId: htlcId,
    incomingMsat: 100_100_000,
    outgoingMsat: 100_000_000,
    wireFailure: 15,
    failureDetail: 6,
    ...given,
  })
}

/** A channel as ListChannels shows it: 5M sat, half of it ours. */
export function channel(scid: Scid, given: Partial<Channel> = {}): Channel {
  return {
    scid,
    aliases: [],
    channelPoint: `${'ab'.repeat(32)}:${scid.split('x')[2]}`,
    peer: { pubkey: `02${scid.replaceAll('x', '').padEnd(64, '0')}`, alias: `peer of ${scid}` },
    active: true,
    private: false,
    initiator: false,
    capacityMsat: 5_000_000_000n,
    localMsat: 2_500_000_000n,
    remoteMsat: 2_500_000_000n,
    unsettledMsat: 0n,
    localReserveMsat: 50_000_000n,
    remoteReserveMsat: 50_000_000n,
    commitFeeMsat: 2_000_000n,
    commitWeight: 1116,
    feePerKw: 2500,
    maxPendingMsat: 4_950_000_000n,
    maxPendingHtlcs: 483,
    pendingHtlcs: [],
    ...given,
  }
}

export function pending(given: Partial<PendingHtlc>): PendingHtlc {
  return {
    incoming: true,
    amountMsat: 100_100_000n,
    htlcId: 0,
    forwarding: undefined,
    expiryHeight: 900_000,
    ...given,
  }
}
