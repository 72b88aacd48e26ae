import { describe, expect, it } from 'vitest'
import { html } from '../../src/messages/html.ts'
import { message } from '../../src/messages/message.ts'
import { GROUP, NOW, OWNER, setUp } from './support.ts'

describe('what is told of the bot to whoever watches the program', () => {
  it('is since when Telegram is out of reach: from the start, and from each failed call', async () => {
    await using it = await setUp()
    expect(it.bot.downSince()).toBe(NOW)
    await it.until(() => it.bot.downSince() === undefined)
    it.api.fail('getUpdates', 'bad-gateway')
    it.api.say(OWNER, '/help')
    await it.until(() => it.bot.downSince() !== undefined)
    expect(it.bot.downSince()).toBe(it.bot.status().lastTroubleAt)
    await it.until(() => it.bot.downSince() === undefined)
  })

  it('is how many messages wait for their turn', async () => {
    await using it = await setUp({ chatIds: [GROUP] })
    await it.until(() => it.bot.downSince() === undefined)
    const note = message(html`a note`)
    const pushes = Array.from({ length: 15 }, () => it.bot.push(GROUP, note))
    expect(it.bot.waiting()).toBe(15)
    await it.until(() => it.bot.waiting() === 0)
    await Promise.all(pushes)
  })
})

describe('TIME_ZONE', () => {
  it('changes while the bot runs, for chats that have not chosen one', async () => {
    await using it = await setUp({ chatIds: [OWNER, 78] })
    await it.ask(78, '/timezone Europe/Berlin')
    it.bot.setTimeZone('Asia/Tokyo')
    expect((await it.ask(OWNER, '/timezone')).text).toContain('Asia/Tokyo')
    expect((await it.ask(78, '/timezone')).text).toContain('Europe/Berlin')
  })
})
