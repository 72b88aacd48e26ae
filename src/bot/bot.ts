import type { Bot as GrammyBot } from 'grammy'
import type { Message } from '../messages/message.ts'
import { topicGone } from '../messages/mistakes.ts'
import type { TelegramStatus } from '../messages/status.ts'
import { access } from './access.ts'
import { Chats } from './chats.ts'
import { COMMANDS } from './commands.ts'
import { connect } from './connection.ts'
import type { BotConfig, BotPorts } from './contracts.ts'
import { onMessage, onPress } from './conversation.ts'
import { migrate, onMembership, onMigration } from './membership.ts'
import { Menu } from './menu.ts'
import type { Outcome } from './outcome.ts'
import { Polling } from './polling.ts'
import { Sender } from './sender.ts'

/** The running bot. Disposing it finishes the update in hand and leaves the rest to the next start. */
export type TelegramBot = AsyncDisposable & {
  /** Rejects with a fatal TelegramError when the bot cannot go on; resolves when it is disposed. */
  done: Promise<void>
  /** The chats that may ask now. */
  chatIds(): readonly number[]
  /** Tries once to say something that nobody asked for, in the topic that paired. */
  push(chatId: number, message: Message): Promise<Outcome>
  status(): TelegramStatus
  /** Since when Telegram is out of reach (epoch ms); undefined while it is reached. */
  downSince(): number | undefined
  /** Messages that wait for their turn. */
  waiting(): number
  /** Changes the zone of chats that have not chosen one. */
  setTimeZone(timeZone: string): void
}

// A chat where the bot lost its right to write is tried again this long after.
const RECHECK_MS = 3_600_000

/**
 * Starts the bot: reads its chats, then talks to Telegram in the background. Telegram being out of
 * reach delays it and no more.
 * @throws Error when a document of the store is not readable.
 */
export async function startBot(config: BotConfig, ports: BotPorts): Promise<TelegramBot> {
  const chats = await Chats.load(ports.documents, config.chatIds, config.timeZone)
  return new RunningBot(config, ports, chats)
}

class RunningBot implements TelegramBot {
  readonly done: Promise<void>
  readonly #ports: BotPorts
  readonly #chats: Chats
  readonly #bot: GrammyBot
  readonly #sender: Sender
  readonly #menu: Menu
  readonly #polling: Polling
  readonly #stop = new AbortController()
  readonly #work: Promise<void>
  #menuWork: Promise<void> = Promise.resolve()
  #fail: (error: Error) => void = () => undefined

  constructor(config: BotConfig, ports: BotPorts, chats: Chats) {
    this.#ports = ports
    this.#chats = chats
    this.#bot = connect(config)
    this.#menu = new Menu(this.#bot.api, ports.log, COMMANDS, this.#stop.signal)
    this.#sender = this.#makeSender()
    this.#polling = new Polling(this.#bot, ports.clock, ports.log, this.#stop.signal)
    this.#wire()
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject
    })
    this.#work = this.#polling.run(({ username }) => {
      ports.log.info({ username, chats: chats.all().length }, 'the bot answers in Telegram')
      this.#inMenu(() => this.#menu.register(chats.all().map(({ id }) => id)))
    })
    this.done = Promise.race([this.#work, failed])
    // Whoever awaits `done` gets the error; it must not end the process before that.
    this.done.catch(() => this.#stop.abort())
    this.#work.catch(() => undefined)
  }

  chatIds(): readonly number[] {
    return this.#chats.all().map(({ id }) => id)
  }

  async push(chatId: number, message: Message): Promise<Outcome> {
    const chat = this.#chats.get(chatId)
    if (chat === undefined)
      return { kind: 'dead', reason: 'the chat is not paired', recheck: false }
    const { dead, threadId } = chat
    const isDue = dead?.recheck && this.#ports.clock.now() - dead.at >= RECHECK_MS
    if (dead && !isDue) return { kind: 'dead', reason: dead.reason, recheck: dead.recheck }
    const outcome = await this.#sender.push({ chatId, threadId }, message)
    if (dead && outcome.kind === 'sent') await this.#chats.update(chatId, { dead: undefined })
    return outcome
  }

  status(): TelegramStatus {
    const chats = this.#chats.all()
    return {
      username: this.#bot.isInited() ? this.#bot.botInfo.username : undefined,
      chats: chats.length,
      deadChats: chats.filter(({ dead }) => dead !== undefined).length,
      lastTroubleAt: this.#polling.lastTroubleAt,
      droppedReplies: this.#sender.droppedReplies,
    }
  }

  downSince(): number | undefined {
    return this.#polling.downSince
  }

  waiting(): number {
    return this.#sender.waiting
  }

  setTimeZone(timeZone: string): void {
    this.#chats.setTimeZone(timeZone)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#work.catch(() => undefined)
    await this.#sender[Symbol.asyncDispose]()
    await this.#menuWork
  }

  #makeSender(): Sender {
    const { clock, log } = this.#ports
    return new Sender(this.#bot.api, clock, log, {
      onDead: async (chatId, reason, recheck) => {
        log.warn({ chat: chatId, reason }, 'a chat cannot be reached any more')
        await this.#chats.update(chatId, { dead: { reason, at: clock.now(), recheck } })
      },
      onMigrated: (from, to) => migrate(this.#chats, log, from, to),
      onThreadGone: (chatId, threadId) => this.#onThreadGone(chatId, threadId),
      onFatal: (error) => this.#fail(error),
    })
  }

  async #onThreadGone(chatId: number, threadId: number): Promise<void> {
    if (this.#chats.get(chatId)?.threadId !== threadId) return
    await this.#chats.update(chatId, { threadId: undefined })
    void this.#sender.push({ chatId, threadId: undefined }, topicGone())
  }

  #wire(): void {
    const { clock, log } = this.#ports
    const chats = this.#chats
    const parts = {
      api: this.#bot.api,
      ports: this.#ports,
      chats,
      sender: this.#sender,
      commands: COMMANDS,
      status: () => this.status(),
      forget: async (chatId: number) => {
        await chats.revoke(chatId)
        log.info({ chat: chatId }, 'a chat was forgotten')
        this.#inMenu(() => this.#menu.hide(chatId))
      },
    }
    // A group that moves speaks from an id that is not let in yet.
    this.#bot.on(['message:migrate_to_chat_id', 'message:migrate_from_chat_id'], (ctx) =>
      onMigration(chats, log, ctx),
    )
    this.#bot.use(
      access({ ...parts, onPaired: ({ id }) => this.#inMenu(() => this.#menu.show(id)) }),
    )
    this.#bot.on('my_chat_member', (ctx) => onMembership(chats, log, ctx, clock.now()))
    this.#bot.on('message:text', (ctx) => onMessage(parts, ctx))
    this.#bot.on('callback_query', (ctx) => onPress(parts, ctx))
  }

  /** Menus are set one after the other, beside what people wait for. */
  #inMenu(change: () => Promise<void>): void {
    this.#menuWork = this.#menuWork.then(change)
  }
}
