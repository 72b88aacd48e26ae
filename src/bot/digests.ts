import { digestAlerts } from '../alerts/digest-alerts.ts'
import type { Digest } from '../analyzer/digest.ts'
import { digestMessage } from '../messages/digest/digest.ts'
import type { DigestSending } from '../messages/digest/figures.ts'
import type { Reading } from '../messages/format.ts'
import type { Message } from '../messages/message.ts'
import type { BotPorts } from './contracts.ts'
import type { DigestWriter } from './outbox-deps.ts'

/** Asked for: neither late nor a repeat. */
export const ASKED_FOR: DigestSending = { lateMs: 0, isRepeat: false }

/** Returns what writes the digests that are pushed. */
export function digestWriter(ports: BotPorts): DigestWriter {
  return async (chatId, post, reading) => {
    const digest = await ports.digests.of(post)
    const sending = { lateMs: reading.now - post.dueAt, isRepeat: post.isRepeat }
    return writeDigest(ports, { chatId, digest, sending }, reading)
  }
}

/** Writes a digest for a chat: with its own alerts. What it advises counts as given. */
export function writeDigest(
  ports: BotPorts,
  { chatId, digest, sending }: { chatId: number; digest: Digest; sending: DigestSending },
  reading: Reading,
): Message {
  const { desk, about } = ports.alerts
  const { preferences } = desk.box(chatId).state
  const { firing, passed } = digestAlerts(desk.book, preferences, digest.span.from)
  const views = firing.map((alert) => ({ alert, about: about(alert.subject) }))
  const told = new Set(
    firing.filter(({ kind }) => kind === 'liq.low').map(({ subject }) => subject),
  )
  const emptying = digest.emptying.filter(({ scid }) => !told.has(`channel:${scid}`))
  ports.analyzer.given(digest.actions)
  const alerts = { firing: views, passed }
  return digestMessage(
    { digest: { ...digest, emptying }, alerts, lnd: ports.lnd(), sending },
    reading,
  )
}
