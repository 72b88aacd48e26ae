import type { AlertRule } from './kind.ts'
import { botDelivery } from './kinds/bot-delivery.ts'
import { liqLow } from './kinds/liq-low.ts'
import { lndDown } from './kinds/lnd-down.ts'
import { lndSilent } from './kinds/lnd-silent.ts'
import { peerOffline } from './kinds/peer-offline.ts'
import { revenueMissed } from './kinds/revenue-missed.ts'
import { spikeDownstream } from './kinds/spike-downstream.ts'
import { spikeLocal } from './kinds/spike-local.ts'
import { spikeNode } from './kinds/spike-node.ts'
import { spikePeer } from './kinds/spike-peer.ts'

/** All kinds of alert; those that absorb come before what they absorb. */
export const KINDS: readonly AlertRule[] = [
  lndDown,
  botDelivery,
  lndSilent,
  spikeNode,
  peerOffline,
  spikePeer,
  liqLow,
  spikeLocal,
  spikeDownstream,
  revenueMissed,
]
