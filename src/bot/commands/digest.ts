import { DIGEST_WINDOWS, type DigestPeriod } from '../../analyzer/digest.ts'
import { wrongDigestWord } from '../../messages/mistakes.ts'
import type { Asked, Command, Reply } from '../command.ts'
import { ASKED_FOR, writeDigest } from '../digests.ts'
import { windowOf } from '../window-word.ts'

/** Sums up a day, a week or a month, up to now. */
export const digest: Command = {
  name: 'digest',
  topic: 'missed',
  usage: 'week',
  summary: 'How the last day, week or month went, and what to do',
  run([word = 'day'], asked) {
    const period = PERIODS.find((one) => DIGEST_WINDOWS[one] === windowOf(word))
    return period ? sumUp(period, asked) : { messages: [wrongDigestWord(word)] }
  },
}

const PERIODS = Object.keys(DIGEST_WINDOWS) as DigestPeriod[]

async function sumUp(period: DigestPeriod, { ports, chat, reading }: Asked): Promise<Reply> {
  const made = await ports.digests.make(period)
  const about = { chatId: chat.id, digest: made, sending: ASKED_FOR }
  return { messages: [writeDigest(ports, about, reading)] }
}
