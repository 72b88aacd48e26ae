import type { Scid } from '../../lightning/scid.ts'
import { channelMessages } from '../../messages/channel.ts'
import {
  CHANNEL_SECTIONS,
  type ChannelSection,
  sectionMessages,
} from '../../messages/channel-sections.ts'
import { noChannel } from '../../messages/matches.ts'
import type { Message } from '../../messages/message.ts'
import { channelUsage } from '../../messages/mistakes.ts'
import type { ChannelView, Window } from '../../stats/views.ts'
import type { Asked, Command } from '../command.ts'
import { readNamed, whichChannel } from '../which-channel.ts'

/** Shows one channel: what was missed, what to do, and what is there today. */
export const channel: Command = {
  name: 'channel',
  topic: 'missed',
  isAnalysed: true,
  usage: 'alias or id',
  summary: 'One channel: what it missed, what to do, how it stands',
  async run(words, asked) {
    const { rest, section, asNew } = readButton(words, asked.isPress)
    const named = readNamed(rest)
    if (named.text === '') return { messages: [channelUsage()] }
    const { memory } = asked.ports
    const which = whichChannel(memory, 'channel', named)
    if (which.kind === 'unclear') return { messages: which.messages }
    const view = memory.channel(which.scid, named.window, asked.reading.now)
    if (view === undefined) return { messages: [noChannel(named.text)] }
    const messages =
      section === undefined
        ? show(view, named.window, asked)
        : await showSection(view, named.window, section, asked)
    return { messages, asNew }
  },
}

function show(view: ChannelView, window: Window, { ports, reading }: Asked): readonly Message[] {
  const found = ports.analyzer.opportunities(window)
  const opportunity = found?.rows.find(({ scid }) => scid === view.scid)
  const analysed = found && opportunity && { at: found.at, opportunity }
  if (opportunity) ports.analyzer.given([opportunity])
  return channelMessages({ view, window, lnd: ports.lnd(), analysed }, reading)
}

async function showSection(
  view: ChannelView,
  window: Window,
  section: ChannelSection,
  { ports, reading }: Asked,
): Promise<readonly Message[]> {
  const { memory } = ports
  const managed = section === 'balance' ? await ports.managed?.(view.scid, view.pubkey) : undefined
  const aliasOf = (other: Scid) => memory.channel(other, window, reading.now)?.alias ?? ''
  return sectionMessages({ view, window, section, lnd: ports.lnd(), managed, aliasOf }, reading)
}

/** Takes off what only buttons say last: a section, or `new`, to keep the list that it is under. */
function readButton(words: readonly string[], isPress: boolean) {
  const last = words.at(-1)
  const section = isPress ? CHANNEL_SECTIONS.find((name) => name === last) : undefined
  const asNew = isPress && last === 'new'
  const rest = section !== undefined || asNew ? words.slice(0, -1) : words
  return { rest, section, asNew }
}
