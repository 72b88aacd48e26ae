import { counted, duration, localTime, shortSat } from '../format.ts'
import { html } from '../html.ts'
import { isPrivate } from '../reader.ts'
import { type AlertText, detailsButton, doLine, nameOf } from './alert-text.ts'

export const peerOfflineText: AlertText = {
  kind: 'peer.offline',
  label: 'Peer away',
  headline(view) {
    const { facts, firedAt } = view.alert
    if (facts.kind !== 'peer-offline') return nameOf(view)
    return `${nameOf(view)}: offline for ${duration(firedAt - facts.since)}`
  },
  lines(view, reading) {
    const { facts, subject } = view.alert
    if (facts.kind !== 'peer-offline') return []
    const { channels, capacityMsat, demands, since } = facts
    const pubkey = isPrivate() ? 'PUBKEY' : subject.slice('peer:'.length)
    return [
      html`Since ${localTime(since, reading)}: ${counted(channels, 'channel')}, ${shortSat(capacityMsat)}${demands > 0 ? `, ${counted(demands, 'payment')} refused` : ''}`,
      html`Cause: LND has no connection to it <code>UNKNOWN_NEXT_PEER</code>`,
      doLine('connect it again; its address is in lncli getnodeinfo:'),
      html`<code>lncli connect ${pubkey}@HOST:PORT</code>`,
      html`Don't move sats or change fees: while it is away neither helps.`,
    ]
  },
  over: () => 'online again',
  details: detailsButton,
}
