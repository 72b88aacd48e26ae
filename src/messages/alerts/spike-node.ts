import { type AlertText, detailsButton } from './alert-text.ts'
import { spikeCause, spikeFigures, spikeHeadline } from './spike-text.ts'

export const spikeNodeText: AlertText = {
  kind: 'spike.node',
  label: 'Spike over the whole node',
  headline: (view) => spikeHeadline(view, 'Whole node'),
  lines: (view) => [spikeFigures(view), ...spikeCause(view)],
  over: () => 'back to normal over the whole node',
  details: detailsButton,
}
