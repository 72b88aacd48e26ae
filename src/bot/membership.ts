import type { Context } from 'grammy'
import type { Log } from '../log.ts'
import type { Chats } from './chats.ts'

/** Follows a group that became a supergroup: its id changes, on either side of the move. */
export async function onMigration(chats: Chats, log: Log, ctx: Context): Promise<void> {
  const { migrate_to_chat_id: to, migrate_from_chat_id: from } = ctx.message ?? {}
  const here = ctx.chat?.id
  if (here === undefined) return
  if (to !== undefined) await migrate(chats, log, here, to)
  if (from !== undefined) await migrate(chats, log, from, here)
}

/** Moves a chat to its new id, and tells the log when the configuration should follow. */
export async function migrate(chats: Chats, log: Log, from: number, to: number): Promise<void> {
  const chat = chats.get(from)
  if (chat === undefined) return
  const advice = chats.isConfigured(chat) ? `; put ${to} in TELEGRAM_CHAT_IDS` : ''
  await chats.migrate(from, to)
  log.warn({ from, to }, `a group has moved to another id${advice}`)
}

/** Notes that the bot was shut out of a chat, or let in again. */
export async function onMembership(
  chats: Chats,
  log: Log,
  ctx: Context,
  now: number,
): Promise<void> {
  const status = ctx.myChatMember?.new_chat_member.status
  const chat = chats.get(ctx.chat?.id ?? 0)
  if (status === undefined || chat === undefined) return
  if (status !== 'kicked' && status !== 'left') {
    await chats.update(chat.id, { dead: undefined })
    return
  }
  const reason = status === 'kicked' ? 'the bot was blocked or removed' : 'the bot left'
  log.warn({ chat: chat.id, reason }, 'a chat cannot be reached any more')
  await chats.update(chat.id, { dead: { reason, at: now, recheck: false } })
}
