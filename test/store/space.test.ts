import { copyFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { attach } from '../../src/store/attached.ts'
import { temporaryFolder } from '../support/folder.ts'
import { open } from './support.ts'

const FORM_1 = fileURLToPath(new URL('./forms/form-1.sqlite', import.meta.url))
const KB = 'x'.repeat(1_000)

async function pagesOf(file: string): Promise<number> {
  const attached = await attach(file)
  const [row] = await attached.query('PRAGMA beside.page_count')
  await attached.close()
  return Number(row?.['page_count'])
}

const documents = (count: number, value: unknown) =>
  Array.from({ length: count }, (_, i) => ({ key: `k:${i}`, value }))

describe('the space of what was deleted', () => {
  it.each([
    ['of a new database', undefined],
    ['of one that was upgraded', FORM_1],
  ])('%s goes back to the disk, and nothing else does', async (_, kept) => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    if (kept !== undefined) await copyFile(kept, file)
    await using store = await open(file)
    await store.write(documents(8_000, KB))
    await store.write(documents(7_000, undefined))
    const full = await pagesOf(file)
    await store.giveBack()
    expect(await pagesOf(file)).toBeLessThan(full / 4)
    const left = await store.readAll('k:')
    expect(left.size).toBe(1_000)
    expect(left.get('k:7500')).toBe(KB)
  })

  it('is kept for what comes next while it is little', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await using store = await open(file)
    await store.write(documents(8_000, KB))
    await store.write(documents(1_500, undefined))
    const before = await pagesOf(file)
    await store.giveBack()
    expect(await pagesOf(file)).toBe(before)
  })
})
