import type { Api } from 'grammy'
import type { Message } from '../messages/message.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { post, replace } from './post.ts'
import type { ChatAction } from './progress.ts'
import { callTimeout } from './signal.ts'

/** Where a message goes: a chat and, in a forum, one of its topics. */
export type Target = { chatId: number; threadId: number | undefined }

/** What is uploaded with a message. */
export type Upload = { kind: 'photo' | 'document'; name: string; bytes: Uint8Array }

/** A message on its way, in the form in which it is tried next. */
export type Job = Target & {
  message: Message
  /** Its attachment, once it is drawn. */
  file: Upload | undefined
  editId: number | undefined
  asPlain: boolean
  /** Whether it comes without a sound, and which message it answers. */
  isSilent: boolean
  replyTo: number | undefined
}

/** Returns the job of saying something new, with a sound. */
export function newJob(target: Target, message: Message): Job {
  const { chatId, threadId } = target
  const form = { editId: undefined, asPlain: false, isSilent: false, replyTo: undefined }
  return { chatId, threadId, message, file: undefined, ...form }
}

/** Tries once to say or edit something; never throws. */
export async function say(api: Api, job: Job): Promise<Outcome> {
  const { editId } = job
  try {
    if (editId === undefined) return { kind: 'sent', messageId: await post(api, job) }
    await replace(api, job, editId)
    return { kind: 'sent', messageId: editId }
  } catch (error) {
    const outcome = outcomeOf(error, editId === undefined ? 'sendMessage' : 'editMessageText')
    const isDone = outcome.kind === 'unchanged' && editId !== undefined
    return isDone ? { kind: 'sent', messageId: editId } : outcome
  }
}

/** Returns the form in which a message that failed may still arrive; undefined when there is none. */
export function fallbackOf(job: Job, outcome: Outcome): Job | undefined {
  switch (outcome.kind) {
    case 'bad-message':
      if (!job.asPlain) return { ...job, asPlain: true }
      // A picture adds to what the text says; a document is what was asked for.
      return job.file?.kind === 'photo' ? withoutFile(job) : undefined
    case 'edit-gone':
      return job.editId === undefined ? undefined : { ...job, editId: undefined }
    case 'thread-gone':
      return job.threadId === undefined ? undefined : { ...job, threadId: undefined }
    case 'migrated':
      // Messages and topics of the old group do not exist in the new one.
      return outcome.chatId === job.chatId
        ? undefined
        : {
            ...newJob({ chatId: outcome.chatId, threadId: undefined }, job.message),
            file: job.file,
            asPlain: job.asPlain,
            isSilent: job.isSilent,
          }
    default:
      return undefined
  }
}

/** Returns the job of saying the text alone, anew: a message with a picture keeps it. */
export function withoutFile(job: Job): Job {
  return { ...job, file: undefined, editId: undefined }
}

/** Shows what is being done, such as `typing`, for five seconds. @throws what grammY throws. */
export async function showAction(api: Api, target: Target, action: ChatAction): Promise<void> {
  const { chatId, threadId } = target
  const thread = threadId === undefined ? {} : { message_thread_id: threadId }
  await api.raw.sendChatAction({ chat_id: chatId, action, ...thread }, callTimeout())
}

/** Ends the waiting of a button's presser, with a notice or silently. @throws what grammY throws. */
export async function answerPress(api: Api, queryId: string, notice?: string): Promise<void> {
  const shown = notice === undefined ? {} : { text: notice, show_alert: true }
  await api.raw.answerCallbackQuery({ callback_query_id: queryId, ...shown }, callTimeout())
}
