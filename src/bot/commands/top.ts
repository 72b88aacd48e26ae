import { wrongTopWord } from '../../messages/mistakes.ts'
import { TOP_PAGE, topMessage } from '../../messages/top.ts'
import {
  type MemoryViews,
  RANK_FAMILIES,
  RANK_ORDERS,
  type RankFamily,
  type Ranking,
  type RankOrder,
  type RankQuestion,
  WINDOWS,
  type Window,
} from '../../stats/views.ts'
import type { Command } from '../command.ts'

/** Ranks the channels. */
export const top: Command = {
  name: 'top',
  usage: '7d missed liquidity',
  summary: 'Channels ranked: missed, earned, volume or failures, in 1h, 24h, 7d or 30d',
  run(words, { ports, reading }) {
    const question = readQuestion(words)
    if ('wrong' in question) return { messages: [wrongTopWord(question.wrong)] }
    const { memory } = ports
    const data = {
      ranking: rank(memory, question, reading.now),
      node: memory.node(question.window, reading.now),
      status: memory.status(reading.now),
      lnd: ports.lnd(),
    }
    return { messages: [topMessage(data, reading)] }
  },
}

/** Ranks; when fewer channels are left than the page button knew of, shows the last page. */
function rank(memory: MemoryViews, question: RankQuestion, now: number): Ranking {
  const ranking = memory.rank(question, now)
  const { limit, offset } = question
  if (ranking.total === 0 || offset < ranking.total) return ranking
  return memory.rank({ ...question, offset: Math.floor((ranking.total - 1) / limit) * limit }, now)
}

// Other ways to say the same, as people write them.
const SAME: Readonly<Record<string, string>> = {
  hour: '1h',
  day: '24h',
  '1d': '24h',
  today: '24h',
  week: '7d',
  '1w': '7d',
  month: '30d',
  '1m': '30d',
  fees: 'missed',
  failed: 'failures',
  balance: 'liquidity',
}

/** Reads the words in any order; the later of two of a kind counts. */
function readQuestion(words: readonly string[]): RankQuestion | { wrong: string } {
  let window: Window = '24h'
  let order: RankOrder = 'missed'
  let family: RankFamily | undefined
  let offset = 0
  for (const said of words) {
    const word = SAME[said.toLowerCase()] ?? said.toLowerCase()
    const from = /^from([1-9]\d{0,5})$/.exec(word)
    if (isOneOf(WINDOWS, word)) window = word
    else if (isOneOf(RANK_ORDERS, word)) order = word
    else if (isOneOf(RANK_FAMILIES, word)) family = word
    else if (from) offset = Number(from[1]) - 1
    else return { wrong: said }
  }
  return { window, order, family, offset, limit: TOP_PAGE }
}

function isOneOf<T extends string>(values: readonly T[], word: string): word is T {
  return values.some((value) => value === word)
}
