import { notAnalysedYet } from '../../messages/estimate.ts'
import { type Explained, explainMessage } from '../../messages/explain.ts'
import { WINDOWS, type Window } from '../../stats/views.ts'
import type { Asked, Command, Reply } from '../command.ts'
import { readNamed, USUAL_WINDOW, whichChannel } from '../which-channel.ts'

/** Walks through how a figure came about: a channel's, or the node's when none is named. */
export const explain: Command = {
  name: 'explain',
  topic: 'missed',
  isAnalysed: true,
  usage: 'alias or id',
  summary: 'Why this number: step by step, for the node or one channel',
  run(words, asked) {
    const said = words.join(' ').toLowerCase()
    const alone = WINDOWS.find((name) => name === said)
    if (said === '' || alone !== undefined) return ofNode(alone ?? USUAL_WINDOW, asked)
    const { memory, analyzer } = asked.ports
    const { text, window } = readNamed(words)
    const which = whichChannel(memory, 'explain', { text, window })
    if (which.kind === 'unclear') return { messages: which.messages }
    const { scid, alias } = which
    const rows = analyzer.opportunities(window)?.rows
    const opportunity = rows?.find((row) => row.scid === scid)
    const change = analyzer.rankChange(scid)
    return say({ kind: 'channel', scid, alias, opportunity, change }, window, asked)
  },
}

function ofNode(window: Window, asked: Asked): Reply {
  const node = asked.ports.analyzer.opportunities(window)?.node
  return say({ kind: 'node', best: node?.best, upToMsat: node?.upToMsat }, window, asked)
}

function say(explained: Explained, window: Window, { ports, reading }: Asked): Reply {
  const scid = explained.kind === 'channel' ? explained.scid : undefined
  const explanation = ports.analyzer.explain(scid, window)
  if (explanation === undefined) {
    const again = scid === undefined ? ['explain', window] : ['explain', scid, window]
    return { messages: [notAnalysedYet(again)] }
  }
  return { messages: [explainMessage(explanation, explained, window, reading)] }
}
