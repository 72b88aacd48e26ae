import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { EXPORT_COLUMNS, EXPORT_TABLES } from '../src/analyzer/export-report.ts'
import { type ExportOptions, exportMemory } from '../src/export.ts'
import { createLog } from '../src/log.ts'
import { Memory } from '../src/stats/memory.ts'
import { keepMemory } from '../src/store/memory-keeper.ts'
import { openStore, type Store } from '../src/store/open-store.ts'
import {
  ALICE,
  BOB,
  CAROL,
  channel,
  DAY,
  HOUR,
  MINUTE,
  NOON,
  offered,
  refused,
  settled,
} from './support/events.ts'
import { temporaryFolder } from './support/folder.ts'

const log = createLog('silent')
const START = NOON - 3 * DAY
const END = NOON + 20 * MINUTE

/** Three days with a forward and a refusal each hour, and a few minutes that no bucket has closed. */
async function threeDays(url: string): Promise<Store> {
  let now = START
  const clock = {
    now: () => now,
    monotonic: () => now,
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((wake) => signal?.addEventListener('abort', () => wake())),
  }
  const store = await openStore({ url, log, clock })
  const memory = new Memory({ maxChannels: 100, retentionDays: 400 }, now)
  await using saver = keepMemory(memory, store, { clock, log })
  memory.streamUp(now)
  const stranger = { pubkey: `02${'e'.repeat(64)}`, alias: '=HYPERLINK("http://x")' }
  memory.updateChannels([channel(ALICE), channel(BOB), channel(CAROL, { peer: stranger })], now)
  for (let id = 0; now <= NOON; now += HOUR) {
    memory.record(offered(id, { at: now }), now)
    memory.record(settled(id++, { at: now }), now)
    memory.record(refused(id++, { at: now, outgoing: CAROL }), now)
    await saver.flush()
  }
  now = END
  return store
}

async function exported(url: string, options: Partial<ExportOptions> = {}): Promise<string> {
  const out = new PassThrough()
  const format = 'json'
  const all = { url, format, window: '24h', folder: undefined, out, now: END, ...options } as const
  const printed = text(out)
  expect(await exportMemory(all)).toBe(0)
  out.end()
  return printed
}

type Row = Record<string, string | number | null>
type Report = { window: Row; channels: Row[]; forwards: Row[]; refusals: Row[] }
const sum = (rows: Row[], column: string) =>
  rows.reduce((total, row) => total + Number(row[column]), 0)

describe(exportMemory, () => {
  it('prints what a running program knows, by the hour or the day', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/bot.sqlite`
    await using _running = await threeDays(url)
    const hours = { '24h': 25, '7d': 73 } as const
    for (const [window, count] of Object.entries(hours) as ['24h' | '7d', number][]) {
      const report = JSON.parse(await exported(url, { window })) as Report
      const outgoing = report.forwards.filter(({ side }) => side === 'outgoing')
      expect(outgoing).toHaveLength(count)
      expect(sum(outgoing, 'settled')).toBe(count)
      expect(sum(outgoing, 'earnedMsat')).toBe(count * 100_000)
      expect(report.refusals).toHaveLength(2 * count)
    }
    const days = JSON.parse(await exported(url, { window: '30d' })) as Report
    const byDay = days.refusals.filter(({ side }) => side === 'outgoing')
    expect(byDay.map(({ from, attempts }) => [from, attempts])).toEqual([
      ['2026-11-18T00:00:00.000Z', 12],
      ['2026-11-19T00:00:00.000Z', 24],
      ['2026-11-20T00:00:00.000Z', 24],
      ['2026-11-21T00:00:00.000Z', 13],
    ])
    expect(days.window).toMatchObject({ bucketSeconds: 86_400, to: '2026-11-21T12:20:00.000Z' })
  })

  it('names each figure: JSON and CSV have the same columns and rows', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/bot.sqlite`
    await (await threeDays(url))[Symbol.asyncDispose]()
    const report = JSON.parse(await exported(url)) as Report
    const out = `${folder.path}/new/folder`
    expect(await exported(url, { format: 'csv', folder: out })).toBe('')
    expect((await readdir(out)).sort()).toEqual(['channels.csv', 'forwards.csv', 'refusals.csv'])
    for (const table of EXPORT_TABLES) {
      for (const row of report[table]) expect(Object.keys(row)).toEqual(EXPORT_COLUMNS[table])
      const lines = (await readFile(`${out}/${table}.csv`, 'utf8')).trim().split('\n')
      expect(lines[0]).toBe(EXPORT_COLUMNS[table].join(','))
      expect(lines).toHaveLength(report[table].length + 1)
    }
    const forwards = await readFile(`${out}/forwards.csv`, 'utf8')
    expect(forwards).toContain(`2026-11-21T12:00:00.000Z,${BOB},outgoing,1,0,100000000,100000\n`)
  })

  it('shows its files to nobody else, and leaves a file in the place of the folder alone', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/bot.sqlite`
    await (await openStore({ url, log }))[Symbol.asyncDispose]()
    const out = `${folder.path}/out`
    await exported(url, { folder: out })
    expect((await stat(`${out}/export.json`)).mode & 0o777).toBe(0o600)
    const file = `${folder.path}/notes.txt`
    await writeFile(file, 'mine')
    await expect(exported(url, { folder: file })).rejects.toThrow(`${file} is not a folder`)
    await expect(exported(url, { folder: `${file}/out` })).rejects.toThrow('is not a folder')
    expect(await readFile(file, 'utf8')).toBe('mine')
  })

  it('lets no name of a peer become a formula', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/bot.sqlite`
    await (await threeDays(url))[Symbol.asyncDispose]()
    const csv = await exported(url, { format: 'csv' })
    expect(csv).toContain(`${CAROL},"'=HYPERLINK(""http://x"")",02eeee`)
    expect(csv.split('\n\n')).toHaveLength(3)
  })

  it('has headings and no rows where nothing happened', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/bot.sqlite`
    await (await openStore({ url, log }))[Symbol.asyncDispose]()
    expect(await exported(url, { format: 'csv' })).toBe(
      `${EXPORT_TABLES.map((table) => `${EXPORT_COLUMNS[table].join(',')}\n`).join('\n')}`,
    )
    expect(JSON.parse(await exported(url))).toMatchObject({ channels: [], forwards: [] })
  })

  it('reads all as of one moment, whatever is written meanwhile', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/bot.sqlite`
    await using running = await openStore({ url, log })
    await using helper = await openStore({ url, log, lock: false })
    await running.write([{ key: 'k:1', value: 'before' }])
    const values = await helper.snapshot(async (documents) => {
      const first = await documents.readAll('k:')
      await running.write([{ key: 'k:1', value: 'after' }])
      return [first.get('k:1'), (await documents.readAll('k:')).get('k:1')]
    })
    expect(values).toEqual(['before', 'before'])
    expect(await helper.read('k:1')).toBe('after')
  })
})
