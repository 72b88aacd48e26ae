import { type AlertText, detailsButton, nameOf } from './alert-text.ts'
import { spikeCause, spikeFigures, spikeHeadline } from './spike-text.ts'

export const spikePeerText: AlertText = {
  kind: 'spike.peer',
  label: 'Spike over all channels of a peer',
  headline: (view) => spikeHeadline(view, `${nameOf(view)}, all channels`),
  lines: (view) => [spikeFigures(view), ...spikeCause(view)],
  over: () => 'back to normal on all channels',
  details: detailsButton,
}
