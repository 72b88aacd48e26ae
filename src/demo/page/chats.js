import { parseMarkup } from './markup.js'
import { byId, make } from './nodes.js'

/** @import { Entry, PageChat } from '../page-contract.ts' */
/** @import { Piece } from './markup.js' */
/** @import { Model, Place } from './model.js' */
/** @import { Times } from './times.js' */

/** The list of chats, by whose they are. */
export class ChatList {
  #model
  /** @type {(place: Place) => void} */
  #onOpen

  /** @param {Model} model @param {(place: Place) => void} onOpen */
  constructor(model, onOpen) {
    this.#model = model
    this.#onOpen = onOpen
  }

  /** @param {Times} times */
  show(times) {
    const focused = document.activeElement?.getAttribute('data-chat')
    const accounts = [...new Set(this.#model.chats.map(({ account }) => account))]
    const nodes = accounts.flatMap((account) => [
      make('h2', {}, account),
      make('ul', {}, ...this.#chatsOf(account).map((chat) => this.#item(chat, times))),
    ])
    byId('chats').replaceChildren(...nodes)
    const again = focused && byId('chats').querySelector(`[data-chat="${focused}"]`)
    if (again instanceof HTMLElement) again.focus()
    this.#showTopics()
  }

  /** @param {string} account */
  #chatsOf(account) {
    return this.#model.chats.filter((chat) => chat.account === account)
  }

  /** @param {PageChat} chat @param {Times} times */
  #item(chat, times) {
    const last = this.#model.lastOf(chat.id)
    const when = last ? times.when(last.at, this.#model.now()) : ''
    const button = make(
      'button',
      { type: 'button', 'data-chat': chat.id },
      avatarOf(chat),
      make('span', { class: 'name' }, chat.title),
      make('span', { class: 'when' }, when),
      make('span', { class: 'last' }, last ? previewOf(last) : chat.hint),
      badgeOf(this.#model.unreadIn(chat.id)),
    )
    if (chat.id === this.#model.open.chatId) button.setAttribute('aria-current', 'true')
    button.addEventListener('click', () => {
      this.#onOpen({ chatId: chat.id, threadId: chat.topics[0]?.id })
    })
    return make('li', {}, button)
  }

  #showTopics() {
    const { chatId, threadId } = this.#model.open
    const topics = this.#model.chat()?.topics ?? []
    const place = byId('topics')
    place.hidden = topics.length === 0
    const tabs = topics.map((topic) => {
      const isOpen = topic.id === threadId
      const unread = isOpen ? 0 : this.#model.unread({ chatId, threadId: topic.id })
      const attributes = { type: 'button', 'aria-current': isOpen && 'true' }
      const tab = make('button', attributes, topic.title, badgeOf(unread))
      tab.addEventListener('click', () => this.#onOpen({ chatId, threadId: topic.id }))
      return tab
    })
    place.replaceChildren(...tabs)
  }
}

/** The bot's sign, or a group's letters. @param {PageChat} chat */
export function avatarOf({ id, title }) {
  const avatar = make('span', { class: 'avatar', 'aria-hidden': 'true' })
  if (id > 0) avatar.append(make('img', { src: 'icon.svg', alt: '' }))
  else
    avatar.append(
      title
        .split(' ')
        .map((word) => word[0]?.toUpperCase() ?? '')
        .join(''),
    )
  return avatar
}

/** @param {number} count @returns {HTMLElement | undefined} */
function badgeOf(count) {
  if (count === 0) return undefined
  const label = `${count} unread`
  return make('span', { class: 'badge', 'aria-label': label }, count > 99 ? '99+' : String(count))
}

/** @param {Entry} entry */
function previewOf({ markup, isPlain, from, file }) {
  const text = isPlain ? markup : textOf(parseMarkup(markup))
  const line = text.trim().split('\n')[0] ?? ''
  const what = file && (file.kind === 'photo' ? '🖼 ' : '📄 ')
  return `${from === 'person' ? 'You: ' : ''}${what ?? ''}${line}`
}

/** @param {readonly Piece[]} pieces @returns {string} */
function textOf(pieces) {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : textOf(piece.children)))
    .join('')
}
