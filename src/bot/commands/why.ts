import { meantTerm } from '../../messages/failure-terms.ts'
import { whyMessage, whyUsage } from '../../messages/why.ts'
import type { Command } from '../command.ts'

/** Explains a term of LND for a failure in plain words. */
export const why: Command = {
  name: 'why',
  topic: 'missed',
  usage: '15/6',
  summary: 'What a failure of LND means, what to do and what not',
  run(words, { ports, reading }) {
    const { refused } = ports.memory.node('7d', reading.now).forwards
    const asked = words.join(' ')
    const answer = asked === '' ? whyUsage(refused) : whyMessage(asked, meantTerm(asked), refused)
    return { messages: [answer] }
  },
}
