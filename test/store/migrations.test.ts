import { access, stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type Migration, migrate } from '../../src/store/migrations.ts'
import { temporaryFolder } from '../support/folder.ts'
import { open } from './support.ts'

const ALICE = `02${'aa'.repeat(32)}`

const satToMsat: Migration = async (readAll) =>
  Array.from(await readAll('sat:'), ([key, sat]) => [
    { key: key.replace('sat:', 'msat:'), value: BigInt(String(sat)) * 1000n },
    { key, value: undefined },
  ]).flat()
const failing: Migration = async () => {
  throw new Error('it does not work out')
}

describe(migrate, () => {
  it('brings an older store to the present form, and leaves a copy of the older beside it', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await makeOlder(file)
    {
      await using store = await open(file, { migrations: [satToMsat] })
      expect(store.version).toBe(2)
      expect(await store.readAll('msat:')).toEqual(new Map([['msat:1', 21_000n]]))
      expect(await store.readAll('sat:')).toEqual(new Map())
      await expect(store.claim('03')).rejects.toThrow('belongs to node 02aaaaaaaa…')
    }
    await using copy = await open(`${file}.form-1`, { migrations: [] })
    expect((await stat(`${file}.form-1`)).mode & 0o077).toBe(0)
    expect(await copy.readAll('sat:')).toEqual(new Map([['sat:1', 21]]))
  })

  it('goes on where it stopped: each step is whole or was never made', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await makeOlder(file)
    await expect(open(file, { migrations: [satToMsat, failing] })).rejects.toThrow('work out')
    await using store = await open(file, { migrations: [satToMsat, async () => []] })
    expect(store.version).toBe(3)
    expect(await store.read('msat:1')).toBe(21_000n)
    await access(`${file}.form-2`)
  })

  it('is for the running program, not for a helper beside it', async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    await makeOlder(file)
    const helper = open(file, { migrations: [satToMsat], lock: false })
    await expect(helper).rejects.toThrow('Run `missed-sats start` once')
  })

  it("never touches a newer program's store", async () => {
    await using folder = await temporaryFolder()
    const file = `${folder.path}/bot.sqlite`
    {
      await using _newer = await open(file, { migrations: [satToMsat] })
    }
    await expect(open(file, { migrations: [] })).rejects.toThrow(
      'was written by a newer missed-sats (form 2; this one knows forms up to 1)',
    )
  })
})

async function makeOlder(file: string): Promise<void> {
  await using store = await open(file, { migrations: [] })
  await store.claim(ALICE)
  await store.write([{ key: 'sat:1', value: 21 }])
}
