import { localTime } from '../format.ts'
import { html } from '../html.ts'
import { lndText } from '../lnd-states.ts'
import { button } from '../message.ts'
import { type AlertText, type AlertView, doLine, nameOf } from './alert-text.ts'

export const lndDownText: AlertText = {
  kind: 'lnd.down',
  label: 'LND lost',
  headline: (view) => `${nameOf(view)}: ${wordsOf(view)?.title ?? 'LND is lost'}`,
  lines(view, reading) {
    const words = wordsOf(view)
    const { facts } = view.alert
    if (words === undefined || facts.kind !== 'lnd') return []
    return [
      html`Blind since ${localTime(facts.since, reading)}: what is refused until then is never known.`,
      doLine(words.does),
    ]
  },
  over: () => 'LND is back',
  details: () => button('📊 Details', 'status'),
}

function wordsOf({ alert: { facts } }: AlertView) {
  return facts.kind === 'lnd' ? lndText(facts.state) : undefined
}
