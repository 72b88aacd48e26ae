import type { LndBackend } from '../../src/demo/lnd-server.ts'
import type { Channel, ChannelPolicies, Policy } from '../../src/lightning/channel.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { channel } from '../support/events.ts'

// Of each listing one channel in twenty has another balance than before.
const MOVING = 20
const CAPACITY_MSAT = 5_000_000_000n

const POLICY: Policy = {
  baseFeeMsat: 1_000n,
  feeRatePpm: 250,
  inboundBaseFeeMsat: 0n,
  inboundFeeRatePpm: 0,
  minHtlcMsat: 1_000n,
  maxHtlcMsat: CAPACITY_MSAT,
  timeLockDelta: 80,
  disabled: false,
  updatedAt: 0,
}

export type SoakNode = LndBackend & {
  /** It has all of its channels now, and its history of forwards can be read. */
  grow(): void
}

// Of a node that is young: each reconnect lists them all.
const FIRST_CHANNELS = 20

/**
 * A node with these channels, whose balances move from listing to listing. At first it has few of
 * them, and cannot read its history.
 */
export function soakNode(scids: readonly Scid[]): SoakNode {
  const channels: Channel[] = scids.map((scid) => channel(scid, { capacityMsat: CAPACITY_MSAT }))
  const known = new Set(scids)
  let listings = 0
  let isGrown = false
  return {
    grow() {
      isGrown = true
    },
    state: () => 'SERVER_ACTIVE',
    nodeInfo: () => ({
      pubkey: `03${'a'.repeat(64)}`,
      alias: 'soak',
      version: '0.20.0-beta commit=v0.20.0-beta',
      network: 'mainnet',
      blockHeight: 905_398,
      syncedToChain: true,
      syncedToGraph: true,
    }),
    channels: () => {
      listings += 1
      for (let i = listings % MOVING; i < channels.length; i += MOVING) {
        const moved = channels[i]
        const localMsat = (CAPACITY_MSAT * BigInt((i + listings) % 100)) / 100n
        if (moved) channels[i] = { ...moved, localMsat, remoteMsat: CAPACITY_MSAT - localMsat }
      }
      return isGrown ? channels : channels.slice(0, FIRST_CHANNELS)
    },
    policies: (scid): ChannelPolicies | undefined =>
      known.has(scid) ? { scid, own: POLICY, peer: POLICY } : undefined,
    forwards() {
      if (!isGrown) throw new Error('the history is not at hand')
      return []
    },
  }
}
