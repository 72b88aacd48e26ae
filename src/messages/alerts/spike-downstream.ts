import { html } from '../html.ts'
import { type AlertText, detailsButton, doLine, nameOf } from './alert-text.ts'
import { spikeFigures, spikeHeadline } from './spike-text.ts'

export const spikeDownstreamText: AlertText = {
  kind: 'spike.downstream',
  label: 'Spike of failures beyond a peer',
  headline: (view) => spikeHeadline(view, nameOf(view), 'failed further on'),
  lines: (view) => [
    spikeFigures(view),
    html`Cause: beyond our peer; only the payers know it. We forwarded them.`,
    doLine('nothing here: fees and balance of this channel are not the reason.'),
  ],
  over: () => 'back to normal further on',
  details: detailsButton,
}
