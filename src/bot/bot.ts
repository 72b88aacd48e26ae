import type { Bot as GrammyBot } from 'grammy'
import type { DeliveryInput } from '../alerts/kinds/bot-delivery.ts'
import { longestWait } from '../alerts/plan.ts'
import type { Message } from '../messages/message.ts'
import { topicGone } from '../messages/mistakes.ts'
import type { TelegramStatus } from '../messages/status.ts'
import { access } from './access.ts'
import { Background } from './background.ts'
import { type Chat, Chats } from './chats.ts'
import { COMMANDS } from './commands.ts'
import { connect } from './connection.ts'
import type { BotConfig, BotPorts } from './contracts.ts'
import { onMessage, onPress } from './conversation.ts'
import { digestWriter } from './digests.ts'
import { migrate, onMembership, onMigration } from './membership.ts'
import { Menu } from './menu.ts'
import { Outbox } from './outbox.ts'
import type { Recipient } from './outbox-deps.ts'
import type { Outcome } from './outcome.ts'
import { Polling } from './polling.ts'
import { Reach } from './reach.ts'
import { Readers } from './readers.ts'
import { Sender, type SenderEvents } from './sender.ts'
import { callTimeout } from './signal.ts'
import { within } from './within.ts'

/** The running bot. Disposing it finishes the update in hand and leaves the rest to the next start. */
export type TelegramBot = AsyncDisposable & {
  /** Rejects with a fatal TelegramError when the bot cannot go on; resolves when it is disposed. */
  done: Promise<void>
  /** The chats that may ask now. */
  chatIds(): readonly number[]
  /** The same with the clock of each. */
  recipients(): readonly { id: number; timeZone: string }[]
  /** Tries once to say something that nobody asked for, in the topic that paired. */
  push(chatId: number, message: Message): Promise<Outcome>
  status(): TelegramStatus
  /** Since when Telegram is out of reach (epoch ms); undefined while it is reached. */
  downSince(): number | undefined
  /** Messages that wait for their turn. */
  waiting(): number
  /** Changes the zone of chats that have not chosen one. */
  setTimeZone(timeZone: string): void
  /** Looks whether alerts or digests are to be told, everywhere or in these chats. */
  tellAlerts(chatIds?: readonly number[]): void
  /** How the telling of alerts stands. */
  delivery(): DeliveryInput
}

// A chat where the bot lost its right to write is tried again this long after.
const RECHECK_MS = 3_600_000
// A call that hangs must not hold up the end of the program.
const CLOSING_MS = 3_000

/**
 * Starts the bot: reads its chats, then talks to Telegram in the background. Telegram being out of
 * reach delays it and no more.
 * @throws Error when a document of the store is not readable.
 */
