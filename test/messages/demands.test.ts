import { describe, expect, it } from 'vitest'
import {
  DEMANDS_PAGE,
  demandMessage,
  demandsMessage,
  noSuchDemand,
} from '../../src/messages/demands.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { AWKWARD_CHANNELS } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, read, shown } from './support.ts'

const ALICE = { scid: '800123x45x1', alias: 'alice', window: '7d' } as const
const QUIET = { scid: '745210x88x0', alias: 'LNBIG.com [lnd-12/old-lnd-07]', window: '7d' } as const

function page(analyzer: FakeAnalyzer, offset: number, asked: typeof ALICE | typeof QUIET = ALICE) {
  const found = analyzer.demands({ ...asked, offset, limit: DEMANDS_PAGE })
  if (found === undefined) throw new Error('not analysed')
  const message = demandsMessage(found, offset, asked, READING)
  expectValid(message)
  return message
}

function one(analyzer: FakeAnalyzer, id: number) {
  const demand = analyzer.demand(ALICE.scid, '7d', id)
  if (demand === undefined) throw new Error(`no demand ${id}`)
  const message = demandMessage(demand, ALICE, READING)
  expectValid(message)
  return message
}

describe(demandsMessage, () => {
  it('lists the demands behind a figure by pages, the latest first', async () => {
    const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
    const messages = [page(analyzer, 0), page(analyzer, DEMANDS_PAGE), page(analyzer, 0, QUIET)]
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/demands.html')
    const found = analyzer.demands({ ...ALICE, offset: 0, limit: DEMANDS_PAGE })
    if (found === undefined) throw new Error('not analysed')
    const many = demandsMessage({ ...found, total: 3_676 }, 0, ALICE, READING)
    expect(read(many)).toMatch(/^1–8 of 3,676$/m)
  })
})

describe(demandMessage, () => {
  it('shows how one adds to the figure, or why it does not', async () => {
    const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
    await analyzer.ignore(1_007, true)
    const messages = [1_000, 1_001, 1_002, 1_003, 1_004, 1_005, 1_006, 1_007].map((id) =>
      one(analyzer, id),
    )
    await expect(shown(...messages, noSuchDemand(ALICE))).toMatchFileSnapshot(
      'snapshots/demand.html',
    )
  })

  it('has buttons that Telegram takes however long the ids are', () => {
    const [demand] =
      new FakeAnalyzer(AWKWARD_CHANNELS, NOW).demands({
        ...ALICE,
        offset: 0,
        limit: 1,
      })?.rows ?? []
    if (demand === undefined) throw new Error('no demand')
    const longest = { ...ALICE, scid: '16777215x16777215x65535', window: '30d' } as const
    const rows = Array.from({ length: DEMANDS_PAGE }, () => ({
      ...demand,
      id: Number.MAX_SAFE_INTEGER,
    }))
    const page = { at: NOW, span: { from: 0, to: NOW, coveredMs: NOW }, total: 999_999, rows }
    expectValid(demandsMessage(page, 999_900, longest, READING))
    for (const row of rows) expectValid(demandMessage(row, longest, READING))
  })

  it('has no button while it is still going on: it has no name yet', () => {
    const { rows = [] } =
      new FakeAnalyzer(AWKWARD_CHANNELS, NOW).demands({
        ...ALICE,
        offset: 0,
        limit: 2,
      }) ?? {}
    const [going, over] = rows.map((row, i) => (i === 0 ? { ...row, id: undefined } : row))
    if (going === undefined || over === undefined) throw new Error('no demands')
    const span = { from: 0, to: NOW, coveredMs: NOW }
    const list = demandsMessage({ at: NOW, span, total: 2, rows: [going, over] }, 0, ALICE, READING)
    expectValid(list)
    expect(list.buttons[0]?.map(({ label }) => label)).toEqual(['2'])
    expect(read(list).match(/still going on, no button yet/g)).toHaveLength(1)
    expect(shown(demandMessage(going, ALICE, READING))).not.toMatch(/Ignore/)
  })

  it('cannot be counted again where an own change of policy explains it', () => {
    const message = one(new FakeAnalyzer(AWKWARD_CHANNELS, NOW), 1_006)
    expect(read(message)).toMatch(/your fee or limits had changed/)
    expect(message.buttons.flat().map(({ label }) => label)).not.toContain('Ignore this demand')
  })
})
