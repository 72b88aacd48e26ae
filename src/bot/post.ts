import { type Api, InputFile } from 'grammy'
import type { InlineKeyboardMarkup } from 'grammy/types'
import { toPlainText } from '../messages/html.ts'
import type { Message } from '../messages/message.ts'
import type { Job } from './job.ts'
import { callTimeout, uploadTimeout } from './signal.ts'

/** Posts a new message by one call and returns its id. @throws what grammY throws. */
export async function post(api: Api, job: Job): Promise<number> {
  const { file } = job
  const what = { ...whereAndHow(job), reply_markup: keyboard(job.message) }
  if (file === undefined) {
    const sent = await api.raw.sendMessage({ ...what, ...text(job) }, callTimeout())
    return sent.message_id
  }
  const upload = new InputFile(file.bytes, file.name)
  const sent =
    file.kind === 'photo'
      ? await api.raw.sendPhoto({ ...what, ...caption(job), photo: upload }, uploadTimeout())
      : await api.raw.sendDocument({ ...what, ...caption(job), document: upload }, uploadTimeout())
  return sent.message_id
}

/** Puts a message in the place of another of its kind by one call. @throws what grammY throws. */
export async function replace(api: Api, job: Job, messageId: number): Promise<void> {
  const { chatId, file } = job
  const what = { chat_id: chatId, message_id: messageId, reply_markup: keyboard(job.message) }
  if (file === undefined) {
    await api.raw.editMessageText({ ...what, ...text(job) }, callTimeout())
    return
  }
  const media = { type: file.kind, media: new InputFile(file.bytes, file.name), ...caption(job) }
  await api.raw.editMessageMedia({ ...what, media }, uploadTimeout())
}

function whereAndHow({ chatId, threadId, isSilent, replyTo }: Job) {
  const thread = threadId === undefined ? {} : { message_thread_id: threadId }
  const sound = isSilent ? { disable_notification: true } : {}
  const answered = { message_id: replyTo ?? 0, allow_sending_without_reply: true }
  const reply = replyTo === undefined ? {} : { reply_parameters: answered }
  return { chat_id: chatId, ...thread, ...sound, ...reply }
}

function text({ message, asPlain }: Job) {
  const preview = { link_preview_options: { is_disabled: true } }
  return asPlain
    ? { text: toPlainText(message.text), ...preview }
    : { text: message.text.markup, parse_mode: 'HTML' as const, ...preview }
}

function caption({ message, asPlain }: Job) {
  return asPlain
    ? { caption: toPlainText(message.text) }
    : { caption: message.text.markup, parse_mode: 'HTML' as const }
}

function keyboard({ buttons }: Message): InlineKeyboardMarkup {
  return {
    inline_keyboard: buttons.map((row) =>
      row.map(({ label, data }) => ({ text: label, callback_data: data })),
    ),
  }
}
