import type { ChannelMatch, Window } from '../stats/views.ts'
import { count, shortSat } from './format.ts'
import { html, join } from './html.ts'
import { button, type Message, message } from './message.ts'
import { channelName, quoted, shownId } from './names.ts'

// Beyond that a button list is longer than a phone's screen.
const SHOWN_MATCHES = 10

/** Asks which of several channels was meant, a button of the command for each. */
export function chooseChannel(
  text: string,
  matches: readonly ChannelMatch[],
  window: Window,
  command: string,
): Message {
  const shown = matches.slice(0, SHOWN_MATCHES)
  const more = matches.length > shown.length ? html`More match: write more of the name.` : undefined
  const asked = html`<b>Which channel?</b> ${count(matches.length)} match <code>${quoted(text)}</code>.`
  return message(
    join([asked, more]),
    shown.map((match) => [button(labelOf(match), command, match.scid, window)]),
  )
}

/** Says that no channel matches, and how channels are named. */
export function noChannel(text: string): Message {
  return message(html`<b>No channel of this node matches</b> <code>${quoted(text, 80)}</code>
Write part of the peer's alias, the channel's id (<code>800123x45x1</code>, <code>800123:45:1</code> or LND's long number), or its channel point <code>txid:n</code>. /top lists channels.`)
}

function labelOf({ scid, alias, capacityMsat, closed }: ChannelMatch): string {
  const name = channelName(alias, scid)
  const shown = shownId(scid)
  const id = name === shown ? '' : ` ${shown}`
  const size = capacityMsat === undefined ? '' : ` ${shortSat(capacityMsat)}`
  return `${name}${id}${size}${closed ? ' closed' : ''}`
}
