/** @import { Piece, Branch } from './markup.js' */

/**
 * Makes an element: its properties, then its children; text stays text.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | undefined>} [attributes]
 * @param {...(Node | string | undefined)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    element.setAttribute(key, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== undefined))
  return element
}

/**
 * Finds an element of index.html.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @returns {Kind}
 */
export function byId(id) {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no #${id}`)
  return /** @type {Kind} */ (element)
}

/**
 * What the text of a message can do: say a command, copy a word.
 * @typedef {{ isCommand(name: string): boolean, onCommand(text: string): void, onCopy(text: string): void }} Links
 */

/**
 * Makes nodes of pieces of markup.
 * @param {readonly Piece[]} pieces
 * @param {Links} links
 * @returns {Node[]}
 */
export function nodesOf(pieces, links) {
  return pieces.flatMap((piece, i) => {
    if (typeof piece !== 'string') return [branchNode(piece, links)]
    // A block ends its line by itself.
    return textNodes(isBlock(pieces[i - 1]) ? piece.replace(/^\n/, '') : piece, links)
  })
}

/** @param {Piece | undefined} piece */
function isBlock(piece) {
  return typeof piece === 'object' && (piece.tag === 'blockquote' || piece.tag === 'pre')
}

// As Telegram does, a command that the bot knows can be tapped wherever it stands in a text.
const COMMAND = /(?<![\w/.])\/([a-z]{2,32})\b(?![/.\w])/g

/**
 * @param {string} text
 * @param {Links} links
 * @returns {Node[]}
 */
export function textNodes(text, links) {
  /** @type {Node[]} */
  const nodes = []
  let done = 0
  for (const { 0: words, 1: name = '', index } of text.matchAll(COMMAND)) {
    if (!links.isCommand(name)) continue
    const button = make('button', { type: 'button', class: 'link' }, words)
    button.addEventListener('click', () => links.onCommand(words))
    nodes.push(document.createTextNode(text.slice(done, index)), button)
    done = index + words.length
  }
  nodes.push(document.createTextNode(text.slice(done)))
  return nodes
}

/** No link inside what is to be copied, or inside another link. */
const NO_LINKS = { isCommand: () => false, onCommand() {}, onCopy() {} }

/**
 * @param {Branch} branch
 * @param {Links} links
 * @returns {Node}
 */
function branchNode(branch, links) {
  const { tag, children } = branch
  if (tag === 'code' || tag === 'pre') return codeNode(branch, links)
  if (tag === 'spoiler') return spoilerNode(branch, links)
  if (tag === 'blockquote') return quoteNode(branch, links)
  if (tag !== 'a') {
    return make(/** @type {'strong'} */ (tag), {}, ...nodesOf(children, links))
  }
  const inside = nodesOf(children, NO_LINKS)
  if (branch.href === undefined) return make('span', {}, ...inside)
  const where = { href: branch.href, target: '_blank', rel: 'noopener noreferrer' }
  return make('a', where, ...inside)
}

/**
 * @param {Branch} branch
 * @param {Links} links
 */
function codeNode({ tag, children }, links) {
  const node = make(/** @type {'code'} */ (tag), {}, ...nodesOf(children, NO_LINKS))
  if (tag === 'pre') return node
  node.title = 'Copy'
  node.addEventListener('click', () => links.onCopy(node.textContent ?? ''))
  return node
}

/**
 * @param {Branch} branch
 * @param {Links} links
 */
function spoilerNode({ children }, links) {
  const hidden = make('span', { 'aria-hidden': 'true' }, ...nodesOf(children, NO_LINKS))
  const button = make('button', { type: 'button', class: 'spoiler', 'aria-label': 'Hidden text' })
  button.append(hidden)
  button.addEventListener('click', () => {
    button.replaceWith(make('span', { class: 'told' }, ...nodesOf(children, links)))
  })
  return button
}

/**
 * @param {Branch} branch
 * @param {Links} links
 */
function quoteNode({ children, isExpandable }, links) {
  const quote = make('blockquote', {}, ...nodesOf(children, links))
  if (!isExpandable) return quote
  quote.classList.add('folded')
  const label = (/** @type {boolean} */ isOpen) => (isOpen ? 'Less' : 'More')
  const button = make('button', { type: 'button', class: 'fold', 'aria-expanded': 'false' }, 'More')
  button.addEventListener('click', () => {
    const isOpen = !quote.classList.toggle('folded')
    button.setAttribute('aria-expanded', String(isOpen))
    button.textContent = label(isOpen)
  })
  return make('div', { class: 'quote' }, quote, button)
}
