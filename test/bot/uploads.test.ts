import { Api, InputFile } from 'grammy'
import { describe, expect, it, vi } from 'vitest'
import { connect } from '../../src/bot/connection.ts'
import { Sender } from '../../src/bot/sender.ts'
import type { Draw } from '../../src/bot/uploads.ts'
import { startBotApi } from '../../src/demo/bot-api.ts'
import { createLog } from '../../src/log.ts'
import { html } from '../../src/messages/html.ts'
import { button, message, withAttachment } from '../../src/messages/message.ts'
import { manualClock } from '../support/manual-clock.ts'

const TOKEN = '1234567890:AAtestTokenThatMustNeverBeSeenAnywhere'
const CHAT = { chatId: 7, threadId: undefined }
const PICTURE = { kind: 'picture', name: 'traffic.png', svg: '<svg/>' } as const

const text = (said: string) => message(html`<b>${said}</b>`, [[button('7d', 'chart', '7d')]])
const picture = (said: string) => withAttachment(text(said), PICTURE)

/** A pretended drawing: a PNG's first bytes, and the SVG after them. */
const draw: Draw = async (svg) => Buffer.concat([Buffer.from('89504e47', 'hex'), Buffer.from(svg)])

async function setUp(drawing: Draw | undefined = draw) {
  const clock = manualClock(0)
  const api = await startBotApi({ token: TOKEN, clock })
  api.say(CHAT.chatId, '/start')
  const events = {
    onDead: async () => undefined,
    onMigrated: async () => undefined,
    onThreadGone: async () => undefined,
    onFatal: () => undefined,
  }
  const log = createLog('silent', [])
  const sender = new Sender(new Api(TOKEN, { apiRoot: api.url }), clock, log, events, drawing)
  return {
    api,
    clock,
    sender,
    shown: () => api.messages(CHAT.chatId),
    /** Lets the clock run until it is done: a chat gets a message a second. */
    async done<T>(work: Promise<T>): Promise<T> {
      let isDone = false
      const mark = () => {
        isDone = true
      }
      work.then(mark, mark)
      while (!isDone) await clock.advance(1_000)
      return await work
    },
    async [Symbol.asyncDispose]() {
      await sender[Symbol.asyncDispose]()
      await api[Symbol.asyncDispose]()
    },
  }
}

describe(Sender, () => {
  it('draws a picture and sends it with its text as the caption', async () => {
    await using it = await setUp()
    expect(await it.done(it.sender.reply(CHAT, picture('a day')))).toMatchObject({ kind: 'sent' })
    const [shown] = it.shown()
    expect(shown).toMatchObject({ markup: '<b>a day</b>', text: 'a day', edits: 0 })
    expect(shown?.buttons).toEqual([[{ label: '7d', data: 'chart 7d' }]])
    expect(shown?.file).toMatchObject({ kind: 'photo', name: 'traffic.png' })
    expect(Buffer.from(shown?.file?.bytes ?? []).toString()).toContain('<svg/>')
  })

  it('puts another picture in its place', async () => {
    await using it = await setUp()
    await it.done(it.sender.reply(CHAT, picture('a day')))
    const id = it.shown()[0]?.messageId ?? 0
    await it.done(it.sender.edit(CHAT, id, picture('a week')))
    expect(it.shown()).toMatchObject([{ text: 'a week', edits: 1, file: { kind: 'photo' } }])
  })

  it('says the text anew where an edit meets a message of another kind', async () => {
    await using it = await setUp()
    await it.done(it.sender.reply(CHAT, picture('a day')))
    await it.done(it.sender.edit(CHAT, it.shown()[0]?.messageId ?? 0, text('in words')))
    expect(it.shown().map((one) => one.text)).toEqual(['a day', 'in words'])
  })

  it('says the text alone where the picture cannot be drawn, also in place of an older one', async () => {
    let drawn = 0
    await using it = await setUp(async (svg) => {
      drawn += 1
      if (drawn > 1) throw new Error('no memory for it')
      return draw(svg)
    })
    await it.done(it.sender.reply(CHAT, picture('a day')))
    await it.done(it.sender.edit(CHAT, it.shown()[0]?.messageId ?? 0, picture('a week')))
    const [day, week] = it.shown()
    expect(day).toMatchObject({ text: 'a day', file: { kind: 'photo' } })
    expect(week).toMatchObject({ text: 'a week', file: undefined })
  })

  it('says the text alone where a group forbids pictures', async () => {
    await using it = await setUp()
    const refusal = {
      code: 400,
      description: 'Bad Request: not enough rights to send photos to the chat',
    }
    it.api.fail('sendPhoto', refusal, refusal)
    expect(await it.done(it.sender.push(CHAT, picture('a day')))).toMatchObject({ kind: 'sent' })
    expect(it.shown()).toMatchObject([{ text: 'a day', file: undefined }])
  })

  it('sends a document, and does not pretend to where it is refused', async () => {
    await using it = await setUp()
    const table = { kind: 'document', name: 'forwards.csv', content: 'a,b\r\n1,é\r\n' } as const
    const csv = withAttachment(text('forwards'), table)
    await it.done(it.sender.reply(CHAT, csv))
    const file = it.shown()[0]?.file
    expect(file).toMatchObject({ kind: 'document', name: 'forwards.csv' })
    expect(Buffer.from(file?.bytes ?? []).toString()).toBe('a,b\r\n1,é\r\n')
    const refusal = { code: 400, description: 'Bad Request: wrong file identifier' }
    it.api.fail('sendDocument', refusal, refusal)
    expect(await it.done(it.sender.reply(CHAT, csv))).toMatchObject({ kind: 'bad-message' })
    expect(it.shown()).toHaveLength(1)
  })
})

describe(connect, () => {
  it('ends a call that hangs, but no upload that takes its time', async () => {
    await using api = await startBotApi({ token: TOKEN })
    const { api: caller } = connect({
      ...{ token: TOKEN, chatIds: [], timeZone: 'UTC' },
      ...{ apiRoot: api.url, proxy: undefined },
    })
    api.fail('getMe', 'hang')
    api.fail('sendDocument', 'hang')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const ended: string[] = []
      const file = new InputFile(Buffer.from('a,b'), 'forwards.csv')
      caller.getMe().catch(() => ended.push('getMe'))
      caller.sendDocument(CHAT.chatId, file).catch(() => ended.push('sendDocument'))
      await vi.advanceTimersByTimeAsync(120_000)
      expect(ended).toEqual(['getMe'])
    } finally {
      vi.useRealTimers()
    }
  })
})

describe(withAttachment, () => {
  it('takes a caption of 1,024 units and none of more', () => {
    expect(picture('x'.repeat(1024)).attachment).toEqual(PICTURE)
    expect(() => picture('x'.repeat(1025))).toThrow('the caption of traffic.png exceeds 1024 units')
  })
})
