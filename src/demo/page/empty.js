import { byId, make } from './nodes.js'

/** @import { Model } from './model.js' */

const TRIES = ['/status', '/top', '/help']

/**
 * Shows in place of messages, while a chat has none, what it is for and what to try.
 * @param {Model} model
 * @param {() => HTMLElement} progress
 * @param {(text: string) => void} onTry
 */
export function showEmpty(model, progress, onTry) {
  const list = byId('messages')
  const old = list.querySelector('.empty')
  const chat = model.chat()
  if (chat === undefined || model.entries().length > 0) {
    old?.remove()
    return
  }
  const isPast = model.state?.stage === 'past' && chat === model.chats[0]
  const key = `${chat.id}${isPast}`
  if (old instanceof HTMLElement && old.dataset['of'] === key) return
  old?.remove()
  const card = isPast
    ? cardOf('A node comes to life', PAST, [progress()])
    : cardOf(
        chat.hint,
        'See what the bot says here:',
        TRIES.map((text) => tryButton(text, onTry)),
      )
  list.append(make('li', { class: 'empty', 'data-of': key }, card))
}

const PAST = 'Four days of payments are played first; then the bot is asked.'

/** @param {string} title @param {string} words @param {readonly HTMLElement[]} below */
function cardOf(title, words, below) {
  return make('div', {}, make('b', {}, title), make('p', {}, words), ...below)
}

/** @param {string} text @param {(text: string) => void} onTry */
function tryButton(text, onTry) {
  const button = make('button', { type: 'button' }, text)
  button.addEventListener('click', () => onTry(text))
  return button
}
