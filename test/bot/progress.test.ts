import { describe, expect, it } from 'vitest'
import { type ChatAction, Progress } from '../../src/bot/progress.ts'
import { manualClock } from '../support/manual-clock.ts'
import { ADMIN, GROUP, OWNER, setUp } from './support.ts'

describe(Progress, () => {
  it('says nothing of what is quick', async () => {
    const clock = manualClock(0)
    const shown: ChatAction[] = []
    const progress = new Progress({ clock, show: (action) => void shown.push(action) })
    await clock.advance(299)
    progress[Symbol.dispose]()
    await clock.advance(60_000)
    expect(shown).toEqual([])
    expect(clock.sleepers).toBe(0)
  })

  it('repeats what is done before Telegram takes it away, until it is done', async () => {
    const clock = manualClock(0)
    const shown: unknown[] = []
    const progress = new Progress({
      clock,
      show: (action) => void shown.push([clock.now(), action]),
      onSlow: () => void shown.push([clock.now(), 'slow']),
    })
    await clock.advance(5_000)
    progress.action = 'upload_document'
    await clock.advance(4_500)
    progress[Symbol.dispose]()
    await clock.advance(60_000)
    expect(shown).toEqual([
      [300, 'slow'],
      [300, 'typing'],
      [4_800, 'typing'],
      [9_300, 'upload_document'],
    ])
  })
})

describe('a long analysis', () => {
  /** A bot whose analysis is held up until it is let go. */
  async function held(options: Parameters<typeof setUp>[0] = {}) {
    const it = await setUp(options)
    const gate = { open: () => {} }
    it.analyzer.refresh = () =>
      new Promise((resolve) => {
        gate.open = resolve
      })
    const actions = () =>
      it.api.calls().flatMap(({ method, payload }) => (method === 'sendChatAction' ? payload : []))
    return { it, gate, actions }
  }

  it('shows that the bot is at work, and no more once it has answered', async () => {
    const { it: on, gate, actions } = await held()
    await using _ = on
    on.api.say(OWNER, '/top')
    await on.until(() => actions().length === 2)
    expect(actions()[0]).toMatchObject({ chat_id: OWNER, action: 'typing' })
    gate.open()
    expect((await on.next(OWNER)).text).toMatch(/^Best single step/)
    const so = actions().length
    await on.clock.advance(60_000)
    expect(actions().length).toBe(so)
  })

  it('lets the button that was pressed go at once', async () => {
    const { it: on, gate } = await held()
    await using _ = on
    const help = await on.ask(OWNER, '/help')
    const press = on.api.press(OWNER, help.messageId, 'top 7d')
    let isAnswered = false
    void press.then(() => {
      isAnswered = true
    })
    await on.until(() => isAnswered)
    gate.open()
    expect(await on.next(OWNER)).toMatchObject({ messageId: help.messageId, edits: 1 })
  })

  it('keeps nobody else waiting, and is answered when the bot ends meanwhile', async () => {
    const { it: on, gate } = await held({ chatIds: [OWNER, 78] })
    await using _ = on
    on.api.say(OWNER, '/top')
    expect((await on.ask(78, '/status')).text).toMatch(/^🟢 Listening to LND/)
    expect((await on.ask(OWNER, '/why 15/6')).text).toMatch(/Too little to send/)
    const ending = on.restart()
    gate.open()
    await ending
    expect((await on.next(OWNER)).text).toMatch(/^Best single step/)
  })

  it('shows it in the topic that was asked in, and does without where Telegram refuses', async () => {
    const { it: on, gate, actions } = await held({ chatIds: [GROUP] })
    await using _ = on
    on.api.group({ id: GROUP, title: 'Operators', administrators: [ADMIN], topics: [9] })
    on.api.fail('sendChatAction', { code: 400, description: 'Bad Request: CHAT_WRITE_FORBIDDEN' })
    on.api.say(GROUP, '/top', { threadId: 9 })
    await on.until(() => actions().length === 2)
    expect(actions()[1]).toMatchObject({ message_thread_id: 9 })
    gate.open()
    expect((await on.next(GROUP)).threadId).toBe(9)
  })
})
