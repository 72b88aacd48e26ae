import { channelUsage } from '../../messages/mistakes.ts'
import { doneNoted, nothingToMeasure } from '../../messages/track.ts'
import type { Command } from '../command.ts'
import { readNamed, whichChannel } from '../which-channel.ts'

/** Takes note that a recommended rebalance was made, so that its forecast is measured. */
export const done: Command = {
  name: 'done',
  topic: 'missed',
  isAnalysed: true,
  usage: 'alias or id',
  summary: 'I have rebalanced into this channel: measure the forecast',
  changes: () => true,
  async run(words, { ports }) {
    const named = readNamed(words)
    if (named.text === '') return { messages: [channelUsage('done')] }
    const which = whichChannel(ports.memory, 'done', named)
    if (which.kind === 'unclear') return { messages: which.messages }
    const { scid, alias } = which
    const isMeasured = await ports.analyzer.done(scid)
    return { messages: [isMeasured ? doneNoted(scid, alias) : nothingToMeasure(scid, alias)] }
  },
}
