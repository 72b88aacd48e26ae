import { describe, expect, it } from 'vitest'
import type { TelegramError } from '../../src/bot/telegram-error.ts'
import { startBotApi } from '../../src/demo/bot-api.ts'
import { html } from '../../src/messages/html.ts'
import { message } from '../../src/messages/message.ts'
import { ADMIN, FakeDocuments, GROUP, NOW, OWNER, setUp, TOKEN } from './support.ts'

const NOTE = message(html`<b>a note</b>`)

function sends({ api }: Awaited<ReturnType<typeof setUp>>): number {
  return api.calls().filter(({ method }) => method === 'sendMessage').length
}

describe('a reply', () => {
  it('waits as long as Telegram asks with 429, and comes then', async () => {
    await using it = await setUp()
    it.api.fail('sendMessage', { code: 429, description: 'Too Many Requests', retryAfter: 30 })
    const before = it.clock.monotonic()
    expect((await it.ask(OWNER, '/top')).text).toMatch(/refused/)
    expect(it.clock.monotonic() - before).toBeGreaterThanOrEqual(30_000)
  })

  it('is given up, with a line in the log, when that is more than a minute', async () => {
    await using it = await setUp()
    it.api.fail('sendMessage', { code: 429, description: 'Too Many Requests', retryAfter: 5329 })
    it.api.say(OWNER, '/top')
    await it.until(() => it.logged().includes('a message was not delivered'))
    expect(it.bot.status().droppedReplies).toBe(1)
    const outcome = await it.bot.push(OWNER, NOTE)
    expect(outcome).toMatchObject({ kind: 'not-sent' })
    expect(outcome.kind === 'not-sent' && outcome.retryAfterMs).toBeGreaterThan(5_000_000)
  })

  it('of one chat does not wait for another that is limited', async () => {
    await using it = await setUp({ chatIds: [OWNER, 78] })
    it.api.fail('sendMessage', { code: 429, description: 'Too Many Requests', retryAfter: 50 })
    it.api.say(OWNER, '/top')
    await it.until(() => sends(it) === 0 && it.clock.sleepers > 0)
    await it.ask(78, '/help')
    expect(it.api.messages(OWNER)).toHaveLength(0)
    await it.next(OWNER)
  })

  it('comes as plain text when Telegram cannot read its tags', async () => {
    await using it = await setUp()
    it.api.fail('sendMessage', {
      code: 400,
      description: "Bad Request: can't parse entities: Unsupported start tag",
    })
    const answer = await it.ask(OWNER, '/channel <b>')
    expect(answer.markup).not.toContain('&lt;')
    expect(answer.text).toMatch(/^<b>bob & "sons"<\/b>: /)
  })

  it.each(['reset', 'bad-gateway'] as const)('comes all the same after a %s', async (fault) => {
    await using it = await setUp()
    it.api.fail('sendMessage', fault)
    expect((await it.ask(OWNER, '/top')).text).toMatch(/refused/)
  })

  it('counts as given when the message reads so already, and is said anew when it is gone', async () => {
    await using it = await setUp()
    const top = await it.ask(OWNER, '/top')
    await it.api.press(OWNER, top.messageId, '· 24h ·')
    await it.api.press(OWNER, 4321, 'top 7d')
    const anew = await it.next(OWNER)
    expect(anew.text).toMatch(/in 7 days/)
    expect(it.logged()).not.toMatch(/was not delivered/)
  })

  it('keeps to the rates of a chat: three at once, then one a second', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/help')
    const before = it.clock.monotonic()
    for (let n = 0; n < 8; n++) it.api.say(OWNER, '/help')
    for (let n = 0; n < 8; n++) await it.next(OWNER)
    expect(it.clock.monotonic() - before).toBeGreaterThanOrEqual(5_000)
  })
})

