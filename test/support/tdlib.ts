import { createRequire } from 'node:module'
import { dirname } from 'node:path'

/** What Telegram's own library makes of a text in HTML. */
export type Formatted = {
  text: string
  entities: readonly { offset: number; length: number; type: { _: string } }[]
}

type Answer = ({ _: 'formattedText' } & Formatted) | { _: 'error'; message: string }
type Tdl = {
  configure(options: { libdir: string; tdjson: string; verbosityLevel: number }): void
  execute(request: object): Answer
}

const LIBRARY = '@prebuilt-tdlib/linux-x64-glibc'
const load = createRequire(import.meta.url)

let loaded: Tdl | 'missing' | undefined

/** Whether TDLib is installed beside the packages of the lock file (see `.ci/run`). */
export function isTdlibInstalled(): boolean {
  loaded ??= open()
  return loaded !== 'missing'
}

/**
 * Parses HTML as Telegram's servers do, by the same code, without a network.
 * @throws Error in TDLib's words when it would be refused.
 */
export function tdlibParse(markup: string): Formatted {
  loaded ??= open()
  if (loaded === 'missing') throw new Error(`${LIBRARY} is not installed`)
  const asked = { _: 'parseTextEntities', text: markup, parse_mode: { _: 'textParseModeHTML' } }
  const answer = loaded.execute(asked)
  if (answer._ === 'error') throw new Error(answer.message)
  return answer
}

function open(): Tdl | 'missing' {
  let tdl: Tdl
  try {
    const libdir = dirname(load.resolve(`${LIBRARY}/package.json`))
    tdl = load('tdl') as Tdl
    tdl.configure({ libdir, tdjson: 'libtdjson.so', verbosityLevel: 0 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return 'missing'
    throw error
  }
  return tdl
}

const TYPES: Readonly<Record<string, string>> = {
  b: 'textEntityTypeBold',
  strong: 'textEntityTypeBold',
  i: 'textEntityTypeItalic',
  em: 'textEntityTypeItalic',
  u: 'textEntityTypeUnderline',
  code: 'textEntityTypeCode',
  pre: 'textEntityTypePre',
  s: 'textEntityTypeStrikethrough',
  blockquote: 'textEntityTypeBlockQuote',
  'blockquote expandable': 'textEntityTypeExpandableBlockQuote',
  'tg-spoiler': 'textEntityTypeSpoiler',
  a: 'textEntityTypeTextUrl',
}

/**
 * The entities that the tags of a text mean, by type, sorted: none may be dropped in silence. Tags
 * around nothing mean nothing.
 */
export function typesMeant(markup: string): readonly string[] {
  const full = markup.replace(/<([a-z]+)><\/\1>/g, '')
  const tags = [...full.matchAll(/<([a-z-]+(?: expandable)?)[^>]*>/g)].map(([, name = '']) => name)
  return tags.map((name) => TYPES[name] ?? name).sort()
}
