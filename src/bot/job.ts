import type { Message } from '../messages/message.ts'

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

/** Returns the job of saying the text alone, anew: a message with a picture keeps it. */
export function withoutFile(job: Job): Job {
  return { ...job, file: undefined, editId: undefined }
}
