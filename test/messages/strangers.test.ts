import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listOpportunities } from '../../src/analyzer/listing.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { channelMessages } from '../../src/messages/channel.ts'
import { CHANNEL_SECTIONS, sectionMessages } from '../../src/messages/channel-sections.ts'
import { demandsMessage } from '../../src/messages/demands.ts'
import { chooseChannel, noChannel } from '../../src/messages/matches.ts'
import { wrongTopWord } from '../../src/messages/mistakes.ts'
import { topMessage } from '../../src/messages/top.ts'
import { TOP_PAGE } from '../../src/messages/top-buttons.ts'
import { topMissedMessage } from '../../src/messages/top-missed.ts'
import { pairedElsewhere } from '../../src/messages/welcome.ts'
import { RANK_FAMILIES, RANK_ORDERS, WINDOWS } from '../../src/stats/views.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { type FakeChannel, FakeMemory } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING } from './support.ts'

const alias = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    '</b>',
    '<code>',
    '&lt;',
    '&amp;amp;',
    '\u202e',
    '<a href="tg://x">x</a>',
    '😀'.repeat(200),
  ),
)
const failure = fc.constantFrom(
  'INSUFFICIENT_BALANCE',
  'FEE_INSUFFICIENT',
  'DETAIL_4294967295',
  'HTLC_ADD_FAILED',
)
const refused = fc.record({
  failure,
  attempts: fc.integer({ min: 1, max: 1e9 }),
  offeredMsat: fc.bigInt(0n, 2n ** 53n),
  volumeMsat: fc.bigInt(0n, 2n ** 53n),
})
const channels: fc.Arbitrary<FakeChannel[]> = fc.array(
  fc.record({
    scid: fc
      .tuple(fc.nat(0xffffff), fc.nat(0xffffff), fc.nat(0xffff))
      .map(([a, b, c]): Scid => `${a}x${b}x${c}`),
    alias,
    refused: fc.array(refused, { maxLength: 6 }),
    settled: fc.integer({ min: 0, max: 1e9 }),
    closed: fc.boolean(),
    unlisted: fc.boolean(),
  }),
  { maxLength: 20 },
)

describe('whatever strangers call themselves', () => {
  it('/top and /channel are messages that Telegram takes', () => {
    fc.assert(
      fc.property(
        channels,
        fc.constantFrom(...WINDOWS),
        fc.constantFrom(...RANK_ORDERS),
        fc.constantFrom(undefined, ...RANK_FAMILIES),
        (list, window, order, family) => {
          const memory = new FakeMemory(list, NOW - 3_600_000)
          const analyzer = new FakeAnalyzer(list, NOW)
          const question = { window, order, family, offset: 0, limit: TOP_PAGE }
          const lnd = { state: 'listening' as const, since: NOW, detail: '', reconnects: 0 }
          const ranking = memory.rank(question, NOW)
          const node = memory.node(window, NOW)
          expectValid(topMessage({ ranking, node, status: memory.status(NOW), lnd }, READING))
          const opportunities = analyzer.opportunities(window)
          if (opportunities === undefined) throw new Error('not analysed')
          const least = { demands: 0, expectedMsat: 0n }
          const listing = listOpportunities(opportunities.rows, { ...question, least })
          const status = memory.status(NOW)
          expectValid(topMissedMessage({ question, listing, opportunities, status, lnd }, READING))
          for (const { scid, alias } of list) {
            const page = analyzer.demands({ scid, window, offset: 0, limit: 8 })
            if (page) expectValid(demandsMessage(page, 0, { scid, alias, window }, READING))
            const view = memory.channel(scid, window, NOW)
            if (view === undefined) continue
            const opportunity = analyzer
              .opportunities(window)
              ?.rows.find((one) => one.scid === scid)
            const analysed = opportunity && { at: NOW, opportunity }
            const messages = channelMessages({ view, window, lnd, analysed }, READING)
            expect(messages.length).toBeLessThanOrEqual(2)
            messages.forEach(expectValid)
            for (const section of CHANNEL_SECTIONS) {
              const data = { view, window, section, lnd, aliasOf: () => view.alias }
              sectionMessages(data, READING).forEach(expectValid)
            }
          }
        },
      ),
      { numRuns: 75 },
    )
  }, 30_000)

  it('their words come back harmless', () => {
    fc.assert(
      fc.property(alias, (text) => {
        const memory = new FakeMemory(
          [{ scid: '1x1x1', alias: text, refused: [], settled: 0 }],
          NOW,
        )
        const said = text.split(/\s+/).filter(Boolean).join(' ')
        if (said === '') return
        for (const message of [noChannel(said), wrongTopWord(said), pairedElsewhere(said, -1)])
          expectValid(message)
        expectValid(chooseChannel(said, memory.find(''), '7d', 'explain'))
      }),
    )
  })
})
