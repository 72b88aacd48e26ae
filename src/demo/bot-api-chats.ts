import type { Clock } from '../clock.ts'
import { toPlainText } from '../messages/html.ts'
import { parseTelegramHtml } from './telegram-html.ts'

/** A button as a person sees it, and what pressing it sends. */
export type ShownButton = { label: string; data: string }

/** A message of the bot as it stands in a chat now. */
export type ShownMessage = {
  chatId: number
  messageId: number
  threadId: number | undefined
  /** What was sent, with tags where it had any. */
  markup: string
  /** What a person reads. */
  text: string
  buttons: readonly (readonly ShownButton[])[]
  /** How often it was edited. */
  edits: number
}

/** A group of the stand-in: who administers it and which topics it has. */
export type GroupSpec = {
  /** Negative. */
  id: number
  title: string
  administrators?: readonly number[]
  topics?: readonly number[]
}

/** An answer of Telegram that is not `ok`. */
export class ApiError extends Error {
  readonly code: number
  readonly parameters: Record<string, number>

  constructor(code: number, description: string, parameters: Record<string, number> = {}) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

export type Payload = Readonly<Record<string, unknown>>

type Room = {
  id: number
  title: string
  administrators: ReadonlySet<number>
  topics: ReadonlySet<number>
  messages: Map<number, ShownMessage>
  isBlocked: boolean
  movedTo: number | undefined
}

// Enough for an evening with the demo; 500 × about 5 kB a chat.
const KEPT_MESSAGES = 500
const MAX_TEXT = 4096
const MAX_ENTITIES = 100
const MAX_DATA_BYTES = 64

/** The chats of the stand-in and what the bot said in them; refuses what Telegram would refuse. */
export class Rooms {
  readonly #rooms = new Map<number, Room>()
  readonly #clock: Clock
  readonly #onMessage: (message: ShownMessage) => void
  #lastId = 0

  constructor(clock: Clock, onMessage: (message: ShownMessage) => void) {
    this.#clock = clock
    this.#onMessage = onMessage
  }

  open({ id, title, administrators = [], topics = [] }: GroupSpec): void {
    const messages = this.#rooms.get(id)?.messages ?? new Map()
    const people = { administrators: new Set(administrators), topics: new Set(topics) }
    this.#rooms.set(id, { id, title, ...people, messages, isBlocked: false, movedTo: undefined })
  }

  has(id: number): boolean {
    return this.#rooms.has(id)
  }

  block(id: number, isBlocked: boolean): void {
    const room = this.#rooms.get(id)
    if (room) room.isBlocked = isBlocked
  }

  move(from: number, to: number): void {
    const room = this.#rooms.get(from)
    if (room === undefined) return
    this.#rooms.set(to, { ...room, id: to, messages: new Map() })
    room.movedTo = to
  }

