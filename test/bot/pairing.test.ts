import { describe, expect, it } from 'vitest'
import { hasPairedChats } from '../../src/bot/chats.ts'
import { createPairingCode, isPairingCode, PAIRING_MS } from '../../src/bot/pairing.ts'
import { FakeDocuments, NOW, OWNER, setUp } from './support.ts'

const STRANGER = 666

describe(createPairingCode, () => {
  it('makes a code that is read easily and stored as a hash alone', async () => {
    const documents = new FakeDocuments()
    const code = await createPairingCode(documents, NOW)
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/)
    const stored = [...documents.kept.values()].join()
    expect(stored).not.toContain(code)
    expect(stored).not.toContain(code.replace('-', ''))
  })

  it('accepts it in any case, with or without its hyphen, until it expires', async () => {
    const documents = new FakeDocuments()
    const code = await createPairingCode(documents, NOW)
    expect(await isPairingCode(documents, code.toLowerCase(), NOW)).toBe(true)
    expect(await isPairingCode(documents, code.replace('-', ''), NOW + PAIRING_MS - 1)).toBe(true)
    expect(await isPairingCode(documents, code, NOW + PAIRING_MS)).toBe(false)
    expect(await isPairingCode(documents, code, NOW)).toBe(false)
  })

  it('is burnt by ten wrong guesses', async () => {
    const documents = new FakeDocuments()
    const code = await createPairingCode(documents, NOW)
    for (let guess = 0; guess < 10; guess++) {
      expect(await isPairingCode(documents, `WRONG${guess}`, NOW)).toBe(false)
    }
    expect(await isPairingCode(documents, code, NOW)).toBe(false)
  })

  it('takes the place of an earlier code', async () => {
    const documents = new FakeDocuments()
    const first = await createPairingCode(documents, NOW)
    await createPairingCode(documents, NOW)
    expect(await isPairingCode(documents, first, NOW)).toBe(false)
  })
})

describe('pairing a chat', () => {
  it('names the node, says what will come and in which time zone, and outlives a restart', async () => {
    await using it = await setUp({ chatIds: [], timeZone: 'Europe/Berlin' })
    expect(await hasPairedChats(it.documents)).toBe(false)
    const code = await createPairingCode(it.documents, NOW)
    const welcome = await it.ask(OWNER, `/start ${code}`)
    expect(welcome.text).toMatch(/Paired with my node/)
    expect(welcome.text).toMatch(/What comes by itself: alerts/)
    expect(welcome.text).toMatch(/Europe\/Berlin, now 14:0/)
    expect(await hasPairedChats(it.documents)).toBe(true)
    await it.restart()
    expect((await it.ask(OWNER, '/top')).text).toMatch(/refused/)
    expect(it.bot.chatIds()).toEqual([OWNER])
  })

  it('changes the time zone by the button of the answer, and keeps it', async () => {
    await using it = await setUp({ chatIds: [] })
    const code = await createPairingCode(it.documents, NOW)
    const welcome = await it.ask(OWNER, `/start ${code}`)
    const choices = await it.press(welcome, 'Change time zone')
    expect(choices.messageId).toBe(welcome.messageId)
    expect((await it.press(choices, 'Tokyo')).text).toMatch(/Asia\/Tokyo: it is 22:0/)
    await it.restart()
    expect((await it.ask(OWNER, '/timezone')).text).toMatch(/Asia\/Tokyo/)
  })

  it('works once: the same code lets nobody else in', async () => {
    await using it = await setUp({ chatIds: [] })
    const code = await createPairingCode(it.documents, NOW)
    await it.ask(OWNER, `/start ${code}`)
    expect((await it.ask(STRANGER, `/start ${code}`)).text).toMatch(/not valid/)
    expect((await it.ask(OWNER, `/start ${code}`)).text).toMatch(/paired already/)
  })

  it('says the same of a wrong, an expired and a missing code', async () => {
    await using it = await setUp({ chatIds: [] })
    const missing = await it.ask(1, '/start ABCDEFGH')
    const code = await createPairingCode(it.documents, NOW - PAIRING_MS)
    const expired = await it.ask(2, `/start ${code}`)
    await createPairingCode(it.documents, NOW)
    const wrong = await it.ask(3, '/start ABCDEFGH')
    expect(new Set([missing.text, expired.text, wrong.text]).size).toBe(1)
  })

  it('tells the chats that paired before, which can forget the newcomer', async () => {
    await using it = await setUp({ chatIds: [OWNER] })
    await it.ask(OWNER, '/help')
    const code = await createPairingCode(it.documents, NOW)
    await it.ask(STRANGER, `/start ${code}`)
    const notice = await it.next(OWNER)
    expect(notice.text).toMatch(/Another chat was paired: Person 666/)
    const asked = await it.press(notice, 'Forget that chat')
    expect((await it.press(asked, 'Yes, forget it')).text).toMatch(/Forgotten: Person 666/)
    expect((await it.ask(STRANGER, '/top')).text).toMatch(/only chats that its operator paired/)
  })

  it('is not lost when the store cannot write: the code stays valid', async () => {
    await using it = await setUp({ chatIds: [] })
    const code = await createPairingCode(it.documents, NOW)
    it.documents.failure = new Error('disk full')
    it.api.say(OWNER, `/start ${code}`)
    await it.until(() => it.logged().includes('disk full'))
    expect((await it.ask(OWNER, `/start ${code}`)).text).toMatch(/Paired with/)
  })
})

