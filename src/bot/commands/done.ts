import { channelUsage } from '../../messages/mistakes.ts'
import { doneNoted, doneUndone, nothingToDo } from '../../messages/track.ts'
import type { Command } from '../command.ts'
import { readNamed, whichChannel } from '../which-channel.ts'

/** Takes note that a recommended rebalance was made, so that its forecast is measured. */
export const done: Command = {
  name: 'done',
  usage: 'alias or id',
  summary: 'I have rebalanced into this channel: measure the forecast',
  changes: () => true,
  async run(words, { ports, isPress }) {
    const isUndo = isPress && words.at(-1) === 'undo'
    const named = readNamed(isUndo ? words.slice(0, -1) : words)
    if (named.text === '') return { messages: [channelUsage('done')] }
    const which = whichChannel(ports.memory, 'done', named)
    if (which.kind === 'unclear') return { messages: which.messages }
    const { scid, alias } = which
    const forecast = await ports.analyzer.done(scid, !isUndo)
    if (isUndo) return { messages: [doneUndone(scid, alias)] }
    return { messages: [forecast ? doneNoted(forecast) : nothingToDo(scid, alias)] }
  },
}
