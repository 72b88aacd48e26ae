import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../clock.ts'
import { contentOf, type GroupSpec, numberIn, Rooms } from './bot-api-chats.ts'
import type {
  ApiCall,
  BotApi,
  BotApiOptions,
  Fault,
  PressAnswer,
  SaidMessage,
  Speaker,
} from './bot-api-contract.ts'
import { takeFile, withoutBytes } from './bot-api-files.ts'
import { answer, readBody, refuse } from './bot-api-http.ts'
import { Listeners } from './bot-api-listeners.ts'
import { ApiError, type Payload, type ShownFile, type ShownMessage } from './bot-api-render.ts'
import { UpdateQueue } from './bot-api-updates.ts'

export type { BotApi }

const BOT_ID = 4_200_000_000
const MAX_CALLS = 1_000

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
  readonly #shown = new Listeners<ShownMessage>()
  readonly #said = new Listeners<SaidMessage>()
  readonly #called = new Listeners<ApiCall>()
  readonly #faults = new Map<string, Fault[]>()
  readonly #presses = new Map<string, (answer: PressAnswer) => void>()
  readonly #menus = new Map<string, unknown>()
  readonly #server = createServer((request, response) => this.#serve(request, response))
  #isCut = false
  #cutCalls = 0
  readonly #calls: ApiCall[] = []

  constructor({ token, botUsername = 'missed_sats_bot', clock = systemClock }: BotApiOptions) {
    this.#token = token
    this.#clock = clock
    this.#username = botUsername
    this.#rooms = new Rooms(clock, (message) => this.#shown.tell(message))
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
    const messageId = Number(message['message_id'])
    this.#said.tell({ chatId, messageId, threadId: speaker.threadId, text })
    this.#updates.add({ message: { ...message, text } })
    return messageId
  }

  async press(chatId: number, messageId: number, button: string, speaker: Speaker = {}) {
    return (await this.pressed(chatId, messageId, button, speaker)).text
  }

  pressed(chatId: number, messageId: number, button: string, speaker: Speaker = {}) {
    const shown = this.#rooms.messages(chatId).find((one) => one.messageId === messageId)
    const data = shown?.buttons.flat().find(({ label }) => label === button)?.data ?? button
    const topic = shown?.threadId === undefined ? {} : { threadId: shown.threadId }
    const message = { ...this.#message(chatId, { ...topic, ...speaker }), message_id: messageId }
    const id = `press${this.#rooms.nextId()}`
    const from = person(speaker.from ?? ownerOf(chatId))
    const content = shown === undefined ? {} : contentOf(shown)
    const query = { id, from, chat_instance: '1', data, message: { ...message, ...content } }
    return new Promise<PressAnswer>((resolve) => {
      this.#presses.set(id, resolve)
      this.#updates.add({ callback_query: query })
    })
  }

  messages(chatId: number): readonly ShownMessage[] {
    return this.#rooms.messages(chatId)
  }

  onMessage(listener: (message: ShownMessage) => void): () => void {
    return this.#shown.add(listener)
  }

  onSaid(listener: (message: SaidMessage) => void): () => void {
    return this.#said.add(listener)
  }

  onCall(listener: (call: ApiCall) => void): () => void {
    return this.#called.add(listener)
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

  cut(isCut: boolean): void {
    this.#isCut = isCut
    if (isCut) this.#updates.close()
  }

  cutCalls(): number {
    return this.#cutCalls
  }

  calls(): readonly ApiCall[] {
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
      if (this.#isCut) {
        this.#cutCalls += method === 'getUpdates' ? 0 : 1
        return void response.destroy()
      }
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
      case 'sendPhoto':
        return this.#sendFile('photo', payload)
      case 'sendDocument':
        return this.#sendFile('document', payload)
      case 'editMessageText':
        return this.#rooms.edit(payload)
      case 'editMessageReplyMarkup':
        return this.#rooms.editButtons(payload)
      case 'editMessageCaption':
        return this.#rooms.editFile(payload)
      case 'editMessageMedia':
        return this.#editMedia(payload)
      case 'sendChatAction':
        this.#rooms.expect(payload)
        return true
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

  #sendFile(kind: ShownFile['kind'], payload: Payload): Payload {
    return this.#rooms.send(payload, takeFile(kind, payload[kind]))
  }

  #editMedia(payload: Payload): Payload {
    const { type, media, ...caption } = payload['media'] as Payload
    const file = takeFile(type === 'photo' ? 'photo' : 'document', media)
    return this.#rooms.editFile({ ...payload, ...caption }, file)
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
    const text = typeof payload['text'] === 'string' ? payload['text'] : undefined
    resolve({ text, isAlert: payload['show_alert'] === true })
    return true
  }

  #record(method: string, payload: Payload): void {
    const call = { method, payload: withoutBytes(payload) }
    this.#called.tell(call)
    this.#calls.push(call)
    if (this.#calls.length > MAX_CALLS) this.#calls.shift()
  }
}

function ownerOf(chatId: number): number {
  return chatId > 0 ? chatId : 1
}

function person(id: number): Payload {
  return { id, is_bot: false, first_name: `Person ${id}` }
}
