import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { backupDatabase } from '../../src/store/backup.ts'
import { temporaryFolder } from '../support/folder.ts'
import { fill, open } from './support.ts'

const FORM_1 = fileURLToPath(new URL('./forms/form-1.sqlite', import.meta.url))

describe(backupDatabase, () => {
  it('copies a database that a running program writes to, whole and for its owner alone', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    const copy = `${folder.path}/copy.sqlite`
    {
      await using running = await open(file)
      await running.write([{ key: 'k:1', value: 'before' }])
      expect(await backupDatabase(`sqlite://${file}`, copy)).toBe((await stat(copy)).size)
      await running.write([{ key: 'k:1', value: 'after' }])
      expect(await running.read('k:1')).toBe('after')
    }
    expect((await stat(copy)).mode & 0o077).toBe(0)
    await using restored = await open(copy)
    expect(await restored.read('k:1')).toBe('before')
  })

  it('never writes over anything', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await fill(file)
    const copy = `${folder.path}/precious`
    await writeFile(copy, 'a year of backups')
    await expect(backupDatabase(`sqlite://${file}`, copy)).rejects.toMatchObject({
      problem: 'exists',
      message: expect.stringContaining(`${copy} exists already`),
    })
    await expect(backupDatabase(`sqlite://${file}`, file)).rejects.toThrow('exists already')
    await writeFile(`${folder.path}/empty`, '')
    const onEmpty = backupDatabase(`sqlite://${file}`, `${folder.path}/empty`)
    await expect(onEmpty).rejects.toThrow('exists already')
    await writeFile(`${folder.path}/free-wal`, 'of another database')
    const besideLog = backupDatabase(`sqlite://${file}`, `${folder.path}/free`)
    await expect(besideLog).rejects.toThrow('free-wal exists already')
    expect(await readFile(copy, 'utf8')).toBe('a year of backups')
  })

  it('leaves a database of an earlier form as it is, and the copy too', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await copyFile(FORM_1, file)
    const copy = `${folder.path}/copy.sqlite`
    await backupDatabase(`sqlite://${file}`, copy)
    await using store = await open(copy, { migrations: [] })
    expect(store.version).toBe(1)
  })

  it('makes no backup of what is damaged, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await fill(file)
    const bytes = await readFile(file)
    await writeFile(file, bytes.fill(0xa5, 30 * 4096, 31 * 4096))
    const copy = `${folder.path}/copy.sqlite`
    await expect(backupDatabase(`sqlite://${file}`, copy)).rejects.toThrow('is damaged')
    await expect(stat(copy)).rejects.toThrow('ENOENT')
  })

  it('says that there is no database, and makes none', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/nowhere.sqlite`
    const copy = `${folder.path}/copy.sqlite`
    await expect(backupDatabase(`sqlite://${file}`, copy)).rejects.toMatchObject({
      problem: 'missing',
    })
    await expect(stat(file)).rejects.toThrow('ENOENT')
  })

  it('names the copy when it is the copy that cannot be written', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await fill(file)
    const copy = `${folder.path}/gone/copy.sqlite`
    await expect(backupDatabase(`sqlite://${file}`, copy)).rejects.toThrow(copy)
    await mkdir(`${folder.path}/gone`)
    await backupDatabase(`sqlite://${file}`, copy)
    await rm(copy)
  })
})
