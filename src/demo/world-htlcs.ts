import type { Scid } from '../lightning/scid.ts'
import { decide, REFUSALS, type Refusal } from './forwarding.ts'
import { pick } from './random.ts'
import type { WorldChannel } from './world-channel.ts'
import type { Attempt, WorldStage } from './world-stage.ts'

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

const HUNG_MS = 60_000
const TIME_LOCK_DELTA = 80
const FINAL_BLOCKS = 120

/** Has an HTLC offered to the node: it is refused, hangs, or goes out through a channel. */
export function offer(stage: WorldStage, one: Offer): void {
  const amount = one.outgoingMsat + one.feeMsat
  const incoming = incomingFor(stage, one, amount)
  if (!incoming) return end(stage, one, { kind: 'unsent' })
  const incomingId = incoming.receive({
    amountMsat: amount,
    expiryHeight: stage.blockHeight + FINAL_BLOCKS + TIME_LOCK_DELTA,
    forwarding: undefined,
  })
  const ask = { ...one, incoming, incomingMsat: amount }
  const verdict = decide(stage.node, ask, stage.now)
  if ('refusal' in verdict) return refuse(stage, one, incoming, incomingId, verdict.refusal)
  const link = pick(stage.draw(one.key, 'link'), verdict.links)
  if (link) add(stage, one, incoming, incomingId, link)
}

/** The recipient (or someone on the way) decides a forward that is in flight. */
export function resolve(stage: WorldStage, htlc: InFlight, settled: boolean): void {
  const { incoming, outgoing } = htlc
  const { node, now } = stage
  const usableAt = Math.max(
    node.usableAt(outgoing.spec.peer, now),
    node.usableAt(incoming.spec.peer, now),
  )
  if (usableAt > now) return resolveLater(stage, htlc, settled, usableAt)
  if (htlc.decided) return
  htlc.decided = true
  outgoing.endOutgoing(htlc.outgoingId, settled)
  incoming.endIncoming(htlc.incomingId, settled)
  announce(stage, htlc, settled)
  finish(stage, htlc.offer.key, incoming, htlc.incomingId, settled)
  end(stage, htlc.offer, { kind: settled ? 'settled' : 'failed' })
}

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

// The neighbour takes any of its channels with us that has the amount on its side.
function incomingFor(stage: WorldStage, one: Offer, amount: number): WorldChannel | undefined {
  const able = stage.node
    .channelsOf(one.from, stage.now)
    .filter(
      (channel) =>
        channel.receivableMsat >= amount && stage.node.isEligible(channel.spec.peer, stage.now),
    )
  return pick(stage.draw(one.key, 'incoming'), able)
}

function add(
  stage: WorldStage,
  one: Offer,
  incoming: WorldChannel,
  incomingId: number,
  link: WorldChannel,
): void {
  const trouble = stage.draw(one.key, 'trouble')
  if (!link.hasFreeSlot || trouble < 0.002) {
    return refuse(stage, one, incoming, incomingId, REFUSALS.addFailed, link)
  }
  const outgoingId = link.send({
    amountMsat: one.outgoingMsat,
    expiryHeight: stage.blockHeight + FINAL_BLOCKS,
    forwarding: { scid: incoming.scid, htlcId: incomingId },
  })
  const held = incoming.incoming.get(incomingId)
  if (held) held.forwarding = { scid: link.scid, htlcId: outgoingId }
  const htlc = { offer: one, incoming, incomingId, outgoing: link, outgoingId, decided: false }
  announceForward(stage, htlc)
  if (trouble < (link.spec.peer.flaps ? 0.04 : 0.005)) {
    return stage.after(HUNG_MS, () => giveUpHung(stage, htlc))
  }
  stage.after(one.fate.delayMs, () => {
    if (one.fate.succeeds) one.arrived(htlc)
    else resolve(stage, htlc, false)
  })
}

// The peer never acknowledged it: the mailbox gives up after a minute.
function giveUpHung(stage: WorldStage, htlc: InFlight): void {
  htlc.outgoing.endOutgoing(htlc.outgoingId, false)
  htlc.decided = true
  const { offer: one, incoming, incomingId, outgoing } = htlc
  refuse(stage, one, incoming, incomingId, REFUSALS.addFailed, outgoing)
}

function refuse(
  stage: WorldStage,
  one: Offer,
  incoming: WorldChannel,
  incomingId: number,
  refusal: Refusal,
  tried?: WorldChannel,
): void {
  incoming.endIncoming(incomingId, false)
  // Where the HTLC could not be added LND gives no amounts, and the channel it tried.
  const amounts = tried
    ? {}
    : { incomingMsat: one.outgoingMsat + one.feeMsat, outgoingMsat: one.outgoingMsat }
  stage.emit({
    kind: 'linkFail',
    role: 'forward',
    incoming: incoming.scid,
    incomingHtlcId: incomingId,
    outgoing: tried?.scid ?? one.asked,
    ...amounts,
    wireFailure: refusal.wire,
    failureDetail: refusal.detail,
  })
  finish(stage, one.key, incoming, incomingId, false)
  end(stage, one, { kind: 'refused', refusal })
}

// While a peer is away its answers wait; an add that it had not acknowledged is offered again.
function resolveLater(stage: WorldStage, htlc: InFlight, settled: boolean, at: number): void {
  const { outgoing, offer: one } = htlc
  const isAway = stage.node.usableAt(outgoing.spec.peer, stage.now) > stage.now
  if (isAway && stage.draw(one.key, 'replayed') < 0.5) {
    stage.at(at, () => {
      if (htlc.decided) return
      htlc.outgoingId = outgoing.sendAgain(htlc.outgoingId)
      announceForward(stage, htlc)
    })
  }
  stage.at(at + 900, () => resolve(stage, htlc, settled))
}

function announceForward(stage: WorldStage, htlc: InFlight): void {
  const { offer: one } = htlc
  stage.emit({
    kind: 'forward',
    role: 'forward',
    ...idsOf(htlc),
    incomingMsat: one.outgoingMsat + one.feeMsat,
    outgoingMsat: one.outgoingMsat,
  })
}

function announce(stage: WorldStage, htlc: InFlight, settled: boolean): void {
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

function idsOf({ incoming, incomingId, outgoing, outgoingId }: InFlight) {
  return {
    incoming: incoming.scid,
    incomingHtlcId: incomingId,
    outgoing: outgoing.scid,
    outgoingHtlcId: outgoingId,
  }
}

function end(stage: WorldStage, one: Offer, outcome: Outcome): void {
  const attempt: Attempt = {
    key: one.key,
    at: stage.now,
    from: one.from,
    to: one.to,
    outgoingMsat: one.outgoingMsat,
    outcome: outcome.kind,
    refusal: outcome.kind === 'refused' ? outcome.refusal : undefined,
    feeMsat: one.feeMsat,
  }
  stage.trace?.(attempt)
  one.ended(outcome)
}
