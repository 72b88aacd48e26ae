import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, copyFile, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import KeyvSqlite from '@keyv/sqlite'
import { describe, expect, it } from 'vitest'
import { MIGRATIONS, versionAfter } from '../../src/store/migrations.ts'
import { temporaryFolder } from '../support/folder.ts'
import { fill, open } from './support.ts'

const HOLDER = fileURLToPath(new URL('./store-holder.ts', import.meta.url))
const PAGE = 4096
const ALICE = `02${'aa'.repeat(32)}`
const BOB = `03${'bb'.repeat(32)}`

describe('a store that cannot be used stops the start and is left as it is:', () => {
  it.each([
    ['a text file', 'once upon a time '.repeat(500)],
    ['a file of noise', '\u0000\u0001\u0002'.repeat(5000)],
  ])('%s', async (_, content) => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await writeFile(file, content)
    await expect(open(file)).rejects.toMatchObject({
      problem: 'not-a-database',
      message: expect.stringContaining(`${file} is not a database`),
    })
    expect(await readFile(file, 'utf8')).toBe(content)
  })

  it.each<[string, (bytes: Buffer) => Buffer]>([
    [
      'every second page overwritten',
      (bytes) => overwritten(bytes, (page) => page % 2 === 1, 0xa5),
    ],
    ['every third page full of zeros', (bytes) => overwritten(bytes, (page) => page % 3 === 2, 0)],
    ['one page overwritten', (bytes) => overwritten(bytes, (page) => page === 30, 0xa5)],
    ['half of it cut off', (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2))],
    ['all but half a page cut off', (bytes) => bytes.subarray(0, PAGE / 2)],
    ['its header overwritten', (bytes) => bytes.fill(0, 0, 100)],
  ])('one with %s', async (_, damage) => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await fill(file)
    const bytes = damage(await readFile(file))
    await writeFile(file, bytes)
    await expect(open(file)).rejects.toThrow(
      /^(The database )?\/.*\/bot\.sqlite is (damaged|not a)/,
    )
    expect((await readFile(file)).equals(bytes)).toBe(true)
  })

  it('one whose file was emptied beside what was last written to it', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    {
      await using store = await open(file)
      await store.write([{ key: 'k:1', value: 1 }])
      await copyFile(`${file}-wal`, `${folder.path}/wal`)
    }
    await truncate(file)
    await copyFile(`${folder.path}/wal`, `${file}-wal`)
    await expect(open(file)).rejects.toThrow(`is empty while ${file}-wal`)
  })

  it('one with a document that cannot be read', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await fill(file)
    await query(file, "UPDATE documents SET value = '{\"half' WHERE key = 'k:7'")
    await using store = await open(file)
    await expect(store.readAll('k:')).rejects.toThrow('document k:7 cannot be read')
    await expect(store.read('k:7')).rejects.toThrow(`${file} is damaged`)
  })

  it('one that does not say its form', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await fill(file)
    await query(file, "DELETE FROM documents WHERE key = 'meta:store'")
    await expect(open(file)).rejects.toThrow('does not say which form')
  })

  it("another program's database, which gets no table of ours", async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/channel.sqlite`
    await query(file, 'SELECT 1', 'invoices')
    const bytes = await readFile(file)
    await expect(open(file)).rejects.toThrow(`${file} is the database of another program`)
    expect((await readFile(file)).equals(bytes)).toBe(true)
  })

  it('a folder in its place', async () => {
    await using folder = await temporaryFolder()
    await mkdir(`${folder.path}/bot.sqlite`)
    await expect(open(`${folder.path}/bot.sqlite`)).rejects.toThrow('not a file')
  })

  it('a device in its place', async () => {
    await expect(open('/dev/null')).rejects.toThrow('/dev/null is a folder or a device')
  })

  it('a file where its folder should be', async () => {
    await using folder = await temporaryFolder()
    await writeFile(`${folder.path}/data`, '')
    const file = `${folder.path}/data/bot.sqlite`
    await expect(open(file)).rejects.toThrow(`${file} cannot be opened`)
  })

  it.skipIf(process.platform !== 'linux')('a folder that can hold no folder', async () => {
    const file = '/proc/missed-sats/bot.sqlite'
    await expect(open(file)).rejects.toThrow(`${file} cannot be opened (ENOENT`)
  })

  it.for([0o000, 0o400])('one without permission (mode %i)', async (mode, { skip }) => {
    if (process.getuid?.() === 0) skip('root may read every file')
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await fill(file)
    await chmod(file, mode)
    await expect(open(file)).rejects.toThrow(`${file} cannot be opened`)
  })

  it('one in a folder that may not be written', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may write to every folder')
    await using folder = await temporaryFolder()
    const file = `${folder.path}/data/bot.sqlite`
    await fill(file)
    await chmod(`${folder.path}/data`, 0o500)
    await expect(open(file)).rejects.toThrow(`${file} cannot be opened`)
    await chmod(`${folder.path}/data`, 0o700)
  })

  it.each(['', 'data/bot.sqlite', 'postgres://host/db', 'sqlite://', 'sqlite://:memory:'])(
    'the DATABASE_URL %j',
    async (url) => {
      await expect(open('', { url })).rejects.toThrow('DATABASE_URL must be sqlite://')
    },
  )

  it("another node's", async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    {
      await using store = await open(file)
      await store.claim(ALICE)
      await store.claim(ALICE)
    }
    await using store = await open(file)
    await expect(store.claim(BOB)).rejects.toThrow(
      'belongs to node 02aaaaaaaa…, and LND is node 03bbbbbbbb…. Use another DATABASE_URL',
    )
    await store.claim(ALICE)
  })
})

describe('a store that another process holds', () => {
  it('can be read and written by a helper; a kill -9 lets go of it', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await using holder = await startHolder(file)
    await expect(open(file)).rejects.toThrow(`${file} is held by another process`)
    {
      await using helper = await open(file, { lock: false })
      expect(await helper.read('held:1')).toBe(true)
      await helper.write([{ key: 'held:2', value: 'a code' }])
    }
    await holder[Symbol.asyncDispose]()
    await using store = await open(file)
    expect((await store.readAll('held:')).size).toBe(2)
  })

  it('cannot be held twice by one process either, until it is closed', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    const first = await open(file)
    await expect(open(file)).rejects.toMatchObject({ problem: 'held' })
    await first[Symbol.asyncDispose]()
    await using _second = await open(file)
    expect((await stat(`${file}.lock`)).size).toBe(0)
  })

  it('is free again after a start that failed', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await writeFile(file, 'not a database, but long enough to be taken for one'.repeat(100))
    await expect(open(file)).rejects.toThrow('is not a database')
    await rm(file)
    await using store = await open(file)
    expect(store.version).toBe(versionAfter(MIGRATIONS))
  })
})

/** A process that holds a store until it is disposed of, by kill -9. */
async function startHolder(file: string): Promise<AsyncDisposable> {
  const holder = spawn(process.execPath, ['--import', 'tsx', HOLDER, `sqlite://${file}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  return {
    async [Symbol.asyncDispose]() {
      if (holder.kill('SIGKILL')) await once(holder, 'exit')
    },
  }
}

function overwritten(bytes: Buffer, isHit: (page: number) => boolean, byte: number): Buffer {
  for (let page = 0; page * PAGE < bytes.length; page++) {
    if (isHit(page)) bytes.fill(byte, page * PAGE, (page + 1) * PAGE)
  }
  return bytes
}

async function query(file: string, sql: string, table = 'documents'): Promise<void> {
  const database = new KeyvSqlite({ uri: `sqlite://${file}`, table })
  await database.query(sql)
  await database.close()
}
