import { bubbleOf } from './bubble.js'
import { byId, make } from './nodes.js'

/** @import { Entry } from '../page-contract.ts' */
/** @import { Deeds } from './bubble.js' */

// Whoever is this near to the end reads along.
const NEAR_PX = 80

/** The messages of the open chat, and where in them somebody reads. */
export class MessageLog {
  #log = byId('log')
  #list = byId('messages')
  /** @type {Deeds} */
  #deeds
  /** @type {(at: number) => string} */
  #dayOf
  #isAtEnd = true
  #lastTop = 0
  #lastDay = ''

  /**
   * @param {Deeds} deeds
   * @param {(at: number) => string} dayOf
   * @param {(isAtEnd: boolean) => void} onScroll
   */
  constructor(deeds, dayOf, onScroll) {
    this.#deeds = deeds
    this.#dayOf = dayOf
    this.#log.addEventListener('scroll', () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#log
      // Who leaves the end scrolls up; a picture that loads moves the end away, and nobody with it.
      if (scrollHeight - scrollTop - clientHeight < NEAR_PX) this.#isAtEnd = true
      else if (scrollTop < this.#lastTop) this.#isAtEnd = false
      this.#lastTop = scrollTop
      onScroll(this.#isAtEnd)
    })
    // A picture that has loaded, or a keyboard that has come up, must not push the newest out of sight.
    const observer = new ResizeObserver(() => this.#isAtEnd && this.toEnd(false))
    observer.observe(this.#list)
    observer.observe(this.#log)
  }

  get isAtEnd() {
    return this.#isAtEnd
  }

  /** Shows a chat from its beginning, at its end. @param {readonly Entry[]} entries */
  show(entries) {
    this.#lastDay = ''
    this.#list.replaceChildren()
    for (const entry of entries) this.#append(entry)
    this.toEnd(false)
  }

  /** Shows a new message; returns whether it is in sight. @param {Entry} entry */
  add(entry) {
    const follows = this.#isAtEnd || entry.from === 'person'
    const node = this.#append(entry)
    node.classList.add('new')
    if (!follows) return false
    if (node.offsetHeight > this.#log.clientHeight) this.#toStartOf(node)
    else this.toEnd(true)
    return true
  }

  /** Shows a message as it stands now, in its place. @param {Entry} entry */
  change(entry, isEdited = true) {
    const old = this.#list.querySelector(`[data-id="${entry.messageId}"]`)
    if (old === null) return
    const focused = old.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-press')
      : undefined
    const node = bubbleOf(entry, this.#deeds)
    if (isEdited) node.classList.add('changed')
    old.replaceWith(node)
    if (focused === undefined) return
    // The same button, or where it is gone the first: the place in the chat is kept.
    const buttons = [...node.querySelectorAll('[data-press]')]
    const same = buttons.find((button) => button.getAttribute('data-press') === focused)
    const next = same ?? buttons[0]
    if (next instanceof HTMLElement) next.focus({ preventScroll: true })
  }

  /** @param {boolean} isTyping */
  showTyping(isTyping) {
    const old = this.#list.querySelector('.typing')
    if (!isTyping) return old?.remove()
    if (old !== null) return this.#list.append(old)
    const dots = [make('i'), make('i'), make('i')]
    const bubble = make('div', { class: 'bubble', 'aria-hidden': 'true' }, ...dots)
    this.#list.append(make('li', { class: 'message bot typing' }, bubble))
    if (this.#isAtEnd) this.toEnd(true)
  }

  /** @param {boolean} isSmooth */
  toEnd(isSmooth) {
    this.#isAtEnd = true
    this.#scroll(this.#log.scrollHeight, isSmooth)
  }

  /** A message longer than the window is read from its beginning, below what was asked. @param {HTMLElement} node */
  #toStartOf(node) {
    const before = node.previousElementSibling
    const first = before?.classList.contains('person') ? before : node
    const below = first.getBoundingClientRect().top - this.#log.getBoundingClientRect().top
    this.#isAtEnd = false
    this.#scroll(this.#log.scrollTop + below - 8, true)
  }

  /** @param {number} top @param {boolean} isSmooth */
  #scroll(top, isSmooth) {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.#log.scrollTo({ top, behavior: isSmooth && !calm ? 'smooth' : 'instant' })
  }

  /** @param {Entry} entry */
  #append(entry) {
    this.#list.querySelector('.typing')?.remove()
    const day = this.#dayOf(entry.at)
    if (day !== this.#lastDay) {
      this.#list.append(make('li', { class: 'day' }, make('span', {}, day)))
      this.#lastDay = day
    }
    const node = bubbleOf(entry, this.#deeds)
    this.#list.append(node)
    return node
  }
}
