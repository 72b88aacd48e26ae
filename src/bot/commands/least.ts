import { type LeastText, leastMessage, wrongLeast } from '../../messages/least.ts'
import { leastOf } from '../chats.ts'
import type { Command } from '../command.ts'

/** Shows or changes the fewest demands and sats for which /top lists a channel in this chat. */
export const least: Command = {
  name: 'least',
  topic: 'missed',
  usage: '3 demands 50 sat',
  summary: 'The least demands and sats for /top to list a channel',
  changes: (words) => words.length > 0,
  async run(words, { chat, chats }) {
    const read = readLeast(words, leastOf(chat))
    if ('wrong' in read) return { messages: [wrongLeast(read.wrong)] }
    const isNone = read.demands === 0 && read.sat === 0
    if (words.length > 0) await chats.update(chat.id, { least: isNone ? undefined : read })
    return { messages: [leastMessage(read)] }
  },
}

/** Reads `3 demands 50 sat`, either alone, `3 50`, or `all`; what is not said stays as it is. */
function readLeast(words: readonly string[], before: LeastText): LeastText | { wrong: string } {
  const text = words.join(' ').toLowerCase()
  if (text === '') return before
  if (text === 'all') return { demands: 0, sat: 0 }
  const bare = /^(\d{1,6}) (\d{1,9})$/.exec(text)
  if (bare !== null) return { demands: Number(bare[1]), sat: Number(bare[2]) }
  const said = /^(?:(\d{1,6}) ?demands?)? ?(?:(\d{1,9}) ?sats?)?$/.exec(text)
  if (said === null) return { wrong: words.join(' ') }
  const [, demands = before.demands, sat = before.sat] = said
  return { demands: Number(demands), sat: Number(sat) }
}
