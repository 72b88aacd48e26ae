import type { Api, Context } from 'grammy'
import type { Message } from '../messages/message.ts'
import {
  ADMINISTRATORS_ONLY,
  administratorsOnly,
  failedInside,
  notACommand,
  OLD_BUTTON,
  unknownCommand,
} from '../messages/mistakes.ts'
import type { TelegramStatus } from '../messages/status.ts'
import { mayChange } from './administrators.ts'
import type { Background } from './background.ts'
import type { Chat, Chats } from './chats.ts'
import type { Command, Reply } from './command.ts'
import type { BotPorts } from './contracts.ts'
import type { Target } from './job.ts'
import type { Outcome } from './outcome.ts'
import { type ChatAction, Progress } from './progress.ts'
import type { Sender } from './sender.ts'
import { targetOf } from './target.ts'
import { readCommand, readPress, type Said } from './words.ts'

// Aliases have at most 32 bytes, so 16 words of a letter each.
const MAX_NAME_WORDS = 16

export type ConversationParts = {
  api: Api
  ports: BotPorts
  chats: Chats
  sender: Sender
  commands: readonly Command[]
  status(): TelegramStatus
  /** Forgets a chat that paired. */
  forget(chatId: number): Promise<void>
  /** Goes on with what takes long beside further updates. */
  background: Background
  /** Looks whether alerts are to be told in these chats, or in all. */
  tellAlerts(chatIds?: readonly number[]): void
}

/** Answers what is written in a chat that may talk to the bot. */
export async function onMessage(parts: ConversationParts, ctx: Context): Promise<void> {
  const text = ctx.message?.text
  const chat = parts.chats.get(ctx.chat?.id ?? 0)
  if (text === undefined || chat === undefined) return
  const said = readCommand(text, ctx.me.username) ?? lookUp(parts, ctx, text)
  const command = parts.commands.find(({ name }) => name === said?.name)
  const target = targetOf(ctx)
  if (said === undefined || command === undefined) {
    // In a group, what is no command of ours is for others.
    if (ctx.chat?.type !== 'private') return
    const hint = said === undefined ? notACommand() : unknownCommand(said.name)
    void parts.sender.reply(target, hint)
    return
  }
  if (command.changes?.(said.words) && !(await mayChange(ctx, parts.api, parts.ports.log))) {
    void parts.sender.reply(target, administratorsOnly())
    return
  }
  const asked = { chat, command, said, isPress: false, by: nameOf(ctx) }
  await beside(parts, asked, async () => {
    const progress = progressIn(parts, target)
    const { messages } = await answer(parts, asked)
    deliver(progress, messages, (message) => parts.sender.reply(target, message))
  })
}

/** What changes something is done before the next update is handled, what reads may go on beside. */
function beside(
  { background }: ConversationParts,
  { command, said }: Question,
  answering: () => Promise<void>,
): Promise<void> {
  return command.changes?.(said.words) ? answering() : background.begin(answering())
}

function progressIn({ ports, sender }: ConversationParts, target: Target, onSlow?: () => void) {
  const show = (action: ChatAction) => sender.act(target, action)
  return new Progress({ clock: ports.clock, show, ...(onSlow && { onSlow }) })
}

/** Says the messages in order; whoever asked sees that they are on their way until they are there. */
function deliver(
  progress: Progress,
  messages: readonly Message[],
  say: (message: Message) => Promise<Outcome>,
): void {
  const kind = messages.find(({ attachment }) => attachment !== undefined)?.attachment?.kind
  if (kind !== undefined) progress.action = kind === 'picture' ? 'upload_photo' : 'upload_document'
  void Promise.all(messages.map((one) => say(one))).finally(() => progress[Symbol.dispose]())
}

/** In a private chat, words that name a channel ask for it. */
function lookUp({ ports }: ConversationParts, ctx: Context, text: string): Said | undefined {
  if (ctx.chat?.type !== 'private' || text.startsWith('/')) return undefined
  const words = text.split(/\s+/).filter(Boolean).slice(0, MAX_NAME_WORDS)
  const isName = ports.memory.find(words.join(' ')).length > 0
  return isName ? { name: 'channel', words } : undefined
}

/** Carries out what a button says; its message turns into the answer. */
export async function onPress(parts: ConversationParts, ctx: Context): Promise<void> {
  const { sender } = parts
  const query = ctx.callbackQuery
  const chat = parts.chats.get(ctx.chat?.id ?? 0)
  if (query === undefined) return
  const said = readPress(query.data ?? '')
  const command = parts.commands.find(({ name }) => name === said.name)
  const messageId = query.message?.message_id
  if (chat === undefined || command === undefined || messageId === undefined) {
    return sender.answer(query.id, OLD_BUTTON)
  }
  if (command.changes?.(said.words) && !(await mayChange(ctx, parts.api, parts.ports.log))) {
    return sender.answer(query.id, ADMINISTRATORS_ONLY)
  }
  const asked = { chat, command, said, isPress: true, by: nameOf(ctx) }
  const isPicture = query.message !== undefined && 'photo' in query.message
  const pressed = { queryId: query.id, target: targetOf(ctx), messageId, isPicture }
  await beside(parts, asked, () => answerPress(parts, asked, pressed))
}

type Pressed = { queryId: string; target: Target; messageId: number; isPicture: boolean }

async function answerPress(
  parts: ConversationParts,
  asked: Question,
  { queryId, target, messageId, isPicture }: Pressed,
): Promise<void> {
  const { sender } = parts
  let isAnswered: Promise<void> | undefined
  // What changes something may end in a notice, which goes with the answer alone.
  const isChange = asked.command.changes?.(asked.said.words) ?? false
  const progress = progressIn(parts, target, () => {
    if (!isChange) isAnswered = sender.answer(queryId)
  })
  const { messages, asNew, notice } = await answer(parts, asked)
  await (isAnswered ?? sender.answer(queryId, notice))
  deliver(progress, messages, (one) =>
    one === messages[0] && !asNew && takesPlaceOf(one, isPicture)
      ? sender.edit(target, messageId, one)
      : sender.reply(target, one),
  )
}

/** Telegram turns neither a text into a picture nor a picture into a text. */
function takesPlaceOf({ attachment }: Message, isPicture: boolean): boolean {
  return isPicture ? attachment?.kind === 'picture' : attachment === undefined
}

type Question = { chat: Chat; command: Command; said: Said; isPress: boolean; by: string }

/** Runs a command; one that fails is logged and answered with a sentence. */
async function answer(parts: ConversationParts, question: Question): Promise<Reply> {
  const { ports, chats, commands, forget, tellAlerts } = parts
  const { chat, command, said, isPress, by } = question
  const reading = { now: ports.clock.now(), timeZone: chat.timeZone }
  const telegram = parts.status()
  const about = { chat, reading, ports, chats, commands, telegram, isPress, by }
  try {
    if (command.isAnalysed) await ports.analyzer.refresh()
    return await command.run(said.words, { ...about, forget, tellAlerts })
  } catch (error) {
    ports.log.error({ err: error, command: command.name }, 'a command failed')
    return { messages: [failedInside(command.name)], asNew: true }
  }
}

function nameOf({ from }: Context): string {
  return from?.username === undefined ? (from?.first_name ?? '') : `@${from.username}`
}
