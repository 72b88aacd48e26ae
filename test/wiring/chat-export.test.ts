import { describe, expect, it } from 'vitest'
import { lastWithin } from '../../src/export-files.ts'
import { createLog } from '../../src/log.ts'
import { CHAT_TABLES, exportMessages, USUAL_TABLES } from '../../src/messages/export.ts'
import { Memory } from '../../src/stats/memory.ts'
import { keepMemory } from '../../src/store/memory-keeper.ts'
import { openStore } from '../../src/store/open-store.ts'
import { chatExport } from '../../src/wiring/chat-export.ts'
import {
  ALICE,
  BOB,
  CAROL,
  channel,
  HOUR,
  NOON,
  offered,
  refused,
  settled,
} from '../support/events.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { AWKWARD_CHANNELS } from '../support/fake-memory.ts'
import { temporaryFolder } from '../support/folder.ts'
import { manualClock } from '../support/manual-clock.ts'

const log = createLog('silent')
const START = NOON - 3 * HOUR

/** Three hours with a forward and a refusal each, over a real store. */
async function setUp(most?: { bytes: number; rows: number }) {
  const clock = manualClock(START)
  const folder = await temporaryFolder()
  const store = await openStore({ url: `sqlite://${folder.path}/x.sqlite`, log, clock })
  const memory = new Memory({ maxChannels: 100, retentionDays: 400 }, START)
  const saver = keepMemory(memory, store, { clock, log })
  memory.streamUp(START)
  const stranger = { pubkey: `02${'e'.repeat(64)}`, alias: '=HYPERLINK("http://x")' }
  memory.updateChannels([channel(ALICE), channel(BOB), channel(CAROL, { peer: stranger })], START)
  for (let id = 0; clock.now() <= NOON; void (await clock.advance(HOUR))) {
    memory.record(offered(id, { at: clock.now() }), clock.now())
    memory.record(settled(id++, { at: clock.now() }), clock.now())
    memory.record(refused(id++, { at: clock.now(), outgoing: CAROL }), clock.now())
  }
  const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOON)
  const save = () => saver.flush()
  return {
    write: chatExport({ memory, analyzer, store, save, clock }, most),
    async [Symbol.asyncDispose]() {
      await saver[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

describe(chatExport, () => {
  it('writes a CSV for each table, with hours that were not saved yet', async () => {
    await using it = await setUp()
    const files = await it.write({ format: 'csv', window: '24h', tables: CHAT_TABLES })
    expect(files.map(({ name }) => name)).toEqual(CHAT_TABLES.map((table) => `${table}-24h.csv`))
    for (const { content, tables } of files) {
      const [told] = tables
      const [head = '', ...rows] = content.trim().split('\n')
      expect(rows.length, head).toBe(told?.rows)
      expect(told?.leftOut).toBeUndefined()
    }
    const [forwards, refusals, demands, opportunities, channels] = files
    expect(forwards?.content).toMatch(/^from,scid,side,settled,/)
    // Both sides of four hours.
    expect(forwards?.tables[0]?.rows).toBe(8)
    expect(refusals?.content).toContain('INSUFFICIENT_BALANCE')
    expect(demands?.content).toMatch(/^from,to,scid,alias,incoming,class,/)
    expect(opportunities?.content).toMatch(/^scid,alias,pubkey,refusedAttempts,missedMsat,/)
    expect(channels?.content).toContain(`"'=HYPERLINK(""http://x"")"`)
  })

  it('writes one JSON with all tables, amounts as exact texts', async () => {
    await using it = await setUp()
    const files = await it.write({ format: 'json', window: '7d', tables: USUAL_TABLES })
    expect(files).toHaveLength(1)
    const read = JSON.parse(files[0]?.content ?? '')
    expect(Object.keys(read)).toEqual(['window', ...USUAL_TABLES])
    expect(read.forwards[0]).toMatchObject({ volumeMsat: expect.stringMatching(/^\d+$/) })
    expect(read.demands.length).toBeGreaterThan(0)
    for (const row of [...read.demands, ...read.opportunities]) {
      for (const [name, value] of Object.entries(row)) {
        if (name.endsWith('Msat') && value !== null) expect(value).toMatch(/^-?\d+$/)
      }
    }
    const urgencies = read.opportunities.map(({ urgency }: { urgency: number }) => urgency)
    expect(urgencies).toEqual(urgencies.toSorted((a: number, b: number) => b - a))
  })
})

describe('what is too much', () => {
  const reading = { now: NOON + HOUR, timeZone: 'UTC' }

  it('of hours is not even read: the newest are written, and what was before is told', async () => {
    await using it = await setUp({ bytes: 1_000_000, rows: 5 })
    const question = { format: 'csv', window: '24h', tables: ['forwards', 'channels'] } as const
    const files = await it.write(question)
    const [forwards, channels] = files.flatMap(({ tables }) => tables)
    // Each hour has a row of either side and a refusal on either side.
    expect(forwards).toMatchObject({ rows: 2, leftOut: { before: NOON } })
    expect(channels?.leftOut).toBeUndefined()
    const [shown] = exportMessages(files, question, reading)
    expect(shown?.text.markup).toContain('Left out of forwards: what was before 12:00.')
  })

  it('of demands is not made rows of either', async () => {
    await using it = await setUp({ bytes: 1_000_000, rows: 5 })
    const files = await it.write({ format: 'json', window: '7d', tables: ['demands'] })
    const { demands } = JSON.parse(files[0]?.content ?? '')
    expect(demands).toHaveLength(5)
    expect(files[0]?.tables[0]?.leftOut).toEqual({ before: Date.parse(demands[0].from) })
  })

  it('for a file is left out from the oldest on, and of opportunities the least urgent', async () => {
    await using it = await setUp({ bytes: 400, rows: 1_000 })
    const tables = ['refusals', 'opportunities'] as const
    const question = { format: 'csv', window: '24h', tables } as const
    const files = await it.write(question)
    for (const { content } of files) expect(content.length).toBeLessThan(400 + 250)
    const [refusals, opportunities] = files.flatMap((file) => file.tables)
    expect(refusals?.leftOut).toEqual({ before: expect.any(Number) })
    expect(opportunities?.leftOut).toEqual({ rows: expect.any(Number) })
    const text = exportMessages(files, question, reading).map((one) => one.text.markup)
    expect(text.join('\n')).toMatch(/Left out of opportunities: the least urgent \d+\./)
  })
})

describe(lastWithin, () => {
  it('keeps the newest rows, as many as fit, and says how many do not', () => {
    const rows = Array.from({ length: 10 }, (_, at) => ({ at }))
    expect(lastWithin(rows, 35, () => 10)).toEqual({ rows: rows.slice(7), leftOut: 7 })
    expect(lastWithin(rows, 100, () => 10)).toEqual({ rows, leftOut: 0 })
    expect(lastWithin(rows, 5, () => 10)).toEqual({ rows: [], leftOut: 10 })
  })
})
