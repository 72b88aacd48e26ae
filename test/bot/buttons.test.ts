import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crawl } from '../support/crawl.ts'
import { AWKWARD_CHANNELS } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'

// What a command says when it did not understand its words.
const NOT_UNDERSTOOD =
  /does not know|No channel of this node|Which channel|No time zone|There is no|not remembered|no failure called|no value of this/

describe('every button', () => {
  it('that can be reached says something which its command understands', async () => {
    let visits = 0
    for await (const { data, isTyped, messages } of crawl(AWKWARD_CHANNELS)) {
      visits += 1
      messages.forEach(expectValid)
      const said = messages.map(({ text }) => text.markup).join('\n')
      if (!isTyped) expect(said, data).not.toMatch(NOT_UNDERSTOOD)
    }
    expect(visits).toBeGreaterThan(500)
  }, 60_000)

  it('says the same to its command whatever the clock and the separators of the chat', async () => {
    const formats = { locale: 'fr-FR', clock: '12h' } as const
    for await (const { data, isTyped, messages } of crawl(AWKWARD_CHANNELS, formats)) {
      messages.forEach(expectValid)
      const said = messages.map(({ text }) => text.markup).join('\n')
      if (!isTyped) expect(said, data).not.toMatch(NOT_UNDERSTOOD)
    }
  }, 60_000)

  it('leads to what Telegram takes, whatever peers call themselves', async () => {
    const alias = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('</b>', '<code>', '&lt;', '\u202e', '😀'.repeat(200)),
    )
    const aliases = fc.sample(alias, { numRuns: 2 * AWKWARD_CHANNELS.length, seed: 6 })
    for (let run = 0; run < 2; run++) {
      const channels = AWKWARD_CHANNELS.map((one, i) => ({
        ...one,
        alias: aliases[run * AWKWARD_CHANNELS.length + i] ?? '',
      }))
      for await (const { messages } of crawl(channels, run === 1 ? { privacyKey: 'k' } : {})) {
        messages.forEach(expectValid)
      }
    }
  }, 120_000)
})