describe('strangers', () => {
  it('get no data and no help, and after five answers silence', async () => {
    await using it = await setUp()
    for (const said of ['/top', '/status', 'hello', '/channel alice', '/revoke']) {
      const { text } = await it.ask(STRANGER, said)
      expect(text).toMatch(/only chats that its operator paired/)
      expect(text).not.toMatch(/alice|node|sat\b/)
    }
    it.api.say(STRANGER, '/top')
    it.api.say(STRANGER, '/help')
    await it.ask(OWNER, '/help')
    await it.bot[Symbol.asyncDispose]()
    expect(it.api.messages(STRANGER)).toHaveLength(5)
  })

  it('may try five codes in ten minutes, all of them together twenty', async () => {
    await using it = await setUp({ chatIds: [] })
    for (let guess = 0; guess < 7; guess++) it.api.say(STRANGER, '/start ABCDEFGH')
    for (let other = 1; other <= 30; other++) it.api.say(1000 + other, '/start ABCDEFGH')
    const answered = () => it.api.calls().filter(({ method }) => method === 'sendMessage').length
    await it.until(() => answered() >= 20)
    expect(it.api.messages(STRANGER)).toHaveLength(5)
    await it.clock.advance(10 * 60_000)
    it.api.say(STRANGER, '/start ABCDEFGH')
    await it.until(() => it.api.messages(STRANGER).length === 6)
    expect(answered()).toBe(21)
  })

  it('are met with a notice when they press a button, and with nothing in a group', async () => {
    await using it = await setUp()
    it.api.group({ id: -500, title: 'Strangers' })
    it.api.say(-500, 'what does everybody think?')
    it.api.say(-500, '/help')
    const top = await it.ask(OWNER, '/top')
    expect(await it.api.press(STRANGER, top.messageId, 'top 7d')).toMatch(/not paired/)
    expect(it.api.messages(-500)).toHaveLength(0)
  })
})

describe('/revoke', () => {
  it('asks, forgets this chat, and leaves it a stranger', async () => {
    await using it = await setUp({ chatIds: [] })
    await it.ask(OWNER, `/start ${await createPairingCode(it.documents, NOW)}`)
    const kept = await it.press(await it.ask(OWNER, '/revoke'), 'No')
    expect(kept.text).toMatch(/stays paired/)
    const forgotten = await it.press(await it.ask(OWNER, '/revoke yes'), 'Yes, forget it')
    expect(forgotten.text).toMatch(/Forgotten: this chat/)
    expect((await it.ask(OWNER, '/top')).text).toMatch(/only chats/)
    expect([...it.documents.kept.keys()]).toEqual([])
  })

  it('says where a chat of the configuration is taken off', async () => {
    await using it = await setUp()
    expect((await it.ask(OWNER, '/revoke')).text).toMatch(/Take 77 out of TELEGRAM_CHAT_IDS/)
    expect((await it.ask(OWNER, '/top')).text).toMatch(/refused/)
  })
})
