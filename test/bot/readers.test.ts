import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Chats } from '../../src/bot/chats.ts'
import { Readers } from '../../src/bot/readers.ts'
import { sat } from '../../src/messages/format.ts'
import { channelName } from '../../src/messages/names.ts'
import { FakeDocuments } from './support.ts'

const nothing = () => undefined
const follower = { opened: nothing, revived: nothing, closed: nothing, migrated: () => [] }

async function setUp() {
  const documents = new FakeDocuments()
  const chats = await Chats.load(documents, [1, 2, 3], 'UTC', follower)
  await chats.update(1, { locale: 'de-DE' })
  await chats.update(2, { privacyKey: 'secret' })
  return { documents, chats, readers: new Readers(chats) }
}

/** Makes a sentence with a wait in its middle. */
async function sentence(): Promise<string> {
  const name = channelName('alice', '1x2x3')
  await nextTurn()
  return `${name}: ${sat(1_234_000n)}`
}

describe(Readers, () => {
  it('keeps apart what is made for several chats at once', async () => {
    const { readers } = await setUp()
    const made = [1, 2, 3, 99].map((id) => readers.madeFor(id, sentence))
    expect(await Promise.all([...made, sentence()])).toEqual([
      'alice: 1.234 sat',
      expect.stringMatching(/^peer [A-Z]{4}: ••• sat$/),
      'alice: 1,234 sat',
      'alice: 1,234 sat',
      'alice: 1,234 sat',
    ])
  })

  it('shows a change of the settings in the answer that confirms it', async () => {
    const { readers, chats } = await setUp()
    const told = await readers.madeFor(1, async () => {
      await chats.update(1, { locale: 'fr-FR' })
      return sentence()
    })
    expect(told).toBe('alice: 1\u202f234 sat')
  })

  it('goes on as it began when its chat moves to another id, or is forgotten, meanwhile', async () => {
    const { readers, chats } = await setUp()
    const moved = readers.madeFor(2, async () => {
      await chats.migrate(2, -100)
      return sentence()
    })
    const hidden = expect.stringMatching(/^peer [A-Z]{4}: ••• sat$/)
    expect(await moved).toEqual(hidden)
    const forgotten = readers.madeFor(-100, async () => {
      await chats.revoke(-100)
      return sentence()
    })
    expect(await forgotten).toEqual(hidden)
  })

  it('outlives a restart with the settings, and gives each chat letters of its own', async () => {
    const { documents, readers, chats } = await setUp()
    await chats.update(3, { privacyKey: 'another secret' })
    const before = await readers.madeFor(2, sentence)
    const again = new Readers(await Chats.load(documents, [1, 2, 3], 'UTC', follower))
    expect(await again.madeFor(2, sentence)).toBe(before)
    expect(await again.madeFor(3, sentence)).not.toBe(before)
  })
})
