import type { Alert } from '../alerts/alert.ts'
import { familyOf } from '../alerts/kind.ts'
import {
  isSameTarget,
  MUTE_SPANS,
  type Mute,
  type MuteSpan,
  type MuteTarget,
} from '../alerts/mutes.ts'
import type { Subject } from '../analyzer/reading.ts'
import type { Scid } from '../lightning/scid.ts'
import { muted, mutedBefore } from '../messages/alerts/mutes.ts'
import { type Button, button } from '../messages/message.ts'
import type { Asked, Reply } from './command.ts'

/** Returns the span that a word names. */
export function spanOf(word: string | undefined): MuteSpan | undefined {
  const said = word?.toLowerCase()
  return MUTE_SPANS.find((span) => span === SAME[said ?? ''] || span === said)
}

// Other ways to say the same, as people write them.
const SAME: Readonly<Record<string, MuteSpan>> = {
  '1d': '24h',
  day: '24h',
  hour: '1h',
  ever: 'forever',
}

/** Mutes what an alert is about: its channel or peer for kinds of its family, or wider. */
export function muteAlert(
  alert: Alert,
  [spanWord, width]: readonly string[],
  asked: Asked,
): Promise<Reply> {
  const span = spanOf(spanWord) ?? '1h'
  const peer = peerOf(alert.subject, asked)
  const target = targetFor(alert, width, peer)
  const wider = [
    peer && width === undefined
      ? button('whole peer', ...wordsFor(alert, span), 'peer')
      : undefined,
    width === 'kind' ? undefined : button('everywhere', ...wordsFor(alert, span), 'kind'),
  ].filter((one) => one !== undefined)
  return mute(target, span, wider, asked)
}

/** Mutes a target in the asking chat, and says so; pressing twice changes nothing. */
export async function mute(
  target: MuteTarget,
  span: MuteSpan,
  wider: readonly Button[],
  { ports, chat, reading, tellAlerts }: Asked,
): Promise<Reply> {
  const { desk, about, save } = ports.alerts
  const box = desk.box(chat.id)
  const known = box
    .mutesInForce(reading.now)
    .find((one) => isSameTarget(one, target) && isSameEnd(one, span, desk.book.steady))
  if (known) return { messages: [], notice: mutedBefore(known, reading) }
  const made = box.mute(target, span, reading.now)
  await save()
  tellAlerts()
  const nameOf = (subject: Subject) => about(subject).name
  return { messages: [muted(made, wider, nameOf, reading)], asNew: true }
}

// A mute of the same span that began within the last minute is the one that was pressed before.
const TWICE_MS = 60_000

function isSameEnd({ span, madeSteady }: Mute, asked: MuteSpan, steady: number): boolean {
  return span === asked && (span === 'forever' || steady - madeSteady < TWICE_MS)
}

function targetFor(
  { kind, subject }: Alert,
  width: string | undefined,
  peer: Subject | undefined,
): MuteTarget {
  const family = familyOf(kind)
  if (width === 'kind') return { subject: undefined, family }
  return { subject: width === 'peer' && peer ? peer : subject, family }
}

function peerOf(subject: Subject, { ports }: Asked): Subject | undefined {
  if (!subject.startsWith('channel:')) return undefined
  const pubkey = ports.alerts.desk.peerOf(subject.slice('channel:'.length) as Scid)
  return pubkey === undefined ? undefined : `peer:${pubkey}`
}

function wordsFor({ id }: Alert, span: MuteSpan): readonly string[] {
  return ['alerts', id, 'mute', span]
}
