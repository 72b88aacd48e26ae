import { type AlertText, detailsButton, nameOf } from './alert-text.ts'
import { spikeCause, spikeFigures, spikeHeadline } from './spike-text.ts'

export const spikeLocalText: AlertText = {
  kind: 'spike.local',
  label: 'Spike of refusals on a channel',
  headline: (view) => spikeHeadline(view, nameOf(view)),
  lines: (view) => [spikeFigures(view), ...spikeCause(view)],
  over: () => 'back to normal',
  details: detailsButton,
}
