import { describe, expect, it } from 'vitest'
import type { BotPorts } from '../../src/bot/contracts.ts'
import { Transcript } from '../support/transcript.ts'
import { ADMIN, GROUP, OWNER, setUp } from './support.ts'

const COLUMNS = 35

describe('/forwards', () => {
  it('reads well', async () => {
    await using on = await setUp()
    const talk = new Transcript(on, OWNER)
    await talk.say('/forwards')
    await talk.press('more ›')
    await talk.press('earned')
    await talk.press('7d')
    await talk.say('/forwards bob 30d volume')
    await talk.press('all channels')
    await talk.say('/forwards zoe')
    await expect(String(talk)).toMatchFileSnapshot('snapshots/forwards.txt')
  })

  it.each([
    ['/forwards 1h', /in the last hour/],
    ['/forwards week', /in 7 days/],
    ['/forwards from900', /^Earned/],
    ['/forwards 805001x78x2 30d', /^Earned .* in 30 days by/],
    ['/forwards alice', /Which channel\?/],
  ])('understands %s', async (said, answer) => {
    await using on = await setUp()
    expect((await on.ask(OWNER, said)).text).toMatch(answer)
  })
})

describe('/earnings', () => {
  it('reads well', async () => {
    await using on = await setUp({ timeZone: 'America/New_York' })
    const talk = new Transcript(on, OWNER)
    await talk.say('/earnings')
    await talk.press('14 d')
    await talk.press('90 d')
    await talk.say('/earnings 1')
    await talk.say('/earnings all')
    await expect(String(talk)).toMatchFileSnapshot('snapshots/earnings.txt')
    for (const line of String(talk)
      .split('\n')
      .filter((text) => text.includes('▇'))) {
      expect(line.length, line).toBeLessThanOrEqual(COLUMNS)
    }
  })
})

describe('/liquidity', () => {
  it('reads well', async () => {
    await using on = await setUp()
    const talk = new Transcript(on, OWNER)
    await talk.say('/liquidity')
    await talk.press('more ›')
    await talk.press('9')
    await talk.press('‹ all peers')
    await talk.say('/liquidity 745211x88x0')
    await talk.say('/liquidity alice')
    await talk.say('/liquidity zoe')
    await expect(String(talk)).toMatchFileSnapshot('snapshots/liquidity.txt')
  })

  it('says so when LND has listed no channel yet', async () => {
    await using on = await setUp({ ports: { stands: () => [] } })
    expect((await on.ask(OWNER, '/liquidity')).text).toMatch(/^No open channel is known yet/)
  })
})

describe('while LND does not tell what settled', () => {
  const away: BotPorts['history'] = async () => ({ kind: 'away' })
  const slow: BotPorts['history'] = async () => ({ kind: 'slow' })
  const lnd: BotPorts['lnd'] = () => ({ state: 'locked', since: 0, detail: '', reconnects: 0 })

  it('/forwards and /earnings say so, and what can be asked meanwhile', async () => {
    await using on = await setUp({ ports: { history: away, lnd } })
    const { text, buttons } = await on.ask(OWNER, '/forwards 7d earned')
    expect(text).toMatch(/^LND cannot be asked now: LND's wallet is locked/)
    expect(buttons.flat().map(({ data }) => data)).toContain('forwards 7d earned')
    expect((await on.ask(OWNER, '/earnings 30')).text).toMatch(/^LND cannot be asked now/)
  })

  it('a list that is too long is said to be, and never shown in part', async () => {
    await using on = await setUp({ ports: { history: slow } })
    expect((await on.ask(OWNER, '/earnings 90')).text).toMatch(/did not list its forwards in time/)
  })
})

describe('/export', () => {
  it('reads well', async () => {
    await using on = await setUp()
    const talk = new Transcript(on, OWNER)
    await talk.say('/export', 4)
    await talk.press('as JSON')
    await talk.say('/export 30d demand')
    await talk.say('/export xml')
    await expect(String(talk)).toMatchFileSnapshot('snapshots/export.txt')
    const files = on.api.messages(OWNER).flatMap(({ file }) => file ?? [])
    expect(files.map(({ name }) => name)).toContain('demands-30d.csv')
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe('from,scid\n1,2\n3,4\n')
  })

  it('says what is empty, and sends no empty file', async () => {
    const exportFiles: BotPorts['exportFiles'] = async ({ tables }) =>
      tables.map((table) => ({
        name: `${table}.csv`,
        content: 'x',
        tables: [{ table, rows: table === 'forwards' ? 1 : 0, leftOut: undefined }],
      }))
    await using on = await setUp({ ports: { exportFiles } })
    const some = await on.ask(OWNER, '/export')
    expect(some.text).toContain('Nothing yet: refusals, demands, opportunities.')
    const none = await on.ask(OWNER, '/export demands')
    expect(none.text).toBe('Nothing to export: demands of 7 days are empty')
    expect(none.file).toBeUndefined()
  })

  it('stays in the topic that asked, and shows that a file is on its way', async () => {
    await using on = await setUp({ chatIds: [GROUP] })
    on.api.group({ id: GROUP, title: 'Operators', administrators: [ADMIN], topics: [9] })
    on.api.say(GROUP, '/export@missed_sats_bot', { threadId: 9 })
    for (let i = 0; i < 4; i++) expect((await on.next(GROUP)).threadId).toBe(9)
    const actions = on.api.calls().filter(({ method }) => method === 'sendChatAction')
    expect(actions.map(({ payload }) => payload)).toContainEqual({
      chat_id: GROUP,
      message_thread_id: 9,
      action: 'upload_document',
    })
  })
})

describe('in a topic of a group', () => {
  it.each(['/forwards', '/earnings', '/liquidity', '/why 15/6', '/settings formats'])(
    '%s and its buttons stay there',
    async (said) => {
      await using on = await setUp({ chatIds: [GROUP] })
      on.api.group({ id: GROUP, title: 'Operators', administrators: [ADMIN], topics: [9] })
      const answer = await on.ask(GROUP, said, { threadId: 9, from: ADMIN })
      expect(answer.threadId).toBe(9)
      // What is chosen already changes nothing.
      const labels = answer.buttons.flat().map((one) => one.label)
      const label = labels.find((one) => !one.startsWith('·')) ?? ''
      void on.api.press(GROUP, answer.messageId, label, { from: ADMIN })
      expect((await on.next(GROUP)).threadId).toBe(9)
    },
  )
})
