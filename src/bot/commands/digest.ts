import type { DigestPeriod } from '../../analyzer/digest.ts'
import { wrongDigestWord } from '../../messages/mistakes.ts'
import type { Asked, Command, Reply } from '../command.ts'
import { ASKED_FOR, writeDigest } from '../digests.ts'

/** Sums up a day, a week or a month, up to now. */
export const digest: Command = {
  name: 'digest',
  topic: 'missed',
  isAnalysed: true,
  usage: 'week',
  summary: 'How the last day, week or month went, and what to do',
  run([word = 'day'], asked) {
    const period = PERIODS[word.toLowerCase()]
    return period ? sumUp(period, asked) : { messages: [wrongDigestWord(word)] }
  },
}

// As people write them.
const PERIODS: Readonly<Record<string, DigestPeriod>> = {
  day: 'day',
  daily: 'day',
  today: 'day',
  '24h': 'day',
  '1d': 'day',
  week: 'week',
  weekly: 'week',
  '7d': 'week',
  '1w': 'week',
  month: 'month',
  monthly: 'month',
  '30d': 'month',
  '1m': 'month',
}

async function sumUp(period: DigestPeriod, { ports, chat, reading }: Asked): Promise<Reply> {
  const made = await ports.digests.make(period)
  const about = { chatId: chat.id, digest: made, sending: ASKED_FOR }
  return { messages: [writeDigest(ports, about, reading)] }
}
