import { byId, make } from './nodes.js'

/** @import { MenuCommand } from '../page-contract.ts' */

/** Where somebody writes: a field, and the commands that fit what stands in it. */
export class Composer {
  #field = /** @type {HTMLTextAreaElement} */ (byId('words'))
  #list = byId('suggestions')
  #menu = byId('menu')
  /** @type {() => readonly MenuCommand[]} */
  #commands
  /** @type {(text: string) => void} */
  #onSay
  /** @type {MenuCommand[]} */
  #shown = []
  #chosen = -1

  /**
   * @param {() => readonly MenuCommand[]} commands
   * @param {(text: string) => void} onSay
   */
  constructor(commands, onSay) {
    this.#commands = commands
    this.#onSay = onSay
    byId('composer').addEventListener('submit', (event) => {
      event.preventDefault()
      this.#send(this.#field.value)
    })
    this.#field.addEventListener('input', () => this.#suggest())
    this.#field.addEventListener('keydown', (event) => this.#onKey(event))
    this.#field.addEventListener('blur', () => setTimeout(() => this.#hideUnlessFocused(), 150))
    this.#menu.addEventListener('click', () => this.#toggle())
  }

  focus() {
    this.#field.focus({ preventScroll: true })
  }

  hide() {
    this.#show([])
  }

  /** Gives back what could not be said, unless something else is being written. @param {string} text */
  giveBack(text) {
    if (this.#field.value === '') this.#field.value = text
    this.#grow()
  }

  #toggle() {
    const isOpen = !this.#list.hidden
    if (!isOpen) this.#show([...this.#commands()])
    else this.hide()
    this.focus()
  }

  #suggest() {
    this.#grow()
    const typed = /^\/(\w*)$/.exec(this.#field.value)?.[1]
    if (typed === undefined) return this.hide()
    this.#show(this.#commands().filter(({ command }) => command.startsWith(typed.toLowerCase())))
  }

  /** @param {MenuCommand[]} commands */
  #show(commands) {
    this.#shown = commands
    this.#list.replaceChildren(...commands.map((command, i) => this.#option(command, i)))
    this.#list.hidden = commands.length === 0
    this.#menu.setAttribute('aria-expanded', String(!this.#list.hidden))
    this.#choose(-1)
    this.#list.scrollTop = 0
  }

  /** @param {MenuCommand} command @param {number} i */
  #option({ command, description }, i) {
    const option = make(
      'li',
      { role: 'option', id: `command-${i}`, 'aria-selected': 'false' },
      make('b', {}, `/${command}`),
      ' ',
      make('span', {}, description),
    )
    // The field keeps the focus, so that a phone's keyboard stays where it is.
    option.addEventListener('pointerdown', (event) => event.preventDefault())
    option.addEventListener('click', () => this.#send(`/${command}`))
    return option
  }

  /** @param {number} i */
  #choose(i) {
    this.#chosen = i
    for (const [at, option] of [...this.#list.children].entries()) {
      option.setAttribute('aria-selected', String(at === i))
      if (at === i) option.scrollIntoView({ block: 'nearest' })
    }
    if (i < 0) this.#field.removeAttribute('aria-activedescendant')
    else this.#field.setAttribute('aria-activedescendant', `command-${i}`)
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return
    const { key, shiftKey } = event
    const isListed = !this.#list.hidden
    const chosen = this.#shown[this.#chosen]
    if (isListed && (key === 'ArrowDown' || key === 'ArrowUp')) {
      const step = key === 'ArrowDown' ? 1 : -1
      const from = this.#chosen < 0 && step < 0 ? 0 : this.#chosen
      this.#choose((from + step + this.#shown.length) % this.#shown.length)
    } else if (isListed && key === 'Escape') this.hide()
    else if (isListed && key === 'Tab' && !shiftKey) this.#complete(chosen ?? this.#shown[0])
    else if (key === 'Enter' && !shiftKey)
      this.#send(chosen ? `/${chosen.command}` : this.#field.value)
    else return
    event.preventDefault()
  }

  /** @param {MenuCommand | undefined} command */
  #complete(command) {
    if (command) this.#field.value = `/${command.command} `
    this.hide()
  }

  /** @param {string} words */
  #send(words) {
    const text = words.trim()
    this.hide()
    if (text === '') return
    this.#field.value = ''
    this.#grow()
    this.#onSay(text)
  }

  #grow() {
    this.#field.style.height = 'auto'
    this.#field.style.height = `${this.#field.scrollHeight}px`
  }

  #hideUnlessFocused() {
    if (document.activeElement !== this.#field && document.activeElement !== this.#menu) this.hide()
  }
}
