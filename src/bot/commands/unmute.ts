import type { Mute } from '../../alerts/mutes.ts'
import type { Subject } from '../../analyzer/reading.ts'
import type { Scid } from '../../lightning/scid.ts'
import {
  allUnmuted,
  chooseUnmuted,
  MUTED_FAMILIES,
  mutesMessage,
  noMute,
  noMuteOf,
  unmuted,
} from '../../messages/alerts/mutes.ts'
import type { Asked, Command, Reply } from '../command.ts'
import { spanOf } from '../muting.ts'

/** Ends a mute, named as /mute takes it or by the number that buttons have. */
export const unmute: Command = {
  name: 'unmute',
  topic: 'alerts',
  usage: 'alice',
  summary: 'End a mute; all ends every one',
  changes: (words) => words.length > 0,
  run(words, asked) {
    // Whoever repeats the words of /mute names a time, too.
    const isTimed = words.length > 1 && spanOf(words.at(-1)) !== undefined
    const text = (isTimed ? words.slice(0, -1) : words).join(' ')
    const inForce = mutesInForce(asked)
    if (text === '') return { messages: [mutesMessage(inForce, nameOf(asked), asked.reading)] }
    if (text.toLowerCase() === 'all') return endAll(asked)
    if (/^\d{1,9}$/.test(text)) return endNumbered(Number(text), asked)
    const meant = meantMutes(text, inForce, asked)
    if (meant.length === 0) return { messages: [noMuteOf(text)] }
    if (new Set(meant.map((one) => whoseMute(one, asked))).size > 1) {
      return { messages: [chooseUnmuted(text, meant, nameOf(asked))] }
    }
    return end(meant, asked)
  },
}

async function endAll(asked: Asked): Promise<Reply> {
  const ended = mutesInForce(asked).length
  box(asked).change({ mutes: [] })
  await save(asked)
  return { messages: [allUnmuted(ended)] }
}

async function endNumbered(id: number, asked: Asked): Promise<Reply> {
  const mute = mutesInForce(asked).find((one) => one.id === id)
  return mute ? end([mute], asked) : { messages: [noMute()] }
}

async function end(mutes: readonly Mute[], asked: Asked): Promise<Reply> {
  for (const { id } of mutes) box(asked).unmute(id)
  await save(asked)
  return { messages: [unmuted(mutes, nameOf(asked))] }
}

/** Returns the mutes that a text means: of a family, or of channels and their peers. */
function meantMutes(text: string, inForce: readonly Mute[], { ports }: Asked): readonly Mute[] {
  const family = text.toLowerCase().split('.')[0] ?? ''
  if (Object.hasOwn(MUTED_FAMILIES, family)) {
    return inForce.filter((one) => one.subject === undefined && one.family === family)
  }
  const { desk } = ports.alerts
  const subjects = ports.memory
    .find(text)
    .flatMap(({ scid }) => [`channel:${scid}`, `peer:${desk.peerOf(scid)}`])
  // Of a channel that is remembered no more there is the id alone.
  subjects.push(`channel:${text}`, `peer:${text.toLowerCase()}`)
  return inForce.filter(({ subject }) => subject !== undefined && subjects.includes(subject))
}

/** Returns the peer that a mute is about: several mutes of one peer are not to be told apart. */
function whoseMute({ subject }: Mute, { ports }: Asked): string | undefined {
  if (!subject?.startsWith('channel:')) return subject
  const pubkey = ports.alerts.desk.peerOf(subject.slice('channel:'.length) as Scid)
  return pubkey === undefined ? subject : `peer:${pubkey}`
}

function mutesInForce(asked: Asked): readonly Mute[] {
  return box(asked).mutesInForce(asked.reading.now)
}

function box({ ports, chat }: Asked) {
  return ports.alerts.desk.box(chat.id)
}

async function save({ ports, tellAlerts }: Asked): Promise<void> {
  await ports.alerts.save()
  tellAlerts()
}

function nameOf({ ports }: Asked) {
  return (subject: Subject) => ports.alerts.about(subject).name
}
