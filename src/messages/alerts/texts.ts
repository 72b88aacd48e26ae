import type { AlertKind } from '../../analyzer/reading.ts'
import { type AlertText, detailsButton, nameOf } from './alert-text.ts'
import { botDeliveryText } from './bot-delivery.ts'
import { liqLowText } from './liq-low.ts'
import { lndDownText } from './lnd-down.ts'
import { lndSilentText } from './lnd-silent.ts'
import { peerOfflineText } from './peer-offline.ts'
import { revenueMissedText } from './revenue-missed.ts'
import { spikeDownstreamText } from './spike-downstream.ts'
import { spikeLocalText } from './spike-local.ts'
import { spikeNodeText } from './spike-node.ts'
import { spikePeerText } from './spike-peer.ts'

/** The words of all kinds, in the order in which settings list them. */
export const ALERT_TEXTS: readonly AlertText[] = [
  lndDownText,
  lndSilentText,
  peerOfflineText,
  spikeNodeText,
  spikePeerText,
  spikeLocalText,
  spikeDownstreamText,
  liqLowText,
  revenueMissedText,
  botDeliveryText,
]

const BY_KIND = new Map(ALERT_TEXTS.map((text) => [text.kind, text]))

/** Returns the words of a kind; of one without, as an older store may hold, its name. */
export function alertText(kind: AlertKind): AlertText {
  return BY_KIND.get(kind) ?? { kind, label: kind, ...NAMELESS }
}

const NAMELESS: Omit<AlertText, 'kind' | 'label'> = {
  headline: (view) => `${nameOf(view)}: ${view.alert.kind}`,
  lines: () => [],
  over: () => 'over',
  details: detailsButton,
}
