import type { Clock } from '../clock.ts'
import type { BotApi } from './bot-api.ts'
import type { ApiCall, SaidMessage } from './bot-api-contract.ts'
import type { ShownMessage } from './bot-api-render.ts'
import type { Entry, MenuCommand, PageChat, PageEvent, PageWish } from './page-contract.ts'

// As many as the local Bot API keeps.
const KEPT_ENTRIES = 500

export type PageChatsParts = {
  api: BotApi
  clock: Clock
  chats: readonly PageChat[]
  onEvent(event: PageEvent): void
}

/** What stands in the chats that the page shows, as heard at the local Bot API; the bot does not know. */
export class PageChats implements Disposable {
  readonly #parts: PageChatsParts
  readonly #entries = new Map<number, Map<number, Entry>>()
  readonly #menus = new Map<number | undefined, readonly MenuCommand[]>()
  readonly #ends: readonly (() => void)[]

  constructor(parts: PageChatsParts) {
    this.#parts = parts
    for (const { id } of parts.chats) this.#entries.set(id, new Map())
    const { api } = parts
    this.#ends = [
      api.onMessage((message) => this.#heard(message)),
      api.onSaid((message) => this.#said(message)),
      api.onCall((call) => this.#called(call)),
    ]
  }

  /** Everything that stands in the chats now, oldest first in each. */
  entries(): readonly Entry[] {
    return [...this.#entries.values()].flatMap((chat) => [...chat.values()])
  }

  menus(): readonly { chatId: number; commands: readonly MenuCommand[] }[] {
    return this.#parts.chats.map(({ id }) => ({ chatId: id, commands: this.#menuOf(id) }))
  }

  /** Returns the photo or document of a message; undefined when there is none. */
  fileOf(chatId: number, messageId: number): ShownMessage['file'] {
    const messages = this.#entries.has(chatId) ? this.#parts.api.messages(chatId) : []
    return messages.find((one) => one.messageId === messageId)?.file
  }

  /** Says something in a chat; what no chat of the page is stays unsaid. */
  say({ chatId, threadId, text }: Extract<PageWish, { kind: 'say' }>): void {
    const chat = this.#chat(chatId)
    if (chat === undefined) return
    const topic = threadId === undefined ? {} : { threadId }
    this.#parts.api.say(chatId, text, { from: chat.personId, ...topic })
  }

  /** Presses a button that stands in a chat; the page hears the answer by the press's own name. */
  press({ press, chatId, messageId, data }: Extract<PageWish, { kind: 'press' }>): void {
    const chat = this.#chat(chatId)
    const buttons = this.#entries.get(chatId)?.get(messageId)?.buttons.flat() ?? []
    if (chat === undefined || !buttons.some((button) => button.data === data)) {
      this.#parts.onEvent({ type: 'answer', press, text: undefined, isAlert: false })
      return
    }
    void this.#parts.api
      .pressed(chatId, messageId, data, { from: chat.personId })
      .then((answer) => this.#parts.onEvent({ type: 'answer', press, ...answer }))
  }

  [Symbol.dispose](): void {
    for (const end of this.#ends) end()
  }

  #chat(id: number): PageChat | undefined {
    return this.#parts.chats.find((chat) => chat.id === id)
  }

  #heard(message: ShownMessage): void {
    const { chatId, messageId, threadId, markup, text, buttons, edits, file } = message
    const at = this.#entries.get(chatId)?.get(messageId)?.at ?? this.#parts.clock.now()
    const shown = file && {
      kind: file.kind,
      name: file.name,
      bytes: file.bytes.length,
      // The number of edits makes it another address when the picture is another one.
      url: `files/${chatId}/${messageId}/${edits}`,
    }
    // Without any tag or entity both readings are the same.
    const isPlain = markup.trim() === text
    const what = { markup, isPlain, buttons, edits, file: shown }
    this.#keep({ chatId, messageId, threadId, from: 'bot', at, ...what })
  }

  #said({ chatId, messageId, threadId, text }: SaidMessage): void {
    const what = { markup: text, isPlain: true, buttons: [], edits: 0, file: undefined }
    const at = this.#parts.clock.now()
    this.#keep({ chatId, messageId, threadId, from: 'person', at, ...what })
  }

  #keep(entry: Entry): void {
    const chat = this.#entries.get(entry.chatId)
    if (chat === undefined) return
    chat.set(entry.messageId, entry)
    for (const oldest of chat.keys()) {
      if (chat.size <= KEPT_ENTRIES) break
      chat.delete(oldest)
    }
    this.#parts.onEvent({ type: 'entry', entry })
  }

  #called({ method, payload }: ApiCall): void {
    if (method === 'sendChatAction') this.#typing(payload)
    if (method === 'setMyCommands' || method === 'deleteMyCommands') this.#menuSet(payload)
  }

  #typing(payload: ApiCall['payload']): void {
    const chatId = Number(payload['chat_id'])
    const thread = payload['message_thread_id']
    const threadId = thread === undefined ? undefined : Number(thread)
    if (this.#chat(chatId)) this.#parts.onEvent({ type: 'typing', chatId, threadId })
  }

  #menuSet({ scope, commands }: ApiCall['payload']): void {
    const chatId = (scope as { chat_id?: number } | undefined)?.chat_id
    if (Array.isArray(commands)) this.#menus.set(chatId, commands)
    else this.#menus.delete(chatId)
    for (const menu of this.menus()) this.#parts.onEvent({ type: 'menu', ...menu })
  }

  #menuOf(chatId: number): readonly MenuCommand[] {
    return this.#menus.get(chatId) ?? this.#menus.get(undefined) ?? []
  }
}
