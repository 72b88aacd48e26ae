import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/bot/commands.ts'
import type { BotPorts } from '../../src/bot/contracts.ts'
import type { ShownMessage } from '../../src/demo/bot-api-render.ts'
import type { ManagedReport } from '../../src/lightning/managed-channel.ts'
import { chanIdFromScid } from '../../src/lightning/scid.ts'
import { AWKWARD_CHANNELS, pointOf } from '../support/fake-memory.ts'
import { ADMIN, GROUP, OWNER, setUp } from './support.ts'

const UNMANAGED: ManagedReport = {
  rating: undefined,
  warnings: [],
  fees: undefined,
  flow: undefined,
  onChain: undefined,
  rebalances: undefined,
}

describe('/top', () => {
  it('answers with a ranking whose buttons change it in place', async () => {
    await using it = await setUp()
    const first = await it.ask(OWNER, '/top failures')
    expect(first.text).toMatch(/^363 attempts refused in 24 h/)
    const second = await it.press(first, 'more ›')
    expect(second).toMatchObject({ messageId: first.messageId, edits: 1 })
    expect(second.text).toMatch(/9–11 of 11/)
    const back = await it.press(second, '‹ back')
    expect(back.text).toBe(first.text)
    const earned = await it.press(back, 'earned')
    expect(earned.text).toMatch(/^Earned 35,061 sat in 24 h/)
    expect((await it.press(earned, '7d')).text).toMatch(/in 7 days/)
    expect(it.api.messages(OWNER)).toHaveLength(1)
  })

  it.each([
    ['/top 7d earned', /^Earned .* in 7 days/],
    ['/top volume 30d', /^Forwarded .* in 30 days/],
    ['/top FAILURES 1h', /^363 attempts refused in the last hour/],
    ['/top liquidity', /refused \(balance\), .* in 24 h/],
    ['/top peer week', /refused \(peer\), .* in 7 days/],
    ['/top fee limit', /refused \(limits\)/],
    ['/top@missed_sats_bot 1h', /in the last hour/],
    ['/top missed', /^Best single step/],
    ['/top fees month', /in 30 days if every channel/],
    ['/top from7', /7–11 of 11/],
    ['/top from900', /7–11 of 11/],
    ['/top failures from900', /9–11 of 11/],
  ])('understands %s', async (said, answer) => {
    await using it = await setUp()
    expect((await it.ask(OWNER, said)).text).toMatch(answer)
  })

  it('answers a wrong word with how to say it right', async () => {
    await using it = await setUp()
    const { text } = await it.ask(OWNER, '/top 2 weeks <b>')
    expect(text).toMatch(/\/top does not know 2/)
    expect(text).toMatch(/For example \/top 7d missed liquidity/)
  })

  it('opens a channel as a message of its own, so that the list stays', async () => {
    await using it = await setUp()
    const list = await it.ask(OWNER, '/top')
    const channel = await it.press(list, '1')
    expect(channel.messageId).not.toBe(list.messageId)
    expect(channel.text).toMatch(/^alice: missed ≈ 420 sat \(150–900\) in 7 days/)
    const week = await it.press(channel, '30d')
    expect(week).toMatchObject({ messageId: channel.messageId, edits: 1 })
  })
})

