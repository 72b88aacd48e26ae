import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../clock.ts'
import {
  ApiError,
  type GroupSpec,
  numberIn,
  type Payload,
  Rooms,
  type ShownMessage,
} from './bot-api-chats.ts'
import { UpdateQueue } from './bot-api-updates.ts'

export type BotApiOptions = {
  /** The token that is accepted; calls with any other get 401. */
  token: string
  /** Default: a free one. */
  port?: number
  botUsername?: string
  clock?: Clock
}

/** How the next call of a method fails. */
export type Fault =
  /** As Telegram refuses: with a code, its words and, for 429, the wait in seconds. */
  | { code: number; description: string; retryAfter?: number }
  /** A gateway's page instead of JSON; a cut connection; no answer at all. */
  | 'bad-gateway'
  | 'reset'
  | 'hang'
  /** The call is carried out, but its answer is lost. */
  | 'lost-reply'

/** Who says something, and where in a forum. */
export type Speaker = {
  /** Default: in a private chat its owner, in a group person 1. */
  from?: number
  threadId?: number
  /** An administrator who writes in the name of the group. */
  isAnonymous?: boolean
}

/** A local Bot API server, and the people who use the bot through it. */
export type BotApi = AsyncDisposable & {
  /** To be used as TELEGRAM_API_ROOT. */
  url: string
  port: number
  /** Makes a group. Private chats (positive ids) come to be when their owner first says something. */
  group(spec: GroupSpec): void
  /** Says something to the bot; returns the id of the message. */
  say(chatId: number, text: string, speaker?: Speaker): number
  /**
   * Presses a button of a message of the bot, by its data or its label. Resolves with the notice
   * that pops up, or undefined, when the bot has answered the press.
   */
  press(
    chatId: number,
    messageId: number,
    button: string,
    speaker?: Speaker,
  ): Promise<string | undefined>
  /** What the bot said in a chat, as it stands now, oldest first. */
  messages(chatId: number): readonly ShownMessage[]
  /** Calls the listener on each message sent or edited; returns a function that ends it. */
  onMessage(listener: (message: ShownMessage) => void): () => void
  /** Blocks the bot in a chat or lets it in again; tells the bot with my_chat_member. */
  block(chatId: number, isBlocked: boolean): void
  /** Turns a group into a supergroup with another id, with or without its service message. */
  migrate(from: number, to: number, isTold?: boolean): void
  /** Lets the next calls of a method fail, one fault each. */
  fail(method: string, ...faults: readonly Fault[]): void
  /** All calls so far, without getUpdates: at most the last 1,000. */
  calls(): readonly { method: string; payload: Payload }[]
}

const BOT_ID = 4_200_000_000
const MAX_CALLS = 1_000
const MAX_BODY_BYTES = 1_000_000

/** Starts a stand-in for Telegram's Bot API on the loopback interface. */
export async function startBotApi(options: BotApiOptions): Promise<BotApi> {
  const api = new LocalBotApi(options)
  await api.listen(options.port ?? 0)
  return api
}

class LocalBotApi implements BotApi {
  readonly #token: string
  readonly #clock: Clock
  readonly #username: string
  readonly #rooms: Rooms
  readonly #updates = new UpdateQueue()
  readonly #listeners = new Set<(message: ShownMessage) => void>()
  readonly #faults = new Map<string, Fault[]>()
  readonly #presses = new Map<string, (notice: string | undefined) => void>()
  readonly #menus = new Map<string, unknown>()
  readonly #server = createServer((request, response) => this.#serve(request, response))
  readonly #calls: { method: string; payload: Payload }[] = []

