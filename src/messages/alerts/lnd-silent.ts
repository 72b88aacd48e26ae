import { duration, localTime } from '../format.ts'
import { html } from '../html.ts'
import { button } from '../message.ts'
import { type AlertText, doLine, nameOf } from './alert-text.ts'

export const lndSilentText: AlertText = {
  kind: 'lnd.silent',
  label: 'LND says nothing',
  headline: (view) => `${nameOf(view)}: connected, but LND says nothing`,
  lines({ alert: { facts } }, reading) {
    if (facts.kind !== 'silence') return []
    return [
      html`No event since ${localTime(facts.since, reading)}; usually one every ${duration(facts.usualGapMs)}`,
      html`Cause: no payment reaches this node, or LND hangs`,
      doLine(
        'see whether peers are connected (lncli listpeers) and the chain is synced (lncli getinfo).',
      ),
    ]
  },
  over: () => 'events come again',
  details: () => button('📊 Details', 'status'),
}
