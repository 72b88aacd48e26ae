/**
 * Telegram's HTML as a tree. Nothing of it ever reaches the browser's own parser: what is no tag of
 * the list below is text.
 *
 * @typedef {{ tag: string, href?: string, isExpandable?: boolean, children: Piece[] }} Branch
 * @typedef {string | Branch} Piece
 */

/** The tags that Telegram knows, and what each is shown as. */
const TAGS = new Map(
  Object.entries({
    b: 'strong',
    strong: 'strong',
    i: 'em',
    em: 'em',
    u: 'u',
    ins: 'u',
    s: 's',
    strike: 's',
    del: 's',
    code: 'code',
    pre: 'pre',
    a: 'a',
    blockquote: 'blockquote',
    'tg-spoiler': 'spoiler',
    span: 'spoiler',
  }),
)
const NAMED = new Map(Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"' }))
const TAG = /<(\/?)([a-zA-Z-]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/y
const ENTITY = /&(lt|gt|amp|quot);/g

/**
 * Returns the markup as pieces of text and branches. A tag that is left open ends with the markup;
 * one that closes nothing is text.
 * @param {string} markup
 * @returns {Piece[]}
 */
export function parseMarkup(markup) {
  /** @type {Branch} */
  const root = { tag: 'root', children: [] }
  const open = [root]
  let text = ''
  const flush = () => {
    if (text !== '') open.at(-1)?.children.push(decoded(text))
    text = ''
  }
  for (let at = 0; at < markup.length; ) {
    TAG.lastIndex = at
    const found = markup[at] === '<' ? TAG.exec(markup) : null
    const tag = TAGS.get(found?.[2]?.toLowerCase() ?? '')
    const isEnd = found?.[1] === '/'
    if (found === null || tag === undefined || (isEnd && open.at(-1)?.tag !== tag)) {
      text += markup[at]
      at += 1
      continue
    }
    flush()
    if (isEnd && open.length > 1) open.pop()
    else open.push(branchIn(open, tag, found[3] ?? ''))
    at += found[0].length
  }
  flush()
  return root.children
}

/**
 * @param {Branch[]} open
 * @param {string} tag
 * @param {string} attributes
 */
function branchIn(open, tag, attributes) {
  /** @type {Branch} */
  const branch = { tag, children: [] }
  const href = tag === 'a' ? safeLink(/\shref="([^"]*)"/.exec(attributes)?.[1]) : undefined
  if (href !== undefined) branch.href = href
  if (tag === 'blockquote' && /\sexpandable/.test(attributes)) branch.isExpandable = true
  open.at(-1)?.children.push(branch)
  return branch
}

/**
 * Returns the address when it leads to the web: a link runs nothing in the page's name.
 * @param {string | undefined} href
 */
function safeLink(href) {
  const address = href === undefined ? '' : decoded(href)
  return /^https?:\/\/[^\s]+$/i.test(address) ? address : undefined
}

/** @param {string} text */
function decoded(text) {
  return text.replace(ENTITY, (whole, name) => NAMED.get(name) ?? whole)
}