  constructor({ token, botUsername = 'missed_sats_bot', clock = systemClock }: BotApiOptions) {
    this.#token = token
    this.#clock = clock
    this.#username = botUsername
    this.#rooms = new Rooms(clock, (message) => {
      for (const listener of this.#listeners) listener(message)
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve)
    })
  }

  group(spec: GroupSpec): void {
    this.#rooms.open(spec)
  }

  say(chatId: number, text: string, speaker: Speaker = {}): number {
    const message = this.#message(chatId, speaker)
    this.#updates.add({ message: { ...message, text } })
    return Number(message['message_id'])
  }

  press(chatId: number, messageId: number, button: string, speaker: Speaker = {}) {
    const shown = this.#rooms.messages(chatId).find((one) => one.messageId === messageId)
    const data = shown?.buttons.flat().find(({ label }) => label === button)?.data ?? button
    const topic = shown?.threadId === undefined ? {} : { threadId: shown.threadId }
    const message = { ...this.#message(chatId, { ...topic, ...speaker }), message_id: messageId }
    const id = `press${this.#rooms.nextId()}`
    const from = person(speaker.from ?? ownerOf(chatId))
    const query = { id, from, chat_instance: '1', data, message: { ...message, text: shown?.text } }
    return new Promise<string | undefined>((resolve) => {
      this.#presses.set(id, resolve)
      this.#updates.add({ callback_query: query })
    })
  }

  messages(chatId: number): readonly ShownMessage[] {
    return this.#rooms.messages(chatId)
  }

  onMessage(listener: (message: ShownMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  block(chatId: number, isBlocked: boolean): void {
    this.#rooms.block(chatId, isBlocked)
    const user = { id: BOT_ID, is_bot: true, first_name: 'missed sats', username: this.#username }
    const of = (isOut: boolean) => ({ user, status: isOut ? 'kicked' : 'member', until_date: 0 })
    const { date, chat, from } = this.#message(chatId, {})
    const members = { old_chat_member: of(!isBlocked), new_chat_member: of(isBlocked) }
    this.#updates.add({ my_chat_member: { date, chat, from, ...members } })
  }

  migrate(from: number, to: number, isTold = true): void {
    const message = this.#message(from, {})
    this.#rooms.move(from, to)
    if (isTold) this.#updates.add({ message: { ...message, migrate_to_chat_id: to } })
  }

  fail(method: string, ...faults: readonly Fault[]): void {
    this.#faults.set(method, [...(this.#faults.get(method) ?? []), ...faults])
  }

  calls(): readonly { method: string; payload: Payload }[] {
    return [...this.#calls]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#updates.close()
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    this.#server.closeAllConnections()
    await closed
  }

  #message(chatId: number, { from, threadId, isAnonymous }: Speaker): Payload {
    if (!this.#rooms.has(chatId)) this.#rooms.open({ id: chatId, title: `Person ${chatId}` })
    const chat = this.#rooms.chat(chatId)
    const topic =
      threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }
    const sender = isAnonymous ? { sender_chat: chat } : {}
    const who = isAnonymous ? person(1_087_968_824) : person(from ?? ownerOf(chatId))
    const date = Math.floor(this.#clock.now() / 1000)
    return { message_id: this.#rooms.nextId(), date, chat, from: who, ...sender, ...topic }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(request.url ?? '') ?? []
      const payload = await readBody(request)
      if (token !== this.#token) return refuse(response, new ApiError(401, 'Unauthorized'))
      await this.#respond(method, payload, response)
    } catch (error) {
      if (error instanceof ApiError) refuse(response, error)
      else response.destroy()
    }
  }

  async #respond(method: string, payload: Payload, response: ServerResponse): Promise<void> {
    const fault = this.#faults.get(method)?.shift()
    if (fault === 'hang') return
    if (fault === 'reset') return void response.destroy()
    if (fault === 'bad-gateway') return void response.writeHead(502).end('<html>Bad Gateway</html>')
    if (fault !== undefined && fault !== 'lost-reply') {
      const wait = fault.retryAfter === undefined ? {} : { retry_after: fault.retryAfter }
      throw new ApiError(fault.code, fault.description, wait)
    }
    if (method !== 'getUpdates') this.#record(method, payload)
    const result = await this.#call(method, payload, response)
    if (fault === 'lost-reply') response.destroy()
    else answer(response, 200, { ok: true, result })
  }

  #call(method: string, payload: Payload, response: ServerResponse): unknown {
    switch (method) {
      case 'getMe':
        return { id: BOT_ID, is_bot: true, first_name: 'missed sats', username: this.#username }
      case 'getUpdates': {
        const { offset = 0, timeout = 0 } = payload as { offset?: number; timeout?: number }
        return this.#updates.take(offset, timeout, response)
      }
      case 'sendMessage':
        return this.#rooms.send(payload)
      case 'editMessageText':
        return this.#rooms.edit(payload)
      case 'editMessageReplyMarkup':
        return this.#rooms.edit(payload, true)
      case 'answerCallbackQuery':
        return this.#answerPress(payload)
      case 'getChatMember':
        return this.#rooms.member(payload)
      case 'getChatAdministrators':
        return this.#rooms.administrators(payload)
      case 'getChat':
        return this.#rooms.chat(numberIn(payload, 'chat_id') ?? 0)
      case 'getMyCommands':
        return this.#menus.get(JSON.stringify(payload['scope'] ?? null)) ?? []
      case 'setMyCommands':
        this.#menus.set(JSON.stringify(payload['scope'] ?? null), payload['commands'])
        return true
      case 'deleteMyCommands':
        this.#menus.delete(JSON.stringify(payload['scope'] ?? null))
        return true
      case 'getWebhookInfo':
        return { url: '', has_custom_certificate: false, pending_update_count: this.#updates.size }
      case 'deleteWebhook':
        return true
      default:
        throw new ApiError(404, 'Not Found: method not found')
    }
  }

  #answerPress(payload: Payload): true {
    const id = String(payload['callback_query_id'])
    const resolve = this.#presses.get(id)
    if (resolve === undefined) {
      throw new ApiError(
        400,
        'Bad Request: query is too old and response timeout expired or query ID is invalid',
      )
    }
    this.#presses.delete(id)
    resolve(typeof payload['text'] === 'string' ? payload['text'] : undefined)
    return true
  }

  #record(method: string, payload: Payload): void {
    this.#calls.push({ method, payload })
    if (this.#calls.length > MAX_CALLS) this.#calls.shift()
  }
}

function ownerOf(chatId: number): number {
  return chatId > 0 ? chatId : 1
}

function person(id: number): Payload {
  return { id, is_bot: false, first_name: `Person ${id}` }
}

async function readBody(request: IncomingMessage): Promise<Payload> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new ApiError(413, 'Request Entity Too Large')
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString()
  return text === '' ? {} : JSON.parse(text)
}

function refuse(response: ServerResponse, { code, message, parameters }: ApiError): void {
  const extra = Object.keys(parameters).length > 0 ? { parameters } : {}
  answer(response, code, { ok: false, error_code: code, description: message, ...extra })
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed || response.writableEnded) return
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
