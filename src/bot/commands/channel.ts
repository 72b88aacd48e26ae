import type { Scid } from '../../lightning/scid.ts'
import { channelMessages } from '../../messages/channel.ts'
import { chooseChannel, noChannel } from '../../messages/matches.ts'
import { channelUsage } from '../../messages/mistakes.ts'
import { WINDOWS, type Window } from '../../stats/views.ts'
import type { Asked, Command, Reply } from '../command.ts'

/** Shows one channel whole. */
export const channel: Command = {
  name: 'channel',
  usage: 'alias or id',
  summary: 'One channel: balance, fees, what it earned, what was refused, why, what to do',
  async run(words, asked) {
    const { text, window, asNew } = readWords(words, asked.isPress)
    if (text === '') return { messages: [channelUsage()] }
    const matches = asked.ports.memory.find(text)
    const [only, ...others] = matches
    if (only === undefined) return { messages: [noChannel(text)] }
    if (others.length > 0) return { messages: [chooseChannel(text, matches, window)] }
    return { ...(await show(only.scid, text, window, asked)), asNew }
  },
}

async function show(
  scid: Scid,
  text: string,
  window: Window,
  { ports, reading }: Asked,
): Promise<Reply> {
  const { memory } = ports
  const view = memory.channel(scid, window, reading.now)
  if (view === undefined) return { messages: [noChannel(text)] }
  const aliasOf = (other: Scid) => memory.channel(other, window, reading.now)?.alias ?? ''
  const managed = await ports.managed?.(scid, view.pubkey)
  const data = { view, window, lnd: ports.lnd(), managed, aliasOf }
  return { messages: channelMessages(data, reading) }
}

/** Reads `part of alias 7d`; a button may end in `new`, to keep the list that it stands under. */
function readWords(words: readonly string[], isPress: boolean) {
  const asNew = isPress && words.at(-1) === 'new'
  const asked = asNew ? words.slice(0, -1) : words
  const last = asked.at(-1)?.toLowerCase()
  // A name alone may read like a window.
  const window = asked.length > 1 ? WINDOWS.find((name) => name === last) : undefined
  const text = (window === undefined ? asked : asked.slice(0, -1)).join(' ')
  return { text, window: window ?? '24h', asNew }
}