describe('a chat that is closed to the bot', () => {
  it('is marked dead by 403, spared further calls, and revived by its own word', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/help')
    it.api.fail('sendMessage', { code: 403, description: 'Forbidden: bot was blocked by the user' })
    expect(await it.bot.push(OWNER, NOTE)).toMatchObject({ kind: 'dead', recheck: false })
    const calls = sends(it)
    expect(await it.bot.push(OWNER, NOTE)).toMatchObject({ kind: 'dead' })
    expect(sends(it)).toBe(calls)
    await it.restart()
    expect(it.bot.status().deadChats).toBe(1)
    expect((await it.ask(OWNER, '/start')).text).toMatch(/paired already/)
    expect(await it.bot.push(OWNER, NOTE)).toMatchObject({ kind: 'sent' })
  })

  it('is known from my_chat_member, both ways', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/help')
    it.api.block(OWNER, true)
    await it.until(() => it.bot.status().deadChats === 1)
    it.api.block(OWNER, false)
    await it.until(() => it.bot.status().deadChats === 0)
  })

  it('without the right to write is tried again after an hour', async () => {
    await using it = await setUp({ chatIds: [GROUP] })
    it.api.group({ id: GROUP, title: 'Operators' })
    const description = 'Bad Request: not enough rights to send text messages to the chat'
    it.api.fail('sendMessage', { code: 400, description })
    expect(await it.bot.push(GROUP, NOTE)).toMatchObject({ kind: 'dead', recheck: true })
    expect(await it.bot.push(GROUP, NOTE)).toMatchObject({ kind: 'dead' })
    await it.clock.advance(3_600_000)
    expect(await it.bot.push(GROUP, NOTE)).toMatchObject({ kind: 'sent' })
    expect(it.bot.status().deadChats).toBe(0)
  })
})

describe('a group', () => {
  it.each([true, false])(
    'that moves keeps its settings under its new id (told: %s)',
    async (isTold) => {
      await using it = await setUp({ chatIds: [GROUP] })
      const moved = -1009999999999
      it.api.group({ id: GROUP, title: 'Operators', administrators: [ADMIN] })
      await it.ask(GROUP, '/timezone Asia/Tokyo', { from: ADMIN })
      it.api.migrate(GROUP, moved, isTold)
      if (isTold) await it.until(() => it.bot.chatIds().includes(moved))
      else expect(await it.bot.push(GROUP, NOTE)).toMatchObject({ kind: 'sent' })
      expect(it.bot.chatIds()).toEqual([moved])
      await it.restart()
      expect(it.bot.chatIds()).toEqual([moved])
      it.api.say(moved, '/timezone')
      await it.until(() => it.api.messages(moved).some(({ text }) => text.includes('Asia/Tokyo')))
      expect(it.logged()).toMatch(/put -1009999999999 in TELEGRAM_CHAT_IDS/)
    },
  )

  it('hears pushed messages in the topic that paired, and in the chat when that is gone', async () => {
    const documents = new FakeDocuments()
    const chat = {
      version: 1,
      id: GROUP,
      title: 'Forum',
      timeZone: 'UTC',
      threadId: 9,
      pairedAt: NOW,
    }
    await documents.write([{ key: `chat:${GROUP}`, value: chat }])
    await using it = await setUp({ chatIds: [], documents })
    it.api.group({ id: GROUP, title: 'Forum', topics: [9] })
    await it.bot.push(GROUP, NOTE)
    expect((await it.next(GROUP)).threadId).toBe(9)
    it.api.group({ id: GROUP, title: 'Forum' })
    expect(await it.bot.push(GROUP, NOTE)).toMatchObject({ kind: 'sent' })
    expect((await it.next(GROUP)).threadId).toBeUndefined()
    expect((await it.next(GROUP)).text).toMatch(/topic .* is gone/)
    void it.bot.push(GROUP, NOTE)
    await it.next(GROUP)
    expect(it.logged().match(/in another way/g)).toHaveLength(1)
  })
})

