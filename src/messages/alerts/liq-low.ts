import { counted, duration, percent, shortSat } from '../format.ts'
import { html } from '../html.ts'
import { type AlertText, detailsButton, doLine, nameOf } from './alert-text.ts'

export const liqLowText: AlertText = {
  kind: 'liq.low',
  label: 'Outbound nearly empty',
  headline(view) {
    const { facts } = view.alert
    if (facts.kind !== 'liquidity') return nameOf(view)
    const { localMsat, capacityMsat, refusedDemands, emptyInMs } = facts
    const left = `${nameOf(view)}: outbound ${percent(localMsat, capacityMsat)}`
    if (refusedDemands > 0) return `${left}, ${counted(refusedDemands, 'payment')} refused in 1 h`
    return emptyInMs === undefined ? left : `${left}, empty in ${duration(emptyInMs)}`
  },
  lines: ({ alert: { facts } }) => [
    facts.kind === 'liquidity'
      ? html`${shortSat(facts.localMsat)} left to send, of ${shortSat(facts.capacityMsat)}`
      : undefined,
    html`Cause: more goes out than comes in <code>INSUFFICIENT_BALANCE</code>`,
    doLine('move sats into the channel if its fees pay for that, or raise its fee.'),
    html`Don't lower the fee: it would empty sooner.`,
  ],
  over: () => 'can send again',
  details: detailsButton,
}
