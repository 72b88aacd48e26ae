import { parseMarkup } from './markup.js'
import { make, nodesOf, textNodes } from './nodes.js'

/** @import { Entry } from '../page-contract.ts' */
/** @import { Links } from './nodes.js' */

/**
 * What a message can do.
 * @typedef {Links & {
 *   timeOf(at: number): string,
 *   isWaiting(entry: Entry, data: string): boolean,
 *   onPress(entry: Entry, data: string): void,
 *   onPicture(url: string, name: string): void,
 * }} Deeds
 */

/**
 * Makes the node of a message: what it says, its file, its time and its buttons.
 * @param {Entry} entry
 * @param {Deeds} deeds
 */
export function bubbleOf(entry, deeds) {
  const item = make('li', { class: `message ${entry.from}`, 'data-id': entry.messageId })
  const bubble = make('article', { class: 'bubble', 'aria-label': speaker(entry) })
  if (entry.file) bubble.classList.add(entry.file.kind)
  bubble.append(...fileNodes(entry, deeds), ...wordNodes(entry, deeds), metaOf(entry, deeds))
  item.append(bubble)
  if (entry.buttons.length > 0) item.append(keyboardOf(entry, deeds))
  return item
}

/** @param {Entry} entry */
function speaker({ from }) {
  return from === 'bot' ? 'missed sats' : 'You'
}

/** @param {Entry} entry @param {Deeds} deeds */
function wordNodes({ markup, isPlain }, deeds) {
  if (markup.trim() === '') return []
  const nodes = isPlain ? textNodes(markup, deeds) : nodesOf(parseMarkup(markup), deeds)
  return [make('div', { class: 'words' }, ...nodes)]
}

/** @param {Entry} entry @param {Deeds} deeds */
function metaOf({ at, edits }, deeds) {
  const time = make('time', { datetime: new Date(at).toISOString() }, deeds.timeOf(at))
  return make('footer', {}, ...(edits > 0 ? ['edited '] : []), time)
}

/** @param {Entry} entry @param {Deeds} deeds */
function fileNodes({ file }, deeds) {
  if (file === undefined) return []
  if (file.kind === 'document') return [documentNode(file)]
  const image = make('img', { src: file.url, alt: '', decoding: 'async' })
  const button = make('button', { type: 'button', class: 'picture' }, image)
  button.setAttribute('aria-label', `Enlarge the picture ${file.name}`)
  button.addEventListener('click', () => deeds.onPicture(file.url, file.name))
  return [button]
}

/** @param {NonNullable<Entry['file']>} file */
function documentNode({ name, bytes, url }) {
  const kind = /\.(\w{1,4})$/.exec(name)?.[1] ?? 'file'
  return make(
    'a',
    { class: 'file', href: url, download: name },
    make('span', { class: 'kind', 'aria-hidden': 'true' }, kind),
    make('span', {}, make('strong', {}, name), make('small', {}, sizeOf(bytes))),
  )
}

/** @param {number} bytes */
function sizeOf(bytes) {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

/** @param {Entry} entry @param {Deeds} deeds */
function keyboardOf(entry, deeds) {
  const rows = entry.buttons.map((row) =>
    make('div', { class: 'row' }, ...row.map((button) => buttonOf(entry, button, deeds))),
  )
  return make('div', { class: 'keyboard', role: 'group', 'aria-label': 'Buttons' }, ...rows)
}

/**
 * @param {Entry} entry
 * @param {Entry['buttons'][number][number]} button
 * @param {Deeds} deeds
 */
function buttonOf(entry, { label, data }, deeds) {
  const isWaiting = deeds.isWaiting(entry, data)
  const attributes = { type: 'button', 'data-press': data, 'aria-busy': isWaiting && 'true' }
  const node = make('button', attributes, label)
  node.addEventListener('click', () => deeds.onPress(entry, data))
  return node
}
