/** @import { Entry, MenuCommand, PageChat, PageEvent, PageState } from '../page-contract.ts' */

/** Where somebody reads: a chat, and in a group with topics one of these. */
/** @typedef {{ chatId: number, threadId: number | undefined }} Place */

// Telegram shows that somebody types for five seconds, or until the message comes.
const TYPING_MS = 5_000

/** What the page knows: the chats, what stands in them, and how the demo runs. */
export class Model {
  /** @type {readonly PageChat[]} */
  chats = []
  /** @type {readonly number[]} */
  speeds = []
  timeZone = 'UTC'
  /** @type {PageState | undefined} */
  state
  /** @type {Place} */
  open = { chatId: 0, threadId: undefined }
  /** Presses that the bot has not answered, by their own name. @type {Map<string, string>} */
  pressed = new Map()
  /** @type {Map<number, Map<number, Entry>>} */
  #entries = new Map()
  /** @type {Map<number, readonly MenuCommand[]>} */
  #menus = new Map()
  /** @type {Map<string, number>} */
  #unread = new Map()
  /** @type {Map<string, number>} */
  #typing = new Map()
  #heardAt = 0

  /** @param {Extract<PageEvent, { type: 'hello' }>} hello */
  begin({ chats, entries, menus, state, speeds, timeZone }) {
    Object.assign(this, { chats, speeds, timeZone })
    this.pressed.clear()
    this.#entries = new Map(chats.map(({ id }) => [id, new Map()]))
    for (const entry of entries) this.#entries.get(entry.chatId)?.set(entry.messageId, entry)
    for (const { chatId, commands } of menus) this.setMenu(chatId, commands)
    this.setState(state)
    if (!this.#entries.has(this.open.chatId)) {
      this.open = { chatId: chats[0]?.id ?? 0, threadId: undefined }
    }
  }

  /** @param {PageState} state */
  setState(state) {
    this.state = state
    this.#heardAt = performance.now()
  }

  /** The demo's time: it runs on between two looks at it. */
  now() {
    if (this.state === undefined) return 0
    const pace = this.state.stage === 'life' ? this.state.speed : 0
    return this.state.now + (performance.now() - this.#heardAt) * pace
  }

  chat(id = this.open.chatId) {
    return this.chats.find((chat) => chat.id === id)
  }

  /** @param {number} chatId @param {readonly MenuCommand[]} commands */
  setMenu(chatId, commands) {
    this.#menus.set(chatId, commands)
  }

  menu(chatId = this.open.chatId) {
    return this.#menus.get(chatId) ?? []
  }

  /**
   * Keeps a message; returns whether it is a new one.
   * @param {Entry} entry
   */
  keep(entry) {
    const chat = this.#entries.get(entry.chatId)
    const isNew = !chat?.has(entry.messageId)
    chat?.set(entry.messageId, entry)
    if (entry.from === 'bot') this.#typing.delete(keyOf(entry))
    return isNew
  }

  /** What stands in a chat and topic, oldest first. */
  entries({ chatId, threadId } = this.open) {
    const all = [...(this.#entries.get(chatId)?.values() ?? [])]
    return all.filter((entry) => entry.threadId === threadId)
  }

  /** @param {number} chatId */
  lastOf(chatId) {
    return [...(this.#entries.get(chatId)?.values() ?? [])].at(-1)
  }

  /** @param {Place} place */
  isOpen({ chatId, threadId }) {
    return chatId === this.open.chatId && threadId === this.open.threadId
  }

  /** @param {Place} place */
  countUnread(place) {
    this.#unread.set(keyOf(place), this.unread(place) + 1)
  }

  read(place = this.open) {
    return this.#unread.delete(keyOf(place))
  }

  /** @param {Place} place */
  unread(place) {
    return this.#unread.get(keyOf(place)) ?? 0
  }

  /** @param {number} chatId */
  unreadIn(chatId) {
    const topics = this.chat(chatId)?.topics ?? []
    const threads = topics.length > 0 ? topics.map(({ id }) => id) : [undefined]
    return sumOf(threads.map((threadId) => this.unread({ chatId, threadId })))
  }

  unreadInAll() {
    return sumOf(this.chats.map(({ id }) => this.unreadIn(id)))
  }

  /** @param {Place} place */
  type(place) {
    this.#typing.set(keyOf(place), performance.now() + TYPING_MS)
  }

  isTyping(place = this.open) {
    return (this.#typing.get(keyOf(place)) ?? 0) > performance.now()
  }
}

/** @param {readonly number[]} counts */
function sumOf(counts) {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}

/** @param {Place} place */
function keyOf({ chatId, threadId }) {
  return `${chatId}/${threadId ?? ''}`
}

/**
 * The key of a button: of one message, whatever row it stands in.
 * @param {number} chatId @param {number} messageId @param {string} data
 */
export function buttonKey(chatId, messageId, data) {
  return `${chatId}/${messageId}/${data}`
}
