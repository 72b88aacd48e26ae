import type { MuteTarget } from '../../alerts/mutes.ts'
import type { Subject } from '../../analyzer/reading.ts'
import {
  askSpan,
  chooseMuted,
  MUTED_FAMILIES,
  mutesMessage,
  muteUsage,
  noSuchSpan,
} from '../../messages/alerts/mutes.ts'
import { noChannel } from '../../messages/matches.ts'
import type { Message } from '../../messages/message.ts'
import type { Asked, Command, Reply } from '../command.ts'
import { mute as muteNow, spanOf } from '../muting.ts'

/** Mutes a channel or a family of alerts in this chat. */
export const mute: Command = {
  name: 'mute',
  topic: 'alerts',
  usage: 'alice 8h',
  summary: 'Mute a channel, or a kind of alert, for a while',
  changes: (words) => words.length > 0,
  run(words, asked) {
    const span = spanOf(words.at(-1))
    const what = span === undefined ? words : words.slice(0, -1)
    const text = what.join(' ')
    if (text === '') return { messages: [muteUsage()] }
    const family = text.toLowerCase().split('.')[0] ?? ''
    if (Object.hasOwn(MUTED_FAMILIES, family)) {
      return decide({ subject: undefined, family }, [family], span, asked)
    }
    const matches = asked.ports.memory.find(text)
    const [only, ...others] = matches
    if (only === undefined) {
      return { messages: [span === undefined ? wrongWord(what, asked) : noChannel(text)] }
    }
    if (others.length > 0) return { messages: [chooseMuted(text, matches, span)] }
    return decide({ subject: `channel:${only.scid}`, family: undefined }, [only.scid], span, asked)
  },
}

/** Lists what is muted. */
export const mutes: Command = {
  name: 'mutes',
  topic: 'alerts',
  usage: '',
  summary: 'What is muted here, and until when',
  run: (_words, asked) => ({ messages: [list(asked)] }),
}

/** Says which word is wrong: the time where the words before it name something, else the name. */
function wrongWord(words: readonly string[], { ports }: Asked): Message {
  const last = words.at(-1) ?? ''
  const text = words.slice(0, -1).join(' ')
  const family = text.toLowerCase().split('.')[0] ?? ''
  if (Object.hasOwn(MUTED_FAMILIES, family)) return noSuchSpan(last, [family])
  const [only, ...others] = text === '' ? [] : ports.memory.find(text)
  if (only === undefined) return noChannel(words.join(' '))
  return noSuchSpan(last, others.length > 0 ? [] : [only.scid])
}

function decide(
  target: MuteTarget,
  words: readonly string[],
  span: ReturnType<typeof spanOf>,
  asked: Asked,
): Promise<Reply> | Reply {
  if (span === undefined) return { messages: [askSpan(target, words, nameOf(asked))] }
  return muteNow(target, span, [], asked)
}

function list(asked: Asked) {
  const { ports, chat, reading } = asked
  const inForce = ports.alerts.desk.box(chat.id).mutesInForce(reading.now)
  return mutesMessage(inForce, nameOf(asked), reading)
}

function nameOf({ ports }: Asked) {
  return (subject: Subject) => ports.alerts.about(subject).name
}
