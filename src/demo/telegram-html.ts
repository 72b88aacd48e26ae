/** What Telegram makes of a text in its HTML subset. */
export type ParsedHtml = { text: string; entities: number }

const TAGS: ReadonlySet<string> = new Set(
  'b strong i em u ins s strike del code pre a tg-spoiler blockquote span'.split(' '),
)
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/**
 * Parses Telegram's HTML subset the way its servers do.
 * @throws Error in Telegram's words when it would be refused.
 */
export function parseTelegramHtml(markup: string): ParsedHtml {
  const open: string[] = []
  let text = ''
  let entities = 0
  for (let i = 0; i < markup.length; ) {
    const rest = markup.slice(i)
    if (markup[i] === '<') {
      const tag = readTag(rest, i)
      if (tag.isEnd) closeTag(open, tag.name, i)
      else open.push(tag.name)
      entities += tag.isEnd ? 1 : 0
      i += tag.length
      continue
    }
    const named = /^&(lt|gt|amp|quot);/.exec(rest)
    text += named ? (NAMED[named[1] ?? ''] ?? '') : markup[i]
    i += named ? named[0].length : 1
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) {
    throw new Error(`Can't find end tag corresponding to start tag "${unclosed}"`)
  }
  return { text, entities }
}

function readTag(rest: string, at: number): { name: string; isEnd: boolean; length: number } {
  const match = /^<(\/?)([a-zA-Z-]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/.exec(rest)
  const name = match?.[2]?.toLowerCase() ?? ''
  if (match === null) {
    const started = /^<\/?([^\s>]*)/.exec(rest)?.[1] ?? ''
    throw new Error(`Unsupported start tag "${started}" at byte offset ${at}`)
  }
  if (!TAGS.has(name)) throw new Error(`Unsupported start tag "${name}" at byte offset ${at}`)
  return { name, isEnd: match[1] === '/', length: match[0].length }
}

function closeTag(open: string[], name: string, at: number): void {
  const last = open.pop()
  if (last === undefined) throw new Error(`Unexpected end tag at byte offset ${at}`)
  if (last === name) return
  throw new Error(
    `Unmatched end tag at byte offset ${at}, expected "</${last}>", found "</${name}>"`,
  )
}