describe('/chart', () => {
  it('answers with a picture, whose buttons draw another in its place', async () => {
    await using it = await setUp()
    const day = await it.ask(OWNER, '/chart')
    expect(day.file).toMatchObject({ kind: 'photo', name: 'traffic-24h.png' })
    expect(drawn(day)).toContain('Forwards and refusals, last 24 h')
    expect(day.text).toMatch(/^150 forwards in 24 h earned 1,571 sat\n450 attempts refused/)
    const month = await it.press(day, '30d')
    expect(month).toMatchObject({ messageId: day.messageId, edits: 1 })
    expect(drawn(month)).toContain('last 30 days')
    const missed = await it.press(month, 'Missed by peer')
    expect(drawn(missed)).toContain('Missed fees by peer, last 30 days')
    expect(missed.text).toMatch(/^Missed most in 30 days: alice ≈ 420 sat \(150–900\)/)
    const back = await it.press(missed, 'Forwards and refusals')
    expect(back.text).toBe(month.text)
    expect(it.api.messages(OWNER)).toHaveLength(1)
  })

  it('draws a channel from /channel, as a message of its own, and leads back', async () => {
    await using it = await setUp()
    const shown = await it.ask(OWNER, '/channel 800123x45x1')
    const chart = await it.press(shown, 'Chart')
    expect(chart.messageId).not.toBe(shown.messageId)
    expect(drawn(chart)).toContain('alice, last 7 days')
    expect(chart.text).toMatch(/^alice 800123x45x1\nOur balance: 80k of 5M sat \(2 %\)/)
    const again = await it.press(chart, '24h')
    expect(again).toMatchObject({ messageId: chart.messageId, edits: 1 })
    const back = await it.press(again, '‹ alice')
    expect(back).toMatchObject({ file: undefined })
    expect(back.text).toMatch(/^alice: missed/)
  })

  it.each([
    ['/chart 7d', 'Forwards and refusals, last 7 days'],
    ['/chart MONTH', 'Forwards and refusals, last 30 days'],
    ['/chart missed', 'Missed fees by peer, last 7 days'],
    ['/chart missed 24h', 'Missed fees by peer, last 24 h'],
    ['/chart 800123x45x1 30d', 'alice, last 30 days'],
    ['/chart day born to be', 'born to be free, last 24 h'],
    ['/chart 16000000x0x1', '16000000x0x1, last 7 days'],
  ])('understands %s', async (said, title) => {
    await using it = await setUp()
    expect(drawn(await it.ask(OWNER, said))).toContain(title)
  })

  it('says what it draws when asked for something else', async () => {
    await using it = await setUp()
    expect((await it.ask(OWNER, '/chart 1h')).text).toMatch(/a day, a week or a month, not 1h/)
    expect((await it.ask(OWNER, '/chart hour')).text).toMatch(/a week or a month, not 1h/)
    expect((await it.ask(OWNER, '/chart alice 1h')).text).toMatch(/a week or a month, not 1h/)
    expect((await it.ask(OWNER, '/chart nobody')).text).toMatch(/^No channel of this node matches/)
    const choice = await it.ask(OWNER, '/chart alice')
    const chosen = await it.press(choice, 'alice 800123x45x1 5M sat')
    expect(drawn(chosen)).toContain('alice, last 7 days')
  })

  it('says the same without a picture when it cannot be drawn', async () => {
    const draw = () => Promise.reject(new Error('no memory left'))
    await using it = await setUp({ ports: { draw } })
    const { text, file } = await it.ask(OWNER, '/chart 24h')
    expect([text.split('\n')[0], file]).toEqual([
      '150 forwards in 24 h earned 1,571 sat',
      undefined,
    ])
    expect(it.logged()).toContain('no memory left')
  })

  it('has nothing to draw before the first analysis', async () => {
    await using it = await setUp()
    it.analyzer.at = undefined
    const { text, file } = await it.ask(OWNER, '/chart missed')
    expect([text.split('\n')[0], file]).toEqual([
      'The first analysis is still being made',
      undefined,
    ])
  })
})

/** What a message's picture was drawn from. */
function drawn({ file }: ShownMessage): string {
  return Buffer.from(file?.bytes ?? []).toString('utf8')
}

