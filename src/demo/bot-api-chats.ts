import type { Clock } from '../clock.ts'
import {
  ApiError,
  type Payload,
  render,
  type ShownFile,
  type ShownMessage,
} from './bot-api-render.ts'

/** A group of the stand-in: who administers it and which topics it has. */
export type GroupSpec = {
  /** Negative. */
  id: number
  title: string
  administrators?: readonly number[]
  topics?: readonly number[]
}

type Room = {
  id: number
  title: string
  administrators: ReadonlySet<number>
  topics: ReadonlySet<number>
  messages: Map<number, ShownMessage>
  isBlocked: boolean
  movedTo: number | undefined
}

// Enough for an evening with the demo; 500 × about 5 kB a chat, or 60 kB of a picture: 30 MB.
const KEPT_MESSAGES = 500

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

  send(payload: Payload, file?: ShownFile): Payload {
    const room = this.#roomFor(payload)
    const threadId = numberIn(payload, 'message_thread_id')
    if (threadId !== undefined && !room.topics.has(threadId)) {
      throw new ApiError(400, 'Bad Request: message thread not found')
    }
    const shown = { ...render(payload, file), chatId: room.id, threadId, edits: 0 }
    const message = { ...shown, messageId: this.nextId() }
    room.messages.set(message.messageId, message)
    for (const oldest of room.messages.keys()) {
      if (room.messages.size <= KEPT_MESSAGES) break
      room.messages.delete(oldest)
    }
    this.#onMessage(message)
    return this.#messageObject(message)
  }

  /** Replaces the text and the buttons. */
  edit(payload: Payload): Payload {
    const { room, old } = this.#toEdit(payload)
    if (old.file) throw new ApiError(400, 'Bad Request: there is no text in the message to edit')
    return this.#replace(room, old, render(payload))
  }

  /** Replaces the buttons alone. */
  editButtons(payload: Payload): Payload {
    const { room, old } = this.#toEdit(payload)
    const kept = { [old.file ? 'caption' : 'text']: old.markup, parse_mode: 'HTML' }
    return this.#replace(room, old, render({ ...payload, ...kept }, old.file))
  }

  /** Replaces the caption and the buttons, and the file where there is another. */
  editFile(payload: Payload, file?: ShownFile): Payload {
    const { room, old } = this.#toEdit(payload)
    const shown = file ?? old.file
    if (!shown) throw new ApiError(400, 'Bad Request: there is no caption in the message to edit')
    return this.#replace(room, old, render(payload, shown))
  }

  #toEdit(payload: Payload): { room: Room; old: ShownMessage } {
    const room = this.#roomFor(payload)
    const old = room.messages.get(numberIn(payload, 'message_id') ?? 0)
    if (old === undefined) throw new ApiError(400, 'Bad Request: message to edit not found')
    return { room, old }
  }

  #replace(room: Room, old: ShownMessage, form: ReturnType<typeof render>): Payload {
    const message = { ...old, ...form, edits: old.edits + 1 }
    if (message.markup === old.markup && sameButtons(message, old) && message.file === old.file) {
      throw new ApiError(
        400,
        'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      )
    }
    room.messages.set(message.messageId, message)
    this.#onMessage(message)
    return this.#messageObject(message)
  }

  /** Refuses what is meant for a chat that takes nothing. */
  expect(payload: Payload): void {
    this.#roomFor(payload)
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

  #messageObject(shown: ShownMessage): Payload {
    const { messageId, chatId, threadId } = shown
    const topic =
      threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }
    const date = Math.floor(this.#clock.now() / 1000)
    return { message_id: messageId, date, chat: this.chat(chatId), ...contentOf(shown), ...topic }
  }
}

/** What a message holds, as Telegram tells it. */
export function contentOf({ text, file }: Pick<ShownMessage, 'text' | 'file'>): Payload {
  if (file === undefined) return { text }
  const id = { file_id: file.name, file_unique_id: file.name, file_size: file.bytes.length }
  const caption = text === '' ? {} : { caption: text }
  return file.kind === 'photo'
    ? { ...caption, photo: [{ ...id, width: 1, height: 1 }] }
    : { ...caption, document: { ...id, file_name: file.name } }
}

/** Returns a number of a payload; undefined when it has none there. */
export function numberIn(payload: Payload, key: string): number | undefined {
  const value = payload[key]
  return typeof value === 'number' ? value : undefined
}

function sameButtons(a: ShownMessage, b: ShownMessage): boolean {
  return JSON.stringify(a.buttons) === JSON.stringify(b.buttons)
}
