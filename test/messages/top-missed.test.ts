import { describe, expect, it } from 'vitest'
import { type Least, listOpportunities } from '../../src/analyzer/listing.ts'
import type { LndStatus } from '../../src/lightning/node-status.ts'
import { MISSED_PAGE } from '../../src/messages/top-buttons.ts'
import { topMissedMessage } from '../../src/messages/top-missed.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { AWKWARD_CHANNELS, FakeMemory } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, read, shown } from './support.ts'

const LISTENING: LndStatus = { state: 'listening', since: NOW, detail: '', reconnects: 0 }
const ALL: Least = { demands: 0, expectedMsat: 0n }

function ask(analyzer: FakeAnalyzer, { least = ALL, offset = 0, lnd = LISTENING } = {}) {
  const opportunities = analyzer.opportunities('7d')
  if (opportunities === undefined) throw new Error('not analysed')
  const question = {
    window: '7d' as const,
    order: 'missed' as const,
    family: undefined,
    offset,
    limit: MISSED_PAGE,
  }
  const listing = listOpportunities(opportunities.rows, { ...question, least })
  const status = new FakeMemory(analyzer.channels, NOW).status(NOW)
  const message = topMissedMessage({ question, listing, opportunities, status, lnd }, READING)
  expectValid(message)
  return message
}

const twelve = () => new FakeAnalyzer(AWKWARD_CHANNELS, NOW)

describe(topMissedMessage, () => {
  it('opens with the best single step and ranks by what was expected to be missed', async () => {
    const messages = [ask(twelve()), ask(twelve(), { offset: MISSED_PAGE })]
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/top-missed.html')
  })

  it('never shows the sum over channels as attainable', () => {
    expect(read(ask(twelve()))).toMatch(
      /^Best single step[\s\S]*Up to ≈ 1,200 sat in 7 days if every channel had balance, which one node cannot have/,
    )
  })

  it('shows counts, and no figure, when the node has too little data', async () => {
    const young = twelve()
    young.isTooLittle = true
    const message = ask(young)
    await expect(shown(message)).toMatchFileSnapshot('snapshots/top-too-little.html')
  })

  it('says that no step is worth taking when none is', () => {
    const analyzer = twelve()
    analyzer.hasBest = false
    expect(read(ask(analyzer))).toMatch(/^No step is worth taking now/)
  })

  it('keeps off the list what this chat finds too little, and says how many', () => {
    const few = ask(twelve(), { least: { demands: 5, expectedMsat: 20_000n } })
    expect(read(few)).toMatch(/\n7 channels below the limits of this chat: \/least/)
    const none = ask(twelve(), { least: { demands: 500, expectedMsat: 0n } })
    expect(read(none)).toMatch(/11 channels below the limits/)
  })

  it('says of when the analysis is, and when nothing new comes in', () => {
    const old = new FakeAnalyzer(AWKWARD_CHANNELS, NOW, NOW - 65 * 60_000)
    const lnd: LndStatus = { ...LISTENING, state: 'locked' }
    expect(read(ask(old, { lnd }))).toMatch(/≈ as of 13:00\.[\s\S]*Blind since/)
  })
})
