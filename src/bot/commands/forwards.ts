import type { Scid } from '../../lightning/scid.ts'
import { FORWARDS_PAGE, type ForwardsQuestion, forwardsMessage } from '../../messages/forwards.ts'
import { noHistory } from '../../messages/no-history.ts'
import { PAIR_ORDERS, PairSums, sortPairs } from '../../stats/pairs.ts'
import { WINDOW_COLUMNS } from '../../stats/windows.ts'
import type { Asked, Command, Reply } from '../command.ts'
import { fromOf } from '../from.ts'
import { whichChannel } from '../which-channel.ts'
import { windowOf } from '../window-word.ts'

/** Shows what settled, by the pair of channels that it came in and went out by. */
export const forwards: Command = {
  name: 'forwards',
  topic: 'node',
  usage: 'alice 7d',
  summary: 'What settled lately, from peer to peer',
  async run(words, asked) {
    const { named, ...question } = readQuestion(words)
    if (named === '') return show({ ...question, channel: undefined }, words, asked)
    const which = whichChannel(asked.ports.memory, 'forwards', {
      text: named,
      window: question.window,
    })
    if (which.kind === 'unclear') return { messages: which.messages }
    return show({ ...question, channel: which }, words, asked)
  },
}

async function show(
  question: ForwardsQuestion,
  words: readonly string[],
  { ports, reading }: Asked,
): Promise<Reply> {
  const { window, order, channel } = question
  const from = reading.now - WINDOW_COLUMNS[window].ms
  const answer = await ports.history(`pairs ${window}`, from, () => new PairSums())
  if (answer.kind !== 'told') {
    return { messages: [noHistory(answer.kind, ports.lnd(), ['forwards', ...words])] }
  }
  const { sum } = answer
  const pairs = sortPairs(sum.pairs(), order, channel?.scid)
  const offset = Math.min(question.offset, lastPage(pairs.length))
  const aliasOf = (scid: Scid) => ports.memory.channel(scid, window, reading.now)?.alias ?? ''
  const all = channel === undefined ? sum : totalOf(pairs)
  const data = {
    question: { ...question, offset },
    rows: pairs.slice(offset, offset + FORWARDS_PAGE),
    pairs: pairs.length,
    forwards: all.forwards,
    volumeMsat: all.volumeMsat,
    earnedMsat: all.earnedMsat,
    unpaired: sum.unpaired,
    aliasOf,
  }
  return { messages: [forwardsMessage(data, reading)] }
}

function totalOf(pairs: ReturnType<typeof sortPairs>) {
  return {
    forwards: pairs.reduce((sum, { forwards }) => sum + forwards, 0),
    volumeMsat: pairs.reduce((sum, { volumeMsat }) => sum + volumeMsat, 0n),
    earnedMsat: pairs.reduce((sum, { earnedMsat }) => sum + earnedMsat, 0n),
  }
}

function lastPage(total: number): number {
  return Math.max(0, Math.floor((total - 1) / FORWARDS_PAGE) * FORWARDS_PAGE)
}

/** Reads a window, an order and a page in any order; what is left names a channel. */
function readQuestion(words: readonly string[]) {
  let window: ForwardsQuestion['window'] = '24h'
  let order: ForwardsQuestion['order'] = 'recent'
  let offset = 0
  const named: string[] = []
  for (const said of words) {
    const word = said.toLowerCase()
    const from = fromOf(word)
    const asked = windowOf(word)
    if (from !== undefined) offset = from
    else if (asked !== undefined) window = asked
    else if (PAIR_ORDERS.some((one) => one === word)) order = word as typeof order
    else named.push(said)
  }
  return { window, order, offset, named: named.join(' ') }
}
