import { stat } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Doc } from '../../src/store/documents.ts'
import { MIGRATIONS, versionAfter } from '../../src/store/migrations.ts'
import { openStore } from '../../src/store/open-store.ts'
import { temporaryFolder } from '../support/folder.ts'
import { open } from './support.ts'

describe(openStore, () => {
  it('remembers documents across a restart, and forgets deleted ones', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/new/folder/bot.sqlite`
    {
      await using store = await open(file)
      await store.write([
        { key: 'a:1', value: { msat: 2n ** 60n } },
        { key: 'a:2', value: [1, 2] },
        { key: 'b:1', value: 'other' },
      ])
      await store.write([{ key: 'a:2', value: undefined }])
    }
    await using store = await open(file)
    expect(await store.readAll('a:')).toEqual(new Map([['a:1', { msat: 2n ** 60n }]]))
    expect(await store.read('a:2')).toBeUndefined()
    expect(await store.read('b:1')).toBe('other')
    expect(await store.sizeBytes()).toBeGreaterThan(0)
    expect(store.version).toBe(versionAfter(MIGRATIONS))
  })

  it('is a map that is written in batches, whatever is written', async () => {
    await using folder = await temporaryFolder()
    await using store = await open(`${folder.path}/bot.sqlite`)
    const expected = new Map<string, unknown>()
    const doc = fc.record({
      key: fc.constantFrom('a:1', 'a:10', 'a:2', 'a%:1', 'a_:1', 'A:1', 'b:1'),
      value: fc.option(fc.oneof(fc.string(), fc.bigInt()), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(doc), async (docs: Doc[]) => {
        await store.write(docs)
        for (const { key, value } of docs) {
          if (value === undefined) expected.delete(key)
          else expected.set(key, value)
        }
        for (const prefix of ['a:', 'a:1', 'a_', 'a%:', 'b:1', 'c']) {
          const of = [...expected].filter(([key]) => key.startsWith(prefix))
          expect([...(await store.readAll(prefix))]).toEqual(of.sort(byKey))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('reads one member of many documents, in order and from a key on', async () => {
    await using folder = await temporaryFolder()
    await using store = await open(`${folder.path}/bot.sqlite`)
    const docs = Array.from({ length: 250 }, (_, i) => ({
      key: `k:${1000 + i}`,
      value: i % 3 === 0 ? { other: [i] } : { '8x1x0#2': [[0, i, 0.5]], other: 'x'.repeat(500) },
    }))
    await store.write([...docs, { key: 'l:1', value: { '8x1x0#2': 'another list' } }])
    const found = await store.readMember({ prefix: 'k:', from: 'k:1100', member: '8x1x0#2' })
    const expected = docs
      .slice(100)
      .flatMap(({ key, value }): [string, unknown][] =>
        '8x1x0#2' in value ? [[key, value['8x1x0#2']]] : [],
      )
    expect([...found]).toEqual(expected)
  })

  it('reads a member as it was written, where JSON alone would lose something', async () => {
    await using folder = await temporaryFolder()
    await using store = await open(`${folder.path}/bot.sqlite`)
    const member = { msat: 2n ** 60n, none: undefined, text: '#1' }
    await store.write([{ key: 'k:1', value: { node: member } }])
    const question = { prefix: 'k:', from: 'k:', member: 'node' }
    expect(await store.readMember(question)).toEqual(new Map([['k:1', member]]))
    const odd = { ...question, member: 'a".b' }
    await expect(store.readMember(odd)).rejects.toThrow('not a name of a member')
  })

  it('reads long lists whole and in order', async () => {
    await using folder = await temporaryFolder()
    await using store = await open(`${folder.path}/bot.sqlite`)
    const docs = Array.from({ length: 1_000 }, (_, i) => ({ key: `k:${i}`, value: i }))
    await store.write(docs)
    const sorted = docs.map((doc): [string, unknown] => [doc.key, doc.value]).sort(byKey)
    expect([...(await store.readAll('k:'))]).toEqual(sorted)
  })

  it('ends with the last value when writes are not waited for', async () => {
    await using folder = await temporaryFolder()
    await using store = await open(`${folder.path}/bot.sqlite`)
    const writes = Array.from({ length: 200 }, (_, i) => store.write([{ key: 'k:1', value: i }]))
    expect(await store.read('k:1')).toBe(199)
    await Promise.all(writes)
  })

  it('writes what a document is when it is asked, not what becomes of it', async () => {
    await using folder = await temporaryFolder()
    await using store = await open(`${folder.path}/bot.sqlite`)
    const value = { count: 1 }
    const written = store.write([{ key: 'k:1', value }])
    value.count = 2
    await written
    expect(await store.read('k:1')).toEqual({ count: 1 })
  })

  it('writes what was asked before it closes, and nothing after', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    const first = await open(file)
    for (let i = 0; i < 50; i++) void first.write([{ key: `k:${i}`, value: i }])
    await first[Symbol.asyncDispose]()
    await expect(first.write([{ key: 'k:50', value: 50 }])).rejects.toThrow('already closed')
    await using store = await open(file)
    expect((await store.readAll('k:')).size).toBe(50)
  })

  it('writes none of a batch of which one document cannot be stored', async () => {
    await using folder = await temporaryFolder()
    await using store = await open(`${folder.path}/bot.sqlite`)
    const batch = [
      { key: 'k:1', value: 1 },
      { key: 'k:2', value: { seen: new Set([1]) } },
    ]
    await expect(store.write(batch)).rejects.toThrow('k:2 cannot be stored: seen is a Set')
    expect(await store.readAll('k:')).toEqual(new Map())
  })

  it.each(['', 'ключ', 'a\nb', 'x'.repeat(256), 'meta:store'])(
    'refuses the key %j',
    async (key) => {
      await using folder = await temporaryFolder()
      await using store = await open(`${folder.path}/bot.sqlite`)
      await expect(store.write([{ key, value: 1 }])).rejects.toThrow('not a key of a document')
    },
  )

  it('keeps its files and a folder that it makes from other users', async () => {
    await using folder = await temporaryFolder()
    await using store = await open(`${folder.path}/d/bot.sqlite`)
    await store.write([{ key: 'k:1', value: 1 }])
    for (const name of ['', '/bot.sqlite', '/bot.sqlite-wal', '/bot.sqlite.lock']) {
      expect((await stat(`${folder.path}/d${name}`)).mode & 0o077).toBe(0)
    }
  })

  it('says when the disk is full, keeps what it has and goes on when there is room', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    const large = Array.from({ length: 100 }, (_, i) => ({
      key: `l:${i}`,
      value: 'x'.repeat(5000),
    }))
    {
      await using store = await open(file, { maxPages: 20 })
      await store.write([{ key: 'k:1', value: 'kept' }])
      await expect(store.write(large)).rejects.toThrow(`no space left for the database ${file}`)
      expect(await store.readAll('l:')).toEqual(new Map())
      await store.write([{ key: 'k:2', value: 'small' }])
    }
    await using store = await open(file)
    await store.write(large)
    expect((await store.readAll('k:')).size).toBe(2)
  })
})

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
