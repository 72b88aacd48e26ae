import {
  type AskedChannel,
  DEMANDS_PAGE,
  demandMessage,
  demandsMessage,
  noSuchDemand,
} from '../../messages/demands.ts'
import { notAnalysedYet } from '../../messages/estimate.ts'
import { channelUsage } from '../../messages/mistakes.ts'
import type { Asked, Command, Reply } from '../command.ts'
import { fromOf } from '../from.ts'
import { readNamed, whichChannel } from '../which-channel.ts'

/** What a button says of one demand: show it, leave it out of the figures, count it again. */
type Action = { kind: 'of' | 'ignore' | 'count'; id: number }

/** Lists the demands behind a channel's figure; its buttons show one, ignore it, count it again. */
export const demands: Command = {
  name: 'demands',
  topic: 'missed',
  isAnalysed: true,
  usage: 'alias or id',
  summary: "The demands behind a channel's figure, each to be ignored",
  changes(words) {
    const { action } = readButton(words)
    return action !== undefined && action.kind !== 'of'
  },
  async run(words, asked) {
    const { rest, action, offset, asNew } = asked.isPress ? readButton(words) : typed(words)
    const named = readNamed(rest)
    if (named.text === '') return { messages: [channelUsage('demands')] }
    const which = whichChannel(asked.ports.memory, 'demands', named)
    if (which.kind === 'unclear') return { messages: which.messages }
    const channel = { scid: which.scid, alias: which.alias, window: named.window }
    if (action === undefined) return list(channel, offset, asked)
    return { ...(await one(channel, action, asked)), asNew }
  },
}

function list(channel: AskedChannel, offset: number, asked: Asked): Reply {
  const { scid, window } = channel
  const question = { scid, window, offset, limit: DEMANDS_PAGE }
  const page = asked.ports.analyzer.demands(question)
  if (page === undefined) return { messages: [notAnalysedYet(['demands', scid, window])] }
  // Fewer may be left than the button knew of.
  if (page.rows.length === 0 && offset > 0) return list(channel, 0, asked)
  return { messages: [demandsMessage(page, offset, channel, asked.reading)] }
}

async function one(channel: AskedChannel, { kind, id }: Action, asked: Asked): Promise<Reply> {
  const { analyzer } = asked.ports
  const { scid, window } = channel
  const before = analyzer.demand(scid, window, id)
  if (before !== undefined && kind !== 'of') await analyzer.ignore(id, kind === 'ignore')
  const demand = analyzer.demand(scid, window, id)
  if (demand === undefined) return { messages: [noSuchDemand(channel)] }
  return { messages: [demandMessage(demand, channel, asked.reading)] }
}

function typed(rest: readonly string[]): ReturnType<typeof readButton> {
  return { rest, action: undefined, offset: 0, asNew: false }
}

/** Reads what only buttons say after the channel: `from7`, `of 12 new`, `ignore 12`, `count 12`. */
function readButton(words: readonly string[]) {
  const asNew = words.at(-1) === 'new'
  const said = asNew ? words.slice(0, -1) : words
  const offset = fromOf(said.at(-1))
  if (offset !== undefined) return { rest: said.slice(0, -1), action: undefined, offset, asNew }
  const action = readAction(said)
  return { rest: action ? said.slice(0, -2) : said, action, offset: 0, asNew }
}

function readAction(words: readonly string[]): Action | undefined {
  const [kind, id = ''] = words.slice(-2)
  if (kind !== 'of' && kind !== 'ignore' && kind !== 'count') return undefined
  return /^\d{1,16}$/.test(id) ? { kind, id: Number(id) } : undefined
}
