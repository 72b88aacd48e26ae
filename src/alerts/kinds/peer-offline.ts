import type { Reading } from '../../analyzer/reading.ts'
import { type AlertRule, MINUTE_MS } from '../kind.ts'

/** A peer that matters has been away for a quarter of an hour. */
export const peerOffline: AlertRule = {
  kind: 'peer.offline',
  severity: 'warn',
  waitMs: () => 15 * MINUTE_MS,
  calmMs: 5 * MINUTE_MS,
  absorbedBy: [{ kind: 'lnd.down', of: 'node' }],
}

/** A peer and its channels as LND lists them. */
export type PeerInput = {
  pubkey: string
  /** Whether none of its channels may forward now. */
  isOffline: boolean
  /** Epoch ms since when, as far as is known; for display. */
  since: number
  channels: number
  capacityMsat: bigint
  nodeCapacityMsat: bigint
  /** Settled forwards a day through its channels, either way. */
  forwardsPerDay: number
  /** Distinct demands refused because it was away. */
  demands: number
}

/** Fires for a peer with a forward a day or a hundredth of the node's capacity. */
export function readPeer(input: PeerInput): Reading {
  const { pubkey, isOffline, since, channels, capacityMsat, demands } = input
  const matters = input.forwardsPerDay >= 1 || capacityMsat * 100n >= input.nodeCapacityMsat
  return {
    kind: 'peer.offline',
    subject: `peer:${pubkey}`,
    severity: peerOffline.severity,
    level: isOffline ? (matters ? 'fire' : 'hold') : 'calm',
    facts: { kind: 'peer-offline', since, channels, capacityMsat, demands },
  }
}
