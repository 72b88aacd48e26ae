import type { Refusal } from './forwarding.ts'
import type { WorldChannel } from './world-channel.ts'
import type { InFlight, Offer } from './world-offer.ts'
import type { WorldStage } from './world-stage.ts'

/** Lets LND say, a moment later, that an incoming HTLC is out of the commitments. */
export function finish(
  stage: WorldStage,
  key: string,
  incoming: WorldChannel,
  incomingHtlcId: number,
  settled: boolean,
): void {
  stage.after(150 + 700 * stage.draw(key, 'final'), () => {
    stage.emit({ kind: 'final', role: 'none', incoming: incoming.scid, incomingHtlcId, settled })
  })
}

/** Lets LND say that it passed a forward on. */
export function announceForward(stage: WorldStage, htlc: InFlight): void {
  const { offer: one } = htlc
  stage.emit({
    kind: 'forward',
    role: 'forward',
    ...idsOf(htlc),
    incomingMsat: one.outgoingMsat + one.feeMsat,
    outgoingMsat: one.outgoingMsat,
  })
}

/** Lets LND say how a forward ended, and its ForwardingHistory remember it when it settled. */
export function announceEnd(stage: WorldStage, htlc: InFlight, settled: boolean): void {
  const ids = idsOf(htlc)
  stage.emit({ kind: settled ? 'settle' : 'forwardFail', role: 'forward', ...ids })
  // LND hands stored responses to the incoming link again now and then.
  if (stage.draw(htlc.offer.key, 'repeated') < 0.004) {
    stage.after(4_000, () =>
      stage.emit({ kind: settled ? 'settle' : 'forwardFail', role: 'forward', ...ids }),
    )
  }
  if (!settled) return
  const { outgoingMsat, feeMsat } = htlc.offer
  stage.remember({
    at: stage.now,
    incoming: ids.incoming,
    outgoing: ids.outgoing,
    incomingMsat: BigInt(outgoingMsat + feeMsat),
    outgoingMsat: BigInt(outgoingMsat),
    incomingHtlcId: ids.incomingHtlcId,
  })
}

/**
 * Lets LND say that it refused an HTLC. Where it could not be added to the channel `tried`, LND
 * names that one in place of the one asked for, and gives no amounts.
 */
export function announceRefusal(
  stage: WorldStage,
  one: Offer,
  incoming: WorldChannel,
  incomingHtlcId: number,
  refusal: Refusal,
  tried: WorldChannel | undefined,
): void {
  stage.emit({
    kind: 'linkFail',
    role: 'forward',
    incoming: incoming.scid,
    incomingHtlcId,
    outgoing: tried?.scid ?? one.asked,
    incomingMsat: tried ? 0 : one.outgoingMsat + one.feeMsat,
    outgoingMsat: tried ? 0 : one.outgoingMsat,
    wireFailure: refusal.wire,
    failureDetail: refusal.detail,
  })
}

function idsOf({ incoming, incomingId, outgoing, outgoingId }: InFlight) {
  return {
    incoming: incoming.scid,
    incomingHtlcId: incomingId,
    outgoing: outgoing.scid,
    outgoingHtlcId: outgoingId,
  }
}
