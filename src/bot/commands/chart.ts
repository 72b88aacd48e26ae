import {
  channelChartMessage,
  missedChartMessage,
  trafficChartMessage,
  wrongChartWord,
} from '../../messages/chart.ts'
import { notAnalysedYet } from '../../messages/estimate.ts'
import { noChannel } from '../../messages/matches.ts'
import type { Message } from '../../messages/message.ts'
import { CHART_WINDOWS, type ChartWindow } from '../../stats/views.ts'
import type { Asked, Command } from '../command.ts'
import { whichChannel } from '../which-channel.ts'
import { takeWindow, windowOf } from '../window-word.ts'

/** Draws the node's traffic, one channel, or what peers missed. */
export const chart: Command = {
  name: 'chart',
  topic: 'missed',
  usage: '7d missed',
  summary: 'Pictures: forwards and refusals, or missed fees by peer, or one channel',
  async run(words, asked) {
    const { window: said, rest } = readWindow(words)
    const window = CHART_WINDOWS.find((name) => name === said)
    if (said !== undefined && window === undefined) return { messages: [wrongChartWord(said)] }
    const [first, ...others] = rest
    if (first === undefined) return { messages: [await traffic(window ?? '24h', asked)] }
    const isMissed = others.length === 0 && first.toLowerCase() === 'missed'
    const messages = isMissed
      ? [await missed(window ?? USUAL_WINDOW, asked)]
      : await oneChannel(rest.join(' '), window ?? USUAL_WINDOW, asked)
    return { messages }
  },
}

/** Of what was missed and of balances, where none is named: a day holds too little. */
const USUAL_WINDOW: ChartWindow = '7d'

async function traffic(window: ChartWindow, { ports, reading }: Asked): Promise<Message> {
  const series = await ports.charts.node(window, reading.now)
  return trafficChartMessage(series, ports.lnd(), reading)
}

async function missed(window: ChartWindow, { ports, reading }: Asked): Promise<Message> {
  await ports.analyzer.refresh()
  const found = ports.analyzer.missedByPeer(window)
  return found === undefined
    ? notAnalysedYet(['chart', window, 'missed'])
    : missedChartMessage(window, found, reading)
}

async function oneChannel(
  text: string,
  window: ChartWindow,
  { ports, reading }: Asked,
): Promise<readonly Message[]> {
  const which = whichChannel(ports.memory, 'chart', { text, window })
  if (which.kind === 'unclear') return which.messages
  const { scid, alias } = which
  const found = await ports.charts.channel(scid, window, reading.now)
  if (found === undefined) return [noChannel(text)]
  return [channelChartMessage({ scid, alias, ...found }, ports.lnd(), reading)]
}

/** Reads the window; one that stands alone asks for the node's chart. */
function readWindow(words: readonly string[]) {
  const alone = words.length === 1 ? windowOf(words[0] ?? '') : undefined
  return alone === undefined ? takeWindow(words) : { window: alone, rest: [] }
}
