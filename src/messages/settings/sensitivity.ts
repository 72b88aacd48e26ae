import { SENSITIVITIES, type Sensitivity } from '../../analyzer/reading.ts'
import { tenthsOf } from '../format.ts'
import { html } from '../html.ts'
import { choice, type Message } from '../message.ts'
import { settingsPage } from './page.ts'

/** How readily spikes ring, and what that would mean by the node's own history. */
export function sensitivityPage(
  chosen: Sensitivity,
  predictedPerWeek: (sensitivity: Sensitivity) => number | undefined,
): Message {
  const lines = SENSITIVITIES.map((sensitivity) => {
    const predicted = predictedPerWeek(sensitivity)
    return html`${LABELS[sensitivity]}: ${BUDGETS[sensitivity]}${
      predicted === undefined ? '' : `; ${historyText(predicted)}`
    }`
  })
  const isKnown = predictedPerWeek(chosen) !== undefined
  return settingsPage(
    'How readily spikes of refusals ring',
    [
      ...lines,
      isKnown ? undefined : html`What it means for this node is known after a day or so.`,
      html`LND lost, peers away and thresholds do not depend on it.`,
    ],
    [
      SENSITIVITIES.map((one) =>
        choice(LABELS[one], one === chosen, 'settings', 'sensitivity', one),
      ),
    ],
  )
}

export function sensitivityLabel(sensitivity: Sensitivity): string {
  return LABELS[sensitivity]
}

const LABELS: Readonly<Record<Sensitivity, string>> = { low: 'Low', normal: 'Normal', high: 'High' }

const BUDGETS: Readonly<Record<Sensitivity, string>> = {
  low: 'one false alarm a month at most',
  normal: 'one a week at most',
  high: 'one a day at most',
}

/** The past does not tell which of its spikes were false: all of them are counted. */
function historyText(perWeek: number): string {
  if (perWeek < 0.1) return 'would not have rung here'
  return `would have rung ${times(Math.round(perWeek * 10))} a week here, real ones included`
}

function times(tenths: number): string {
  return tenths === 10 ? 'once' : `${tenthsOf(tenths)} times`
}