  messages(id: number): readonly ShownMessage[] {
    return [...(this.#rooms.get(id)?.messages.values() ?? [])]
  }

  nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  /** The `chat` object of Telegram. */
  chat(id: number): Payload {
    const room = this.#rooms.get(id)
    if (id > 0) return { id, type: 'private', first_name: room?.title ?? `Person ${id}` }
    const forum = room && room.topics.size > 0 ? { is_forum: true } : {}
    return { id, type: 'supergroup', title: room?.title ?? 'Group', ...forum }
  }

  send(payload: Payload): Payload {
    const room = this.#roomFor(payload)
    const threadId = numberIn(payload, 'message_thread_id')
    if (threadId !== undefined && !room.topics.has(threadId)) {
      throw new ApiError(400, 'Bad Request: message thread not found')
    }
    const shown = { ...render(payload), chatId: room.id, threadId, edits: 0 }
    const message = { ...shown, messageId: this.nextId() }
    room.messages.set(message.messageId, message)
    for (const oldest of room.messages.keys()) {
      if (room.messages.size <= KEPT_MESSAGES) break
      room.messages.delete(oldest)
    }
    this.#onMessage(message)
    return this.#messageObject(message)
  }

  edit(payload: Payload, isTextKept = false): Payload {
    const room = this.#roomFor(payload)
    const old = room.messages.get(numberIn(payload, 'message_id') ?? 0)
    if (old === undefined) throw new ApiError(400, 'Bad Request: message to edit not found')
    const form = isTextKept ? { ...payload, text: old.markup, parse_mode: 'HTML' } : payload
    const message = { ...old, ...render(form), edits: old.edits + 1 }
    if (message.markup === old.markup && sameButtons(message, old)) {
      throw new ApiError(
        400,
        'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      )
    }
    room.messages.set(message.messageId, message)
    this.#onMessage(message)
    return this.#messageObject(message)
  }

  member(payload: Payload): Payload {
    const room = this.#roomFor(payload)
    const id = numberIn(payload, 'user_id') ?? 0
    const status = room.administrators.has(id) ? 'administrator' : 'member'
    return { status, user: { id, is_bot: false, first_name: `Person ${id}` } }
  }

  administrators(payload: Payload): readonly Payload[] {
    const room = this.#roomFor(payload)
    return [...room.administrators].map((id) => this.member({ ...payload, user_id: id }))
  }

  #roomFor(payload: Payload): Room {
    const room = this.#rooms.get(numberIn(payload, 'chat_id') ?? 0)
    if (room === undefined) throw new ApiError(400, 'Bad Request: chat not found')
    if (room.movedTo !== undefined) {
      const moved = { migrate_to_chat_id: room.movedTo }
      throw new ApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', moved)
    }
    if (!room.isBlocked) return room
    const how = room.id > 0 ? 'blocked by the user' : 'kicked from the supergroup chat'
    throw new ApiError(403, `Forbidden: bot was ${how}`)
  }

  #messageObject({ messageId, chatId, threadId, text }: ShownMessage): Payload {
    const topic =
      threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }
    const date = Math.floor(this.#clock.now() / 1000)
    return { message_id: messageId, date, chat: this.chat(chatId), text, ...topic }
  }
}

/** Returns a number of a payload; undefined when it has none there. */
export function numberIn(payload: Payload, key: string): number | undefined {
  const value = payload[key]
  return typeof value === 'number' ? value : undefined
}

/** Checks a text and its buttons as Telegram does. */
function render(payload: Payload): Pick<ShownMessage, 'markup' | 'text' | 'buttons'> {
  const markup = typeof payload['text'] === 'string' ? payload['text'] : ''
  const isHtml = payload['parse_mode'] === 'HTML'
  const { text, entities } = isHtml ? parsed(markup) : { text: markup, entities: 0 }
  if (text.trim() === '') throw new ApiError(400, 'Bad Request: message text is empty')
  if (text.length > MAX_TEXT) throw new ApiError(400, 'Bad Request: message is too long')
  if (entities > MAX_ENTITIES) throw new ApiError(400, 'Bad Request: too many entities')
  const shown = isHtml ? toPlainText(markup) : markup
  return { markup, text: shown.trim(), buttons: readButtons(payload['reply_markup']) }
}

function parsed(markup: string) {
  try {
    return parseTelegramHtml(markup)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown'
    throw new ApiError(400, `Bad Request: can't parse entities: ${reason}`)
  }
}

function readButtons(markup: unknown): readonly (readonly ShownButton[])[] {
  const rows = (markup as { inline_keyboard?: unknown } | undefined)?.inline_keyboard
  if (!Array.isArray(rows)) return []
  return rows.map((row) => (Array.isArray(row) ? row.map(readButton) : []))
}

function readButton(button: unknown): ShownButton {
  const { text, callback_data: data } = button as Record<string, unknown>
  if (typeof text !== 'string' || text.trim() === '') {
    throw new ApiError(
      400,
      "Bad Request: can't parse inline keyboard button: Text must be non-empty",
    )
  }
  const bytes = typeof data === 'string' ? Buffer.byteLength(data) : 0
  if (typeof data !== 'string' || bytes < 1 || bytes > MAX_DATA_BYTES) {
    throw new ApiError(400, 'Bad Request: BUTTON_DATA_INVALID')
  }
  return { label: text, data }
}

function sameButtons(a: ShownMessage, b: ShownMessage): boolean {
  return JSON.stringify(a.buttons) === JSON.stringify(b.buttons)
}
