import { vi } from 'vitest'
import type { ParsedHtml } from '../src/demo/telegram-html.ts'
import { isTdlibInstalled, tdlibParse, typesMeant } from './support/tdlib.ts'

type Parser = typeof import('../src/demo/telegram-html.ts')

// Whatever any test makes a message of goes through this parser: in the local Bot API, and in
// `expectValid`. Where TDLib is installed, it must come to the same.
vi.mock('../src/demo/telegram-html.ts', async (original) => {
  const parser = await original<Parser>()
  if (!isTdlibInstalled()) return parser
  return { ...parser, parseTelegramHtml: (markup: string) => parseByBoth(parser, markup) }
})

function parseByBoth({ parseTelegramHtml }: Parser, markup: string): ParsedHtml {
  const parsed = parseTelegramHtml(markup)
  const { text, entities } = tdlibParse(markup)
  if (text !== parsed.text) throw new Error(`TDLib reads another text: ${JSON.stringify(text)}`)
  const types = entities.map(({ type }) => type._).sort()
  const isSame = JSON.stringify(types) === JSON.stringify(typesMeant(markup))
  if (!isSame) throw new Error(`TDLib finds other entities: ${types.join()} in ${markup}`)
  return parsed
}