describe('/channel', () => {
  it('adds what lnd-manage says of it, where there is one', async () => {
    const asked: unknown[] = []
    const managed: NonNullable<BotPorts['managed']> = async (...about) => {
      asked.push(about)
      return { channel: { ...UNMANAGED, warnings: ['its balance swings'] }, peer: undefined }
    }
    await using it = await setUp({ ports: { managed } })
    const shown = await it.ask(OWNER, '/channel 800123x45x1')
    expect(asked).toEqual([])
    const { text } = await it.press(shown, 'Balance & fees')
    expect(text).toContain('By lnd-manage, amounts of all time\n⚠️ its balance swings')
    expect(asked).toEqual([['800123x45x1', expect.stringMatching(/^02/)]])
  })

  const [alice] = AWKWARD_CHANNELS
  it.each([
    ['alice in', /^alice in chains/],
    ['800123x45x1', /^alice: /],
    ['800123:45:1', /^alice: /],
    [String(chanIdFromScid('800123x45x1')), /^alice: /],
    [alice ? pointOf(alice) : '', /^alice: /],
    ['BORN to be 30d', /^🕊️ born to be free 🕊️: .* in 30 days/],
    ['<b>', /^<b>bob & "sons"<\/b>: /],
  ])('finds %s', async (said, answer) => {
    await using it = await setUp()
    expect((await it.ask(OWNER, `/channel ${said}`)).text).toMatch(answer)
  })

  it('asks which one when several match, by buttons', async () => {
    await using it = await setUp()
    const choice = await it.ask(OWNER, '/channel alice')
    expect(choice.text).toMatch(/Which channel\?/)
    const chosen = await it.press(choice, 'alice 800123x45x1 5M sat')
    expect(chosen).toMatchObject({ messageId: choice.messageId })
    expect(chosen.text).toMatch(/^alice: /)
  })

  it('may be left out in a private chat', async () => {
    await using it = await setUp()
    expect((await it.ask(OWNER, 'born to be')).text).toMatch(/born to be free/)
    expect((await it.ask(OWNER, '800123x45x1')).text).toMatch(/^alice: /)
  })

  it('says how channels are named when none matches or none is asked for', async () => {
    await using it = await setUp()
    expect((await it.ask(OWNER, '/channel zoe')).text).toMatch(
      /No channel of this node matches zoe/,
    )
    expect((await it.ask(OWNER, '/channel')).text).toMatch(/part of the peer's alias/)
  })
})

describe('the other commands', () => {
  it('are listed by /help and registered with Telegram for the chats that may ask', async () => {
    await using it = await setUp()
    const { text } = await it.ask(OWNER, '/help')
    for (const { name } of COMMANDS) {
      expect(text).toContain(`/${name}`)
    }
    const menus = () => it.api.calls().filter(({ method }) => method === 'setMyCommands')
    await it.until(() => menus().length === 2)
    expect(menus()[0]?.payload['commands']).toHaveLength(1)
    expect(menus()[1]?.payload).toMatchObject({ scope: { type: 'chat', chat_id: OWNER } })
  })

  it('show the status, and say what a wrong command or a plain word should be', async () => {
    await using it = await setUp()
    expect((await it.ask(OWNER, '/status')).text).toMatch(/^🟢 Listening to LND/)
    expect((await it.ask(OWNER, '/balance')).text).toMatch(/There is no \/balance/)
    expect((await it.ask(OWNER, 'good morning')).text).toMatch(/I answer commands/)
    expect((await it.ask(OWNER, '/start')).text).toMatch(/paired already/)
  })

  it.each([
    ['Europe/Madrid', /now in Europe\/Madrid/],
    ['new york', /now in America\/New_York/],
    ['utc', /now in UTC/],
    ['san', /Which time zone\?/],
    ['Gotham', /No time zone is called Gotham/],
  ])('understand /timezone %s', async (said, answer) => {
    await using it = await setUp({ timeZone: 'Asia/Tokyo' })
    expect((await it.ask(OWNER, `/timezone ${said}`)).text).toMatch(answer)
  })
})

describe('a group', () => {
  const group = { id: GROUP, title: 'Operators', administrators: [ADMIN], topics: [9] }

  it('lets everyone read, and only administrators change', async () => {
    await using it = await setUp({ chatIds: [GROUP] })
    it.api.group(group)
    expect((await it.ask(GROUP, '/top', { from: 8 })).text).toMatch(/refused/)
    expect((await it.ask(GROUP, '/timezone', { from: 8 })).text).toMatch(/Times here/)
    expect((await it.ask(GROUP, '/timezone UTC', { from: 8 })).text).toMatch(/Only administrators/)
    expect((await it.ask(GROUP, '/timezone Europe/Madrid', { from: ADMIN })).text).toMatch(/Madrid/)
    const hidden = await it.ask(GROUP, '/timezone Asia/Tokyo', { isAnonymous: true })
    expect(hidden.text).toMatch(/Tokyo/)
  })

  it('refuses buttons that change things to those who may not, by a notice', async () => {
    await using it = await setUp({ chatIds: [GROUP] })
    it.api.group(group)
    const zones = await it.ask(GROUP, '/timezone', { from: 8 })
    const notice = await it.api.press(GROUP, zones.messageId, 'Tokyo', { from: 8 })
    expect(notice).toMatch(/Only administrators/)
    expect(await it.api.press(GROUP, zones.messageId, 'Tokyo', { from: ADMIN })).toBeUndefined()
    expect((await it.next(GROUP)).text).toMatch(/Asia\/Tokyo/)
  })

  it('answers in the topic that was asked in, and ignores what is for other bots', async () => {
    await using it = await setUp({ chatIds: [GROUP] })
    it.api.group(group)
    it.api.say(GROUP, '/top@other_bot')
    it.api.say(GROUP, '/weather')
    it.api.say(GROUP, 'good morning')
    const answer = await it.ask(GROUP, '/top@Missed_Sats_Bot', { threadId: 9 })
    expect(answer.threadId).toBe(9)
    expect((await it.ask(GROUP, '/help')).threadId).toBeUndefined()
    expect(it.api.messages(GROUP)).toHaveLength(2)
  })
})

it.each(['/top', '/top 7d', '/digest', '/chart', '/forwards', '/export csv'])(
  '%s takes no word for its own that every JavaScript object has',
  async (command) => {
    await using on = await setUp()
    const { text } = await on.ask(OWNER, `${command} constructor`)
    expect(text).toMatch(/does not know constructor|No channel of this node matches constructor/)
  },
)