describe('polling', () => {
  it('goes on when a handler fails, and the chat is told', async () => {
    await using it = await setUp()
    it.memory.failure = new Error('a bug')
    expect((await it.ask(OWNER, '/top failures')).text).toMatch(/\/top failed inside/)
    it.memory.failure = undefined
    expect((await it.ask(OWNER, '/top')).text).toMatch(/refused/)
    expect(it.logged()).toMatch(/a command failed.*a bug|a bug.*a command failed/s)
  })

  it('goes on when an update is not what it should be', async () => {
    await using it = await setUp({ chatIds: [GROUP] })
    it.api.group({ id: GROUP, title: 'Operators', administrators: [ADMIN] })
    it.documents.failure = new Error('disk full')
    it.api.migrate(GROUP, -5)
    await it.until(() => it.logged().includes('could not be handled'))
    it.api.say(OWNER, 'x')
    it.api.say(OWNER, '/help')
    await it.until(() => it.api.messages(OWNER).length > 0)
  })

  it('starts before Telegram can be reached, says so once, and answers when it is', async () => {
    const down = await startBotApi({ token: TOKEN })
    const { port, url } = down
    await down[Symbol.asyncDispose]()
    await using it = await setUp({ apiRoot: url })
    await it.until(() => it.clock.monotonic() > 60_000)
    expect(it.logged().match(/Telegram cannot be reached/g)).toHaveLength(1)
    await using up = await startBotApi({ token: TOKEN, port })
    up.say(OWNER, '/help')
    await it.until(() => up.messages(OWNER).length === 1)
    expect(it.logged().match(/Telegram is reached again/g)).toHaveLength(1)
    expect(it.bot.status().lastTroubleAt).toBeGreaterThan(NOW)
  })

  it('waits out resets, gateways’ pages, 500 and 429, and answers each question once', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/help')
    const trouble = { code: 500, description: 'Internal Server Error' }
    const limit = { code: 429, description: 'Too Many Requests', retryAfter: 3 }
    it.api.fail('getUpdates', 'reset', 'bad-gateway', trouble, limit, 'lost-reply')
    await it.ask(OWNER, '/status')
    await it.ask(OWNER, '/top')
    await it.ask(OWNER, '/help')
    expect(it.api.messages(OWNER)).toHaveLength(4)
  })

  it('does not answer again after a restart what was answered before', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/help')
    await it.restart()
    await it.ask(OWNER, '/top')
    expect(it.api.messages(OWNER)).toHaveLength(2)
  })

  it('ends with a plain sentence when the token is refused', async () => {
    await using it = await setUp({ token: '1:refused' })
    const error: TelegramError = await it.bot.done.catch((reason) => reason)
    expect(error).toMatchObject({ name: 'TelegramError', fatal: true })
    expect(error.message).toMatch(/^TELEGRAM_BOT_TOKEN was refused/)
  })

  it('ends when the token is revoked while it runs', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/help')
    it.api.fail('getUpdates', { code: 401, description: 'Unauthorized' })
    it.api.say(OWNER, '/help')
    await expect(it.bot.done).rejects.toThrow(/TELEGRAM_BOT_TOKEN was refused/)
  })

  it('ends when another program polls with the same token, but not for a single conflict', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/help')
    const conflict = { code: 409, description: 'Conflict: terminated by other getUpdates request' }
    it.api.fail('getUpdates', conflict)
    await it.ask(OWNER, '/help')
    it.api.fail('getUpdates', conflict, conflict, conflict)
    it.api.say(OWNER, '/help')
    let ended: unknown
    it.bot.done.catch((error) => {
      ended = error
    })
    await it.until(() => ended)
    expect(String(ended)).toMatch(/Another program polls Telegram/)
  })

  it('resolves `done` when it is disposed', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/help')
    await it.bot[Symbol.asyncDispose]()
    await expect(it.bot.done).resolves.toBeUndefined()
  })
})

describe('the token', () => {
  it('is in no log line and no error, whatever goes wrong', async () => {
    await using it = await setUp()
    it.api.fail('getUpdates', 'reset', 'bad-gateway')
    it.api.fail('answerCallbackQuery', 'bad-gateway')
    it.api.fail('setMyCommands', 'reset', 'bad-gateway')
    it.api.fail('sendMessage', 'bad-gateway', 'reset', 'bad-gateway')
    it.api.say(OWNER, '/top')
    it.api.say(OWNER, '/help')
    await it.until(() => it.logged().includes('was not delivered'))
    await it.until(() => it.api.messages(OWNER).length > 0)
    void it.api.press(OWNER, 1, 'top 7d')
    await it.until(() => it.logged().includes('could not be answered'))
    expect(it.logged()).toMatch(/invalid json response body at http/)
    expect(it.logged()).not.toContain(TOKEN)
    expect(it.logged()).not.toContain(TOKEN.split(':')[1])
    // The log's own scrubber would have hidden it; it must not have been needed.
    expect(it.logged()).not.toContain('[bot-token]')
  })
})
