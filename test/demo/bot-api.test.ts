import { Api, GrammyError, HttpError } from 'grammy'
import { describe, expect, it } from 'vitest'
import { startBotApi } from '../../src/demo/bot-api.ts'
import { parseTelegramHtml } from '../../src/demo/telegram-html.ts'

const TOKEN = '1234567890:AAtestTokenThatMustNeverBeSeenAnywhere'
const CHAT = 7

async function setUp() {
  const server = await startBotApi({ token: TOKEN })
  server.say(CHAT, '/start')
  const api = new Api(TOKEN, { apiRoot: server.url, timeoutSeconds: 5 })
  return { server, api, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** What Telegram's own parser (TDLib) says of these. */
describe(parseTelegramHtml, () => {
  it.each([
    ['<b>Fwd</b> 1 &lt; 2 <code>1x2x3</code>', 'Fwd 1 < 2 1x2x3'],
    ['<b><i>x</i></b>', 'x'],
    ['a & b', 'a & b'],
    ['a > b', 'a > b'],
    ['<a href="https://x.y">l</a>', 'l'],
  ])('accepts %s', (markup, text) => {
    expect(parseTelegramHtml(markup).text).toBe(text)
  })

  it.each([
    ['<b>unclosed', `Can't find end tag corresponding to start tag "b"`],
    ['a < b', 'Unsupported start tag "" at byte offset 2'],
    ['<b><i>x</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ['<div>x</div>', 'Unsupported start tag "div" at byte offset 0'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
  ])('refuses %s', (markup, reason) => {
    expect(() => parseTelegramHtml(markup)).toThrow(reason)
  })
})

describe(startBotApi, () => {
  it('hands out what people say, and again until it is confirmed', async () => {
    await using it = await setUp()
    const [first] = await it.api.getUpdates({ timeout: 1 })
    expect(first?.message?.text).toBe('/start')
    const again = await it.api.getUpdates({ timeout: 0 })
    expect(again).toHaveLength(1)
    const waiting = it.api.getUpdates({ offset: (first?.update_id ?? 0) + 1, timeout: 5 })
    it.server.say(CHAT, '/top')
    expect((await waiting).map(({ message }) => message?.text)).toEqual(['/top'])
  })

  it('ends a poll with 409 when another begins', async () => {
    await using it = await setUp()
    await it.api.getUpdates({ offset: 1_000 })
    const first = it.api.getUpdates({ offset: 1_000, timeout: 5 }).catch((error) => error)
    const second = it.api.getUpdates({ offset: 1_000, timeout: 1 }).catch((error) => error)
    const results = await Promise.all([first, second])
    expect(results.filter((result) => result?.error_code === 409)).toHaveLength(1)
  })

  it('refuses what Telegram refuses', async () => {
    await using it = await setUp()
    const refusal = (work: Promise<unknown>) =>
      work.then(
        () => 'accepted',
        (error: GrammyError) => `${error.error_code} ${error.description}`,
      )
    const html = { parse_mode: 'HTML' as const }
    const data = (text: string) => ({
      reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: text }]] },
    })
    expect(await refusal(it.api.sendMessage(CHAT, '<b>x', html))).toMatch(
      /400 .*can't parse entities/,
    )
    expect(await refusal(it.api.sendMessage(CHAT, ' '))).toMatch(/400 .*text is empty/)
    expect(await refusal(it.api.sendMessage(CHAT, 'x'.repeat(4097)))).toMatch(/400 .*too long/)
    expect(await refusal(it.api.sendMessage(CHAT, `<b>${'x'.repeat(4096)}</b>`, html))).toBe(
      'accepted',
    )
    expect(await refusal(it.api.sendMessage(CHAT, 'x', data('é'.repeat(33))))).toMatch(
      /BUTTON_DATA_INVALID/,
    )
    expect(await refusal(it.api.sendMessage(99, 'x'))).toMatch(/400 .*chat not found/)
    expect(await refusal(it.api.sendMessage(CHAT, 'x', { message_thread_id: 4 }))).toMatch(
      /thread not found/,
    )
    expect(await refusal(it.api.editMessageText(CHAT, 4321, 'x'))).toMatch(
      /message to edit not found/,
    )
    const { message_id: id } = await it.api.sendMessage(CHAT, 'x', data('a'))
    expect(await refusal(it.api.editMessageText(CHAT, id, 'x', data('a')))).toMatch(/not modified/)
    expect(await refusal(it.api.editMessageText(CHAT, id, 'y', data('a')))).toBe('accepted')
    expect(await refusal(it.api.editMessageReplyMarkup(CHAT, id, data('b')))).toBe('accepted')
    expect(await refusal(it.api.answerCallbackQuery('old'))).toMatch(/query is too old/)
    expect(await refusal(new Api('1:wrong', { apiRoot: it.server.url }).getMe())).toMatch(/401/)
  })

  it('shows people what the bot said, and tells the bot what they press', async () => {
    await using it = await setUp()
    const heard: string[] = []
    const end = it.server.onMessage(({ text, edits }) => void heard.push(`${text} ${edits}`))
    const keyboard = { inline_keyboard: [[{ text: 'More', callback_data: 'top 7d' }]] }
    const sent = await it.api.sendMessage(CHAT, '<b>1 &lt; 2</b>', {
      parse_mode: 'HTML',
      reply_markup: keyboard,
    })
    await it.api.editMessageText(CHAT, sent.message_id, 'two', { reply_markup: keyboard })
    end()
    expect(heard).toEqual(['1 < 2 0', 'two 1'])
    expect(it.server.messages(CHAT)).toMatchObject([
      { text: 'two', buttons: [[{ label: 'More' }]] },
    ])
    const notice = it.server.press(CHAT, sent.message_id, 'More')
    const updates = await it.api.getUpdates({ timeout: 1 })
    const query = updates.at(-1)?.callback_query
    expect(query).toMatchObject({ data: 'top 7d', message: { message_id: sent.message_id } })
    await it.api.answerCallbackQuery(query?.id ?? '', { text: 'hello' })
    expect(await notice).toBe('hello')
  })

  it('fails as it is told, one call each', async () => {
    await using it = await setUp()
    it.server.fail(
      'getMe',
      { code: 429, description: 'Too Many Requests', retryAfter: 3 },
      'reset',
      'bad-gateway',
    )
    await expect(it.api.getMe()).rejects.toMatchObject({ parameters: { retry_after: 3 } })
    await expect(it.api.getMe()).rejects.toThrow(HttpError)
    await expect(it.api.getMe()).rejects.toThrow(HttpError)
    expect((await it.api.getMe()).username).toBe('missed_sats_bot')
    it.server.fail('sendMessage', 'lost-reply')
    await expect(it.api.sendMessage(CHAT, 'x')).rejects.toThrow(HttpError)
    expect(it.server.messages(CHAT)).toHaveLength(1)
  })

  it('blocks the bot and moves groups', async () => {
    await using it = await setUp()
    it.server.group({ id: -5, title: 'Group', administrators: [3] })
    expect((await it.api.getChatMember(-5, 3)).status).toBe('administrator')
    expect((await it.api.getChatMember(-5, 4)).status).toBe('member')
    it.server.migrate(-5, -6)
    await expect(it.api.sendMessage(-5, 'x')).rejects.toMatchObject({
      parameters: { migrate_to_chat_id: -6 },
    })
    await it.api.sendMessage(-6, 'x')
    it.server.block(CHAT, true)
    await expect(it.api.sendMessage(CHAT, 'x')).rejects.toThrow(GrammyError)
    const kinds = (await it.api.getUpdates()).map((update) => Object.keys(update).join())
    expect(kinds.join(' ')).toMatch(/my_chat_member/)
  })
})