export async function startBot(config: BotConfig, ports: BotPorts): Promise<TelegramBot> {
  const { desk } = ports.alerts
  let bot: RunningBot | undefined
  const tell = (id: number) => bot?.tellAlerts([id])
  const chats = await Chats.load(ports.documents, config.chatIds, config.timeZone, {
    opened: (id) => void desk.box(id),
    revived: (id) => {
      desk.welcomeBack(id)
      tell(id)
    },
    closed: (id) => desk.close(id),
    migrated: (from, to) => desk.migrate(from, to),
  })
  for (const [id] of [...desk.boxes()]) if (!chats.get(id)) desk.close(id)
  bot = new RunningBot(config, ports, chats)
  return bot
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
  readonly #outbox: Outbox
  readonly #readers: Readers
  readonly #background: Background
  #menuWork: Promise<void> = Promise.resolve()
  #fail: (error: Error) => void = () => undefined

  constructor(config: BotConfig, ports: BotPorts, chats: Chats) {
    this.#ports = ports
    this.#chats = chats
    this.#readers = new Readers(chats)
    this.#background = new Background(ports.clock)
    this.#bot = connect(config)
    this.#menu = new Menu(this.#bot.api, ports.log, COMMANDS, this.#stop.signal)
    this.#sender = this.#makeSender()
    this.#polling = new Polling(this.#bot, ports.clock, ports.log, this.#stop.signal)
    this.#outbox = this.#makeOutbox()
    this.#wire()
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject
    })
    this.#work = this.#polling.run(({ username }) => {
      ports.log.info({ username, chats: chats.all().length }, 'the bot answers in Telegram')
      this.#inMenu(() => this.#menu.register(chats.all().map(({ id }) => id)))
      this.tellAlerts()
    })
    this.done = Promise.race([this.#work, failed])
    // Whoever awaits `done` gets the error; it must not end the process before that.
    this.done.catch(() => this.#stop.abort())
    this.#work.catch(() => undefined)
  }

  chatIds(): readonly number[] {
    return this.#chats.all().map(({ id }) => id)
  }

  recipients(): readonly { id: number; timeZone: string }[] {
    return this.#chats.all().map(({ id, timeZone }) => ({ id, timeZone }))
  }

  async push(chatId: number, message: Message): Promise<Outcome> {
    const chat = this.#chats.get(chatId)
    if (chat === undefined)
      return { kind: 'dead', reason: 'the chat is not paired', recheck: false }
    const { dead, threadId } = chat
    if (dead && !this.#isRecheckDue(dead))
      return { kind: 'dead', reason: dead.reason, recheck: dead.recheck }
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

  tellAlerts(chatIds: readonly number[] = this.chatIds()): void {
    // Before the first answer of Telegram there is nobody to tell through.
    if (this.#bot.isInited()) this.#outbox.nudge(chatIds)
  }

  delivery(): DeliveryInput {
    const { alerts, clock } = this.#ports
    const { book, peerOf } = alerts.desk
    const now = clock.now()
    const waits = this.#chats.all().flatMap(({ id, timeZone, dead }) => {
      const box = dead ? undefined : alerts.desk.box(id)
      return (box && longestWait(box, { book, now, timeZone, peerOf })) ?? []
    })
    const [longest] = waits.sort((a, b) => b.waitedMs - a.waitedMs)
    return {
      oldestUnsentMs: longest?.waitedMs,
      oldestUnsentAt: longest?.alert.ringAt,
      deadChats: this.status().deadChats,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await within(CLOSING_MS, this.#ports.clock, this.#outbox[Symbol.asyncDispose]())
    await this.#work.catch(() => undefined)
    await this.#background[Symbol.asyncDispose]()
    await this.#sender[Symbol.asyncDispose]()
    await this.#menuWork
  }

  #makeOutbox(): Outbox {
    const { clock, log, alerts } = this.#ports
    const probe = () => this.#bot.api.getMe(callTimeout())
    return new Outbox({
      clock,
      log,
      ...alerts,
      writeDigest: digestWriter(this.#ports),
      reach: new Reach({ clock, log, probe, random: Math.random }, this.#stop.signal),
      chatIds: () => this.chatIds(),
      recipient: (id) => this.#recipient(id),
      attempt: (id, compose) => this.#sender.attempt(id, () => this.#readers.madeFor(id, compose)),
      onSent: async (id) => void (await this.#chats.update(id, { dead: undefined })),
    })
  }

  #recipient(id: number): Recipient | undefined {
    const chat = this.#chats.get(id)
    if (chat === undefined) return undefined
    const { timeZone, threadId, dead } = chat
    return { timeZone, threadId, isOpen: dead === undefined || this.#isRecheckDue(dead) }
  }

  #isRecheckDue({ recheck, at }: NonNullable<Chat['dead']>): boolean {
    return recheck && this.#ports.clock.now() - at >= RECHECK_MS
  }

  #makeSender(): Sender {
    const { clock, log, draw } = this.#ports
    const events: SenderEvents = {
      onDead: async (chatId, reason, recheck) => {
        log.warn({ chat: chatId, reason }, 'a chat cannot be reached any more')
        await this.#chats.update(chatId, { dead: { reason, at: clock.now(), recheck } })
      },
      onMigrated: async (from, to) => {
        await migrate(this.#chats, log, from, to)
        this.tellAlerts([to])
      },
      onThreadGone: (chatId, threadId) => this.#onThreadGone(chatId, threadId),
      onFatal: (error) => this.#fail(error),
    }
    return new Sender(this.#bot.api, clock, log, events, draw)
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
      background: this.#background,
      status: () => this.status(),
      tellAlerts: (ids?: readonly number[]) => this.tellAlerts(ids),
      forget: async (chatId: number) => {
        await chats.revoke(chatId)
        log.info({ chat: chatId }, 'a chat was forgotten')
        this.#inMenu(() => this.#menu.hide(chatId))
      },
    }
    this.#bot.use((ctx, next) => this.#readers.madeFor(ctx.chat?.id ?? 0, next))
    // A group that moves speaks from an id that is not let in yet.
    this.#bot.on(['message:migrate_to_chat_id', 'message:migrate_from_chat_id'], (ctx) =>
      onMigration(chats, log, ctx).finally(() => this.tellAlerts()),
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
