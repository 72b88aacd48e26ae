import { decide, REFUSALS, type Refusal } from './forwarding.ts'
import { pick } from './random.ts'
import type { WorldChannel } from './world-channel.ts'
import { announceEnd, announceForward, announceRefusal, finish } from './world-events.ts'
import type { InFlight, Offer, Outcome } from './world-offer.ts'
import type { Attempt, WorldStage } from './world-stage.ts'

const HUNG_MS = 60_000
const TIME_LOCK_DELTA = 80
const FINAL_BLOCKS = 120

/** Has an HTLC offered to the node: it is refused, hangs, or goes out through a channel. */
export function offer(stage: WorldStage, one: Offer): void {
  const amount = one.outgoingMsat + one.feeMsat
  const incoming = incomingFor(stage, one, amount)
  if (!incoming) {
    end(stage, one, { kind: 'unsent' })
    return
  }
  const incomingId = incoming.receive({
    amountMsat: amount,
    expiryHeight: stage.blockHeight + FINAL_BLOCKS + TIME_LOCK_DELTA,
    forwarding: undefined,
  })
  const ask = { ...one, incoming, incomingMsat: amount }
  const verdict = decide(stage.node, ask, stage.now)
  if ('refusal' in verdict) {
    refuse(stage, one, incoming, incomingId, verdict.refusal)
    return
  }
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
  if (usableAt > now) {
    resolveLater(stage, htlc, settled, usableAt)
    return
  }
  if (htlc.decided) return
  htlc.decided = true
  outgoing.endOutgoing(htlc.outgoingId, settled)
  incoming.endIncoming(htlc.incomingId, settled)
  announceEnd(stage, htlc, settled)
  finish(stage, htlc.offer.key, incoming, htlc.incomingId, settled)
  end(stage, htlc.offer, { kind: settled ? 'settled' : 'failed' })
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
    refuse(stage, one, incoming, incomingId, REFUSALS.addFailed, link)
    return
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
  if (trouble < (link.spec.peer.outages ? 0.04 : 0.005)) {
    stage.after(HUNG_MS, () => giveUpHung(stage, htlc))
    return
  }
  if (stage.draw(one.key, 'reconnects') < (link.spec.peer.outages ? 0.03 : 0.001)) {
    stage.after(one.fate.delayMs / 2, () => addAgain(stage, htlc))
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
  announceRefusal(stage, one, incoming, incomingId, refusal, tried)
  finish(stage, one.key, incoming, incomingId, false)
  end(stage, one, { kind: 'refused', refusal })
}

// After a short reconnection LND offers again what the peer had not acknowledged.
function addAgain(stage: WorldStage, htlc: InFlight): void {
  if (htlc.decided) return
  htlc.outgoingId = htlc.outgoing.sendAgain(htlc.outgoingId)
  announceForward(stage, htlc)
}

// While a peer is away its answers wait; an add that it had not acknowledged is offered again.
function resolveLater(stage: WorldStage, htlc: InFlight, settled: boolean, at: number): void {
  const { outgoing, offer: one } = htlc
  const isAway = stage.node.usableAt(outgoing.spec.peer, stage.now) > stage.now
  if (isAway && stage.draw(one.key, 'replayed') < 0.5) stage.at(at, () => addAgain(stage, htlc))
  stage.at(at + 900, () => resolve(stage, htlc, settled))
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
