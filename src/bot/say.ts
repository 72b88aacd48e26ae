import type { Api } from 'grammy'
import { type Job, newJob, type Target, withoutFile } from './job.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { post, replace } from './post.ts'
import type { ChatAction } from './progress.ts'
import { callTimeout } from './signal.ts'

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
