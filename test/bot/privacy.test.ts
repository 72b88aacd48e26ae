import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Scid } from '../../src/lightning/scid.ts'
import type { Message } from '../../src/messages/message.ts'
import { crawl } from '../support/crawl.ts'
import { AWKWARD_CHANNELS, type FakeChannel } from '../support/fake-memory.ts'
import { Transcript } from '../support/transcript.ts'
import { OWNER, setUp } from './support.ts'

// Amounts that the texts name themselves, as examples and defaults.
const OWN_FIGURES = [
  /at least 500 sat/g,
  /3 demands 50 sat/g,
  /\b3000<\/code> \(sat\)/g,
  /above 1M sat/g,
]
const AMOUNT = /\d[\d.,]*[kMG]? ?sat\b|\d[kMG]\b|[≈≤] ?\d|earned \d|worth \d/i
const SCID = /\d+x\d+x\d+/
const EXAMPLE_SCID = /800123(x|:)45\1\d/g

/** All of a message that a person sees. */
function seen({ text, buttons, attachment }: Message): string {
  // Of a drawing what is written in it, not where.
  const drawn = attachment?.kind === 'picture' ? attachment.svg.replace(/<[^>]*>/g, '\n') : ''
  const file = attachment?.kind === 'document' ? attachment.content : drawn
  return [text.markup, ...buttons.flat().map(({ label }) => label), file].join('\n')
}

/** Fails when a message tells who the peers are or how much is at stake. */
function expectHidden(shown: string, aliases: readonly string[], of: string): void {
  const told = OWN_FIGURES.reduce((text, own) => text.replaceAll(own, ''), shown).replaceAll(
    EXAMPLE_SCID,
    '',
  )
  // What the chat itself set with /least is no amount of the node.
  if (!of.startsWith('least')) expect(told, of).not.toMatch(AMOUNT)
  expect(told, of).not.toMatch(SCID)
  // A public key, or its beginning.
  expect(told, of).not.toMatch(/\b0[23][0-9a-f]{6}/)
  for (const alias of aliases) expect(told.toLowerCase(), of).not.toContain(alias.toLowerCase())
}

// Other than the examples in texts.
const channels: readonly FakeChannel[] = AWKWARD_CHANNELS.map((one, i) => ({
  ...one,
  scid: `81${1000 + i}x${i}x1` as Scid,
  alias: one.alias === 'alice' ? 'Zanzibar Routing' : one.alias,
}))
const ALIASES = [
  'zanzibar',
  'bob &amp;',
  'born to be',
  'evil',
  'LNBIG',
  'in chains',
  '日本',
  'xxxx',
]

describe('a chat that hides names and amounts', () => {
  it('is told none by any command or button', async () => {
    let visits = 0
    for await (const { data, messages } of crawl(channels, { privacyKey: 'secret' })) {
      visits += 1
      for (const message of messages) expectHidden(seen(message), ALIASES, data)
    }
    expect(visits).toBeGreaterThan(500)
  }, 60_000)

  it('would be told some otherwise: what is looked for is there', async () => {
    const all: string[] = []
    for await (const { messages } of crawl(channels)) all.push(...messages.map(seen))
    const told = all.join('\n')
    for (const alias of ALIASES) expect(told.toLowerCase()).toContain(alias.toLowerCase())
    for (const what of [AMOUNT, SCID, /\b0[23][0-9a-f]{6}/]) expect(told).toMatch(what)
  }, 60_000)

  it('is told none whatever peers call themselves', async () => {
    const letters = fc.string({
      unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzäöüßéñ'),
      minLength: 12,
      maxLength: 32,
    })
    for (const alias of fc.sample(letters, { numRuns: 2, seed: 7 })) {
      const named = channels.slice(0, 2).map((one) => ({ ...one, alias }))
      for await (const { data, messages } of crawl(named, { privacyKey: 'secret' })) {
        for (const message of messages) expectHidden(seen(message), [alias.slice(0, 12)], data)
      }
    }
  }, 60_000)

  it('reads well, and names a peer by the same letters everywhere', async () => {
    await using on = await setUp()
    const talk = new Transcript(on, OWNER)
    await talk.say('/settings')
    await talk.press('Privacy')
    await talk.press('hide')
    const name = (await on.ask(OWNER, '/top')).text.match(/peer [A-Z]{4}/)?.[0] ?? ''
    expect(name).not.toBe('')
    expect((await on.ask(OWNER, '/forwards')).text).toContain(name)
    expect((await on.ask(OWNER, '/channel 800123x45x1')).text).toContain(name)
    await on.restart()
    expect((await on.ask(OWNER, '/liquidity')).text).toContain(name)
    expect((await on.ask(OWNER, '/export')).text).toMatch(/hides names and amounts/)
    await talk.say('/settings privacy off')
    expect((await on.ask(OWNER, '/top')).text).toContain('alice')
    await on.ask(OWNER, '/settings privacy off')
    await on.restart()
    await talk.say('/settings privacy on')
    expect((await on.ask(OWNER, '/top')).text).toContain(name)
    expect((await on.ask(OWNER, '/channel 800123x45x1')).text).not.toMatch(/By sats moved|it bends/)
    await expect(String(talk)).toMatchFileSnapshot('snapshots/privacy.txt')
    // As a phone's keyboard writes it.
    for (const [word, answer] of [
      ['Off', /are shown/],
      ['On', /are hidden/],
    ] as const) {
      expect((await on.ask(OWNER, `/settings privacy ${word}`)).text).toMatch(answer)
    }
  })
})

describe('/settings formats', () => {
  it('reads well, and holds for the very answer', async () => {
    await using on = await setUp()
    const talk = new Transcript(on, OWNER)
    await talk.say('/settings formats')
    await talk.press('de-DE 1.234.567')
    await talk.say('/forwards 7d earned')
    await talk.say('/settings formats 12h')
    await talk.say('/settings formats en_us')
    await talk.say('/settings formats klingon')
    await expect(String(talk)).toMatchFileSnapshot('snapshots/formats.txt')
  })
})
