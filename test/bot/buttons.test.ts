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
})
