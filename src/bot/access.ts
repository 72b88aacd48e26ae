import type { Context, MiddlewareFn } from 'grammy'
import { NOT_PAIRED, strangerMessage, tooManyChats, wrongCode } from '../messages/mistakes.ts'
import { pairedElsewhere, welcomeMessage } from '../messages/welcome.ts'
import { type Chat, type Chats, MAX_PAIRED_CHATS } from './chats.ts'
import type { BotPorts } from './contracts.ts'
import { isPairingCode, USED_UP } from './pairing.ts'
import type { Sender } from './sender.ts'
import { Strangers } from './strangers.ts'
import { targetOf } from './target.ts'
import { readCommand } from './words.ts'

export type AccessParts = {
  ports: BotPorts
  chats: Chats
  sender: Sender
  /** A chat was let in. */
  onPaired(chat: Chat): void
}

/**
 * The first middleware: chats that are not let in get no further than `/start CODE`, and soon
 * silence.
 */
export function access(parts: AccessParts): MiddlewareFn<Context> {
  const tries = new Strangers()
  const answers = new Strangers()
  return async (ctx, next) => {
    if (ctx.chat === undefined) return
    const known = parts.chats.get(ctx.chat.id)
    if (known !== undefined) return known.dead ? revive(parts, ctx, known, next) : next()
    const code = codeOf(ctx)
    const limit = code === undefined ? answers : tries
    if (!isAddressed(ctx) || !limit.allows(idOf(ctx), parts.ports.clock.monotonic())) return
    if (ctx.callbackQuery) return parts.sender.answer(ctx.callbackQuery.id, NOT_PAIRED)
    if (code === undefined) void parts.sender.reply(targetOf(ctx), strangerMessage())
    else await pair(parts, ctx, code)
  }
}

/** A chat that was given up speaks again. */
async function revive(
  { chats, ports }: AccessParts,
  ctx: Context,
  chat: Chat,
  next: () => Promise<void>,
): Promise<void> {
  if (ctx.myChatMember === undefined) {
    await chats.update(chat.id, { dead: undefined })
    ports.log.info({ chat: chat.id }, 'a chat can be reached again')
  }
  await next()
}

async function pair(parts: AccessParts, ctx: Context, code: string): Promise<void> {
  const { ports, chats, sender } = parts
  const now = ports.clock.now()
  const target = targetOf(ctx)
  if (!(await isPairingCode(ports.documents, code, now))) {
    ports.log.warn({ chat: target.chatId }, 'a chat tried a pairing code that is not valid')
    void sender.reply(target, wrongCode())
    return
  }
  if (chats.isFull) {
    void sender.reply(target, tooManyChats(MAX_PAIRED_CHATS))
    return
  }
  const newcomer = { id: target.chatId, threadId: target.threadId, title: titleOf(ctx) }
  const chat = await chats.pair(newcomer, now, USED_UP)
  ports.log.info({ chat: chat.id }, 'a chat was paired')
  const reading = { now, timeZone: chat.timeZone }
  void sender.reply(target, welcomeMessage({ node: ports.node(), lnd: ports.lnd() }, reading))
  parts.onPaired(chat)
  for (const other of chats.all()) {
    if (other.id === chat.id || other.dead) continue
    const there = { chatId: other.id, threadId: other.threadId }
    void sender.push(there, pairedElsewhere(chat.title, chat.id))
  }
}

function codeOf(ctx: Context): string | undefined {
  const said = readCommand(ctx.message?.text ?? '', ctx.me.username)
  return said?.name === 'start' && said.words.length > 0 ? said.words.join('') : undefined
}

/** Whether an answer is expected: in a group people talk to each other and to other bots. */
function isAddressed(ctx: Context): boolean {
  if (ctx.callbackQuery !== undefined) return true
  const text = ctx.message?.text
  if (text === undefined) return false
  if (ctx.chat?.type === 'private') return true
  const said = readCommand(text, ctx.me.username)
  const mention = `@${ctx.me.username}`.toLowerCase()
  return said?.name === 'start' || (said !== undefined && text.toLowerCase().includes(mention))
}

function idOf(ctx: Context): number {
  return ctx.from?.id ?? ctx.chat?.id ?? 0
}

function titleOf(ctx: Context): string {
  const { chat } = ctx
  if (chat === undefined) return ''
  return (chat.title ?? chat.first_name ?? '').slice(0, 200)
}
