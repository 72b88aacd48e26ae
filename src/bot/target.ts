import type { Context } from 'grammy'
import type { Target } from './job.ts'

/** Returns where an answer belongs: the chat, and the topic of a forum that was written in. */
export function targetOf(ctx: Context): Target {
  const message = ctx.message ?? ctx.callbackQuery?.message
  // Outside forums, and in a forum's General topic, the thread id means a chain of replies.
  const isTopic = message !== undefined && 'is_topic_message' in message && message.is_topic_message
  return {
    chatId: ctx.chat?.id ?? 0,
    threadId: isTopic && 'message_thread_id' in message ? message.message_thread_id : undefined,
  }
}
