import { channelUsage } from '../../messages/mistakes.ts'
import { alreadyMeasured, doneNoted, nothingToMeasure } from '../../messages/track.ts'
import type { Command } from '../command.ts'
import { readNamed, whichChannel } from '../which-channel.ts'

const ANSWERS = { begun: doneNoted, running: alreadyMeasured, 'not-there': nothingToMeasure }

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
    const outcome = await ports.analyzer.done(scid)
    return { messages: [ANSWERS[outcome](scid, alias)] }
  },
}
