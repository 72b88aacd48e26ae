import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { temporaryFolder } from '../support/folder.ts'

const clock = { now: () => 1_700_000_000_000 }
const HOLDER = fileURLToPath(new URL('./store-holder.ts', import.meta.url))

const ALICE = `02${'aa'.repeat(32)}`
const BOB = `03${'bb'.repeat(32)}`

describe(openStore, () => {
  it('remembers documents across a restart, and forgets deleted ones', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/new/folder/bot.sqlite`
    {
      await using store = await openStore({ url, clock })
      await store.write([
        { key: 'a:1', value: { msat: 2n ** 60n } },
        { key: 'a:2', value: [1, 2] },
        { key: 'b:1', value: 'other' },
      ])
      await store.write([{ key: 'a:2', value: undefined }])
    }
    await using store = await openStore({ url, clock })
    expect(await store.readAll('a:')).toEqual(new Map([['a:1', { msat: 2n ** 60n }]]))
    expect(await store.read('a:2')).toBeUndefined()
    expect(await store.read('b:1')).toBe('other')
    expect(await store.sizeBytes()).toBeGreaterThan(0)
  })

  it('ends with the last value when writes are not waited for', async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore({ url: `sqlite://${folder.path}/bot.sqlite`, clock })
    const writes = Array.from({ length: 200 }, (_, i) => store.write([{ key: 'k', value: i }]))
    await Promise.all(writes)
    expect(await store.read('k')).toBe(199)
  })

  it('writes what was asked before it closes', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/bot.sqlite`
    {
      await using store = await openStore({ url, clock })
      for (let i = 0; i < 50; i++) void store.write([{ key: `k:${i}`, value: i }])
    }
    await using store = await openStore({ url, clock })
    expect((await store.readAll('k:')).size).toBe(50)
  })

  it('keeps its file from other users', async () => {
    await using folder = await temporaryFolder()
    await using _store = await openStore({ url: `sqlite://${folder.path}/d/bot.sqlite`, clock })
    expect((await stat(`${folder.path}/d/bot.sqlite`)).mode & 0o077).toBe(0)
  })
})

describe('a store that cannot be used stops the start and is left as it is:', () => {
  it.each([
    ['a text file', 'once upon a time '.repeat(500), 'is not a database'],
    ['a file of noise', '\u0000\u0001\u0002'.repeat(5000), 'is not a database'],
  ])('%s', async (_, content, sentence) => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'bot.sqlite')
    await writeFile(file, content)
    await expect(openStore({ url: `sqlite://${file}`, clock })).rejects.toThrow(sentence)
    expect(await readFile(file, 'utf8')).toBe(content)
  })

  it('one with damaged pages', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'bot.sqlite')
    await fill(file)
    const bytes = await readFile(file)
    for (let at = 4096; at < bytes.length; at += 8192) bytes.fill(0xa5, at, at + 4096)
    await writeFile(file, bytes)
    await expect(openStore({ url: `sqlite://${file}`, clock })).rejects.toThrow('is damaged')
  })

  it('one that was cut short', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'bot.sqlite')
    await fill(file)
    const bytes = await readFile(file)
    await writeFile(file, bytes.subarray(0, Math.floor(bytes.length / 2)))
    await expect(openStore({ url: `sqlite://${file}`, clock })).rejects.toThrow(/damaged|database/)
  })

  it('a folder in its place', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'bot.sqlite'))
    await expect(openStore({ url: `sqlite://${folder.path}/bot.sqlite`, clock })).rejects.toThrow(
      'cannot be opened',
    )
  })

  it('one without permission', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read every file')
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'bot.sqlite')
    await fill(file)
    await chmod(file, 0o000)
    await expect(openStore({ url: `sqlite://${file}`, clock })).rejects.toThrow('cannot be')
  })

  it('one of a newer program', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/bot.sqlite`
    {
      await using store = await openStore({ url, clock })
      await store.write([{ key: 'meta', value: { version: 99, pubkey: null, createdAt: 0 } }])
    }
    await expect(openStore({ url, clock })).rejects.toThrow('newer missed-sats')
  })

  it("another node's", async () => {
    await using folder = await temporaryFolder()
    await using store = await openStore({ url: `sqlite://${folder.path}/bot.sqlite`, clock })
    await store.claim(ALICE)
    await store.claim(ALICE)
    await expect(store.claim(BOB)).rejects.toThrow(
      'is that of another node (02aaaaaa…aaaa, not 03bbbbbb…bbbb)',
    )
  })
})

describe('a store that another process holds', () => {
  it('cannot be held too, but read by a guest; a kill -9 lets go of it', async () => {
    await using folder = await temporaryFolder()
    const url = `sqlite://${folder.path}/bot.sqlite`
    const holder = spawn(process.execPath, ['--import', 'tsx', HOLDER, url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    await expect(openStore({ url, clock })).rejects.toThrow('is held by another process')
    {
      await using guest = await openStore({ url, clock, isHolder: false })
      expect(await guest.read('held')).toBe(true)
    }
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    await using store = await openStore({ url, clock })
    expect(await store.read('held')).toBe(true)
  })
})

async function fill(file: string): Promise<void> {
  await using store = await openStore({ url: `sqlite://${file}`, clock })
  const docs = Array.from({ length: 200 }, (_, i) => ({ key: `k:${i}`, value: 'x'.repeat(1000) }))
  await store.write(docs)
}
