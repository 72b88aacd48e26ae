import type { Opportunities } from '../../analyzer/answers.ts'
import { listOpportunities } from '../../analyzer/listing.ts'
import { msatFromSat } from '../../lightning/msat.ts'
import { NOT_ANALYSED_YET, sinceAnalysis } from '../../messages/estimate.ts'
import type { Html } from '../../messages/html.ts'
import type { Message } from '../../messages/message.ts'
import { wrongTopWord } from '../../messages/mistakes.ts'
import { topMessage } from '../../messages/top.ts'
import { MISSED_PAGE, TOP_PAGE } from '../../messages/top-buttons.ts'
import { topMissedMessage } from '../../messages/top-missed.ts'
import {
  type MemoryViews,
  RANK_FAMILIES,
  RANK_ORDERS,
  type RankFamily,
  type Ranking,
  type RankOrder,
  type RankQuestion,
  type Window,
} from '../../stats/views.ts'
import { leastOf } from '../chats.ts'
import type { Asked, Command } from '../command.ts'
import { fromOf } from '../from.ts'
import { USUAL_WINDOW } from '../which-channel.ts'
import { windowOf } from '../window-word.ts'

/** Ranks the channels. */
export const top: Command = {
  name: 'top',
  topic: 'missed',
  isAnalysed: true,
  usage: '7d missed',
  summary: 'Channels ranked: missed, earned, volume or failures, in 1h, 24h, 7d or 30d',
  run(words, asked) {
    // The button of another message asks for one of its own.
    const asNew = words.at(-1) === 'new'
    const question = readQuestion(asNew ? words.slice(0, -1) : words)
    if ('wrong' in question) return { messages: [wrongTopWord(question.wrong)] }
    const message = isOfMissed(question) ? topMissed(question, asked) : topRanked(question, asked)
    return { messages: [message], asNew }
  },
}

/** What was missed is told over all refusals; one family of them is ranked by the fees offered. */
function isOfMissed({ order, family }: Pick<RankQuestion, 'order' | 'family'>): boolean {
  return order === 'missed' && family === undefined
}

function topMissed(question: RankQuestion, asked: Asked): Message {
  const { ports, reading, chat } = asked
  const opportunities = ports.analyzer.opportunities(question.window)
  if (opportunities === undefined) return topRanked(question, asked, NOT_ANALYSED_YET)
  if (!hasRefused(opportunities)) {
    return topRanked(question, asked, sinceAnalysis(opportunities.at, reading))
  }
  const { demands, sat } = leastOf(chat)
  const least = { demands, expectedMsat: msatFromSat(sat) }
  const listing = listOpportunities(opportunities.rows, { ...question, least })
  ports.analyzer.given(listing.rows)
  const status = ports.memory.status(reading.now)
  return topMissedMessage({ question, listing, opportunities, status, lnd: ports.lnd() }, reading)
}

function hasRefused({ rows }: Opportunities): boolean {
  return rows.some(({ refusedAttempts }) => refusedAttempts > 0)
}

function topRanked(question: RankQuestion, { ports, reading }: Asked, unanalysed?: Html): Message {
  const { memory } = ports
  const data = {
    ranking: rank(memory, question, reading.now),
    node: memory.node(question.window, reading.now),
    status: memory.status(reading.now),
    lnd: ports.lnd(),
  }
  return topMessage(data, reading, unanalysed)
}

/** Ranks; when fewer channels are left than the page button knew of, shows the last page. */
function rank(memory: MemoryViews, question: RankQuestion, now: number): Ranking {
  const ranking = memory.rank(question, now)
  const { limit, offset } = question
  if (ranking.total === 0 || offset < ranking.total) return ranking
  return memory.rank({ ...question, offset: Math.floor((ranking.total - 1) / limit) * limit }, now)
}

// Other ways to say the same, as people write them.
const SAME = new Map([
  ['fees', 'missed'],
  ['failed', 'failures'],
  ['balance', 'liquidity'],
])

/** Reads the words in any order; the later of two of a kind counts. */
function readQuestion(words: readonly string[]): RankQuestion | { wrong: string } {
  let window: Window | undefined
  let order: RankOrder = 'missed'
  let family: RankFamily | undefined
  let offset = 0
  for (const said of words) {
    const word = SAME.get(said.toLowerCase()) ?? said.toLowerCase()
    const from = fromOf(word)
    const span = windowOf(word)
    if (span !== undefined) window = span
    else if (isOneOf(RANK_ORDERS, word)) order = word
    else if (isOneOf(RANK_FAMILIES, word)) family = word
    else if (from !== undefined) offset = from
    else return { wrong: said }
  }
  const isMissed = isOfMissed({ order, family })
  const usual = isMissed ? USUAL_WINDOW : '24h'
  const limit = isMissed ? MISSED_PAGE : TOP_PAGE
  return { window: window ?? usual, order, family, offset, limit }
}

function isOneOf<T extends string>(values: readonly T[], word: string): word is T {
  return values.some((value) => value === word)
}
