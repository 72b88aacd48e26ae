import { SENSITIVITIES, type Sensitivity } from '../../analyzer/reading.ts'
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
      predicted === undefined ? '' : `, about ${rate(predicted)} a week by your own history`
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

function rate(perWeek: number): string {
  return perWeek < 0.1 ? 'none' : `${Math.round(perWeek * 10) / 10}`
}
