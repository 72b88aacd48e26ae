import { copyFile, readdir, readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadMemory } from '../../src/store/memory-keeper.ts'
import { MIGRATIONS, versionAfter } from '../../src/store/migrations.ts'
import { NOON } from '../support/events.ts'
import { temporaryFolder } from '../support/folder.ts'
import { figuresOf } from './forms/figures.ts'
import { open } from './support.ts'

// Database files as the last program of each form left them; forms/make.ts says how they were made.
const FORMS = fileURLToPath(new URL('./forms/', import.meta.url))
const KEPT = (await readdir(FORMS)).filter((name) => name.endsWith('.sqlite'))
const LIMITS = { maxChannels: 100, retentionDays: 400 }
const END = NOON + 40 * 60_000

describe('a database of an earlier form', () => {
  it('is kept of each', () => {
    const earlier = MIGRATIONS.map((_, i) => `form-${i + 1}.sqlite`)
    expect(KEPT).toEqual(expect.arrayContaining(earlier))
  })

  it.each(KEPT)('%s says after the upgrade what it said before', async (name) => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await copyFile(FORMS + name, file)
    await using store = await open(file)
    expect(store.version).toBe(versionAfter(MIGRATIONS))
    const memory = await loadMemory(store, LIMITS, END)
    const before = await readFile(FORMS + name.replace('.sqlite', '.json'), 'utf8')
    expect(figuresOf(memory, END)).toEqual(JSON.parse(before))
    expect(await store.read('chat:77')).toMatchObject({ timeZone: 'Europe/Berlin' })
    await expect(store.claim('03ff')).rejects.toThrow('belongs to node 02abababab')
  })

  it.each(KEPT)('%s stays beside the upgraded one, as it was', async (name) => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await copyFile(FORMS + name, file)
    {
      await using _upgraded = await open(file)
    }
    const form = Number(/\d+/.exec(name)?.[0])
    const copy = `${file}.form-${form}`
    expect((await stat(copy)).mode & 0o077).toBe(0)
    await using older = await open(copy, { migrations: MIGRATIONS.slice(0, form - 1) })
    expect(older.version).toBe(form)
    expect(await older.read('chat:77')).toMatchObject({ id: 77 })
  })
})
