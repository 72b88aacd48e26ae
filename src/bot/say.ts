import type { Api } from 'grammy'
import type { InlineKeyboardMarkup } from 'grammy/types'
import { toPlainText } from '../messages/html.ts'
import type { Message } from '../messages/message.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { callTimeout } from './signal.ts'

/** Where a message goes: a chat and, in a forum, one of its topics. */
export type Target = { chatId: number; threadId: number | undefined }

/** A message on its way, in the form in which it is tried next. */
export type Job = Target & {
  message: Message
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
  return { chatId, threadId, message, ...form }
}

/** Tries once to say or edit something; never throws. */
export async function say(api: Api, job: Job): Promise<Outcome> {
  const { editId } = job
  try {
    if (editId === undefined) return { kind: 'sent', messageId: await send(api, job) }
    await edit(api, job, editId)
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
      return job.asPlain ? undefined : { ...job, asPlain: true }
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
            asPlain: job.asPlain,
            isSilent: job.isSilent,
          }
    default:
      return undefined
  }
}

/** Ends the waiting of a button's presser, with a notice or silently. @throws what grammY throws. */
export async function answerPress(api: Api, queryId: string, notice?: string): Promise<void> {
  const shown = notice === undefined ? {} : { text: notice, show_alert: true }
  await api.raw.answerCallbackQuery({ callback_query_id: queryId, ...shown }, callTimeout())
}

async function send(api: Api, job: Job): Promise<number> {
  const { threadId, isSilent, replyTo } = job
  const thread = threadId === undefined ? {} : { message_thread_id: threadId }
  const sound = isSilent ? { disable_notification: true } : {}
  const answered = { message_id: replyTo ?? 0, allow_sending_without_reply: true }
  const reply = replyTo === undefined ? {} : { reply_parameters: answered }
  const what = { ...payload(job), ...thread, ...sound, ...reply }
  const sent = await api.raw.sendMessage(what, callTimeout())
  return sent.message_id
}

async function edit(api: Api, job: Job, messageId: number): Promise<void> {
  await api.raw.editMessageText({ ...payload(job), message_id: messageId }, callTimeout())
}

function payload({ chatId, message, asPlain }: Job) {
  const text = asPlain
    ? { text: toPlainText(message.text) }
    : { text: message.text.markup, parse_mode: 'HTML' as const }
  return {
    chat_id: chatId,
    ...text,
    link_preview_options: { is_disabled: true },
    reply_markup: keyboard(message),
  }
}

function keyboard({ buttons }: Message): InlineKeyboardMarkup {
  return {
    inline_keyboard: buttons.map((row) =>
      row.map(({ label, data }) => ({ text: label, callback_data: data })),
    ),
  }
}
