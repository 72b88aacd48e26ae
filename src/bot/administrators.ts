import type { Api, Context } from 'grammy'
import type { Log } from '../log.ts'
import { callTimeout } from './signal.ts'
import { reasonOf } from './telegram-error.ts'

/**
 * Returns whether whoever sent this may change what concerns the whole chat: anyone in a private
 * chat, administrators (anonymous ones too) in a group. When Telegram does not say, nobody may.
 */
export async function mayChange(ctx: Context, api: Api, log: Log): Promise<boolean> {
  const { chat, from } = ctx
  if (chat === undefined || from === undefined) return false
  if (chat.type === 'private') return true
  // An anonymous administrator writes in the name of the group itself.
  if (ctx.message?.sender_chat?.id === chat.id) return true
  try {
    const who = { chat_id: chat.id, user_id: from.id }
    const { status } = await api.raw.getChatMember(who, callTimeout())
    return status === 'creator' || status === 'administrator'
  } catch (error) {
    log.warn(
      { chat: chat.id, reason: reasonOf(error) },
      'Telegram did not say who is administrator',
    )
    return false
  }
}
