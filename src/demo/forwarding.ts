import type { Scid } from '../lightning/scid.ts'
import type { WorldChannel } from './world-channel.ts'
import type { WorldNode } from './world-node.ts'
import { feeMsat, inboundFeeMsat, policyAt } from './world-policies.ts'

/** LND's numbers of `lnrpc.Failure.FailureCode` and `routerrpc.FailureDetail` for a refusal. */
export type Refusal = { wire: number; detail: number }

/** Why our switch turns HTLCs away; the numbers are those of LND's protos. */
export const REFUSALS = {
  insufficientBalance: { wire: 15, detail: 6 },
  exceedsMax: { wire: 15, detail: 5 },
  belowMinimum: { wire: 11, detail: 1 },
  feeInsufficient: { wire: 12, detail: 1 },
  unknownNextPeer: { wire: 18, detail: 1 },
  linkNotEligible: { wire: 18, detail: 3 },
  circularRoute: { wire: 15, detail: 22 },
  addFailed: { wire: 15, detail: 8 },
  unknownInvoice: { wire: 1, detail: 19 },
} as const satisfies Record<string, Refusal>

export type ForwardAsk = {
  incoming: WorldChannel
  asked: Scid
  incomingMsat: number
  outgoingMsat: number
}

/** The links that accept the HTLC, or the refusal of the channel that was asked for. */
export type Verdict = { links: readonly WorldChannel[] } | { refusal: Refusal }

/**
 * Decides on a forward in the order of LND `htlcswitch/switch.go` since 0.17: circular, link
 * lookup, then for each link of that peer: eligible, fee, least, most, balance. Any link of the
 * peer that accepts may carry it; when none does, the refusal is that of the link asked for.
 */
export function decide(node: WorldNode, ask: ForwardAsk, at: number): Verdict {
  if (isCircular(ask)) return { refusal: REFUSALS.circularRoute }
  const asked = node.find(ask.asked, at)
  if (!asked || !node.isOnline(asked.spec.peer, at)) return { refusal: REFUSALS.unknownNextPeer }
  const links = node.channelsOf(asked.spec.peer.name, at)
  const accepting = links.filter((link) => check(node, link, ask, at) === undefined)
  if (accepting.length > 0) return { links: accepting }
  return { refusal: check(node, asked, ask, at) ?? REFUSALS.unknownNextPeer }
}

function check(
  node: WorldNode,
  link: WorldChannel,
  ask: ForwardAsk,
  at: number,
): Refusal | undefined {
  if (!node.isEligible(link.spec.peer, at)) return REFUSALS.linkNotEligible
  const policy = policyAt(link.spec, at, link.openedAt)
  const fee = feeMsat(policy, ask.outgoingMsat)
  const required = fee + inboundFeeMsat(ask.incoming.spec, ask.outgoingMsat + fee)
  if (ask.incomingMsat - ask.outgoingMsat < required) return REFUSALS.feeInsufficient
  if (ask.outgoingMsat < policy.minHtlcMsat) return REFUSALS.belowMinimum
  if (ask.outgoingMsat > policy.maxHtlcMsat) return REFUSALS.exceedsMax
  return ask.outgoingMsat > link.bandwidthMsat ? REFUSALS.insufficientBalance : undefined
}

function isCircular({ incoming, asked }: ForwardAsk): boolean {
  return incoming.scid === asked || incoming.spec.aliases.includes(asked)
}
