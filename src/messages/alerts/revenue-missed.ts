import { approx, approxSat } from '../estimate.ts'
import { sat } from '../format.ts'
import { html } from '../html.ts'
import { type AlertText, detailsButton, doLine, nameOf } from './alert-text.ts'
import { balanceLine } from './spike-text.ts'

export const revenueMissedText: AlertText = {
  kind: 'revenue.missed',
  label: 'Fees missed in a day',
  headline(view) {
    const { facts } = view.alert
    if (facts.kind !== 'revenue') return nameOf(view)
    return `${nameOf(view)}: missed ${approxSat(facts.missed.expectedMsat)} in 24 h`
  },
  lines(view) {
    const { facts } = view.alert
    if (facts.kind !== 'revenue') return []
    const { missed, earnedMsat } = facts
    return [
      html`Fees expected: ${approx(missed)}; earned ${sat(earnedMsat)}`,
      balanceLine(view),
      html`From how much on this is told: /settings`,
      doLine('open the details: they name the one step that pays most.'),
    ]
  },
  over: () => 'misses little again',
  details: detailsButton,
}
