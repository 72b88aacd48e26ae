import { expect, it } from 'vitest'
import type { Reading } from '../../src/analyzer/reading.ts'
import {
  ADMIN,
  type AlertSetting,
  channel,
  GROUP,
  heads,
  reading,
  rings,
  type Said,
  sends,
  setUp,
} from './alert-setting.ts'

const OTHER = 78

function spikes(from: number, count: number): readonly Reading[] {
  return Array.from({ length: count }, (_, i) => reading('spike.local', channel(from + i)))
}

function critical(peer: number): Reading {
  return reading('peer.offline', `peer:away${peer}`, { severity: 'crit' })
}

it('13: of a thousand alerts at once come three messages at most, and all are listed', async () => {
  await using on = await setUp()
  const { program, api } = on
  const all = spikes(0, 1_000)
  for (let tenth = 0; tenth < 10; tenth++) {
    program.set(...all.slice(100 * tenth, 100 * tenth + 100))
    await program.look()
    await program.clock.advance(1_000)
  }
  await program.minutes(2)
  const said = on.takeSaid()
  const first = said[0]?.at ?? 0
  expect(sends(said).filter(({ at }) => at - first < 60_000).length).toBeLessThanOrEqual(3)
  api.say(77, '/alerts')
  await program.until(() => on.shown().at(-1)?.text.includes('1,000 alerts now'))
  await program.calm()
  expectToldOnce(on, 1_000)
})

/** The rows of the outbox say of each alert in which message it is shown. */
function expectToldOnce({ program, shown }: AlertSetting, alerts: number): void {
  const box = program.desk.box(77)
  expect(box.notices.size).toBe(alerts)
  const ids = new Set(shown().map(({ messageId }) => messageId))
  for (const { letter } of box.notices.values()) {
    expect(ids).toContain(box.letters.get(letter ?? 0)?.messageId)
  }
}

it('14: after an hour without Telegram come the critical ones, and one message for the rest', async () => {
  await using on = await setUp()
  const { program, api } = on
  await program.minutes(1)
  on.cut(true)
  const all = spikes(0, 38)
  for (let i = 0; i < 38; i++) {
    program.set(...all.slice(0, i + 1))
    if (i === 10) program.set(critical(1), critical(2))
    if (i >= 12) program.clear(...all.slice(0, i - 12))
    await program.minutes(1)
  }
  program.clear(...all.slice(0, 25))
  await program.minutes(32)
  expect(api.cutCalls()).toBeLessThanOrEqual(75)
  on.cut(false)
  const back = program.clock.monotonic()
  await program.calm()
  await program.minutes(2)
  const said = on.takeSaid()
  const fresh = sends(said).filter(
    ({ text }) => !/back to normal after|online again after/.test(text),
  )
  expect(fresh.at(-1)?.at).toBeLessThan(back + 130_000)
  expect(fresh.length).toBeLessThanOrEqual(6)
  expect(heads(fresh).filter((head) => head.startsWith('🚨'))).toHaveLength(2)
  expect(heads(fresh).findIndex((head) => head.startsWith('🟠'))).toBeGreaterThanOrEqual(1)
  expect(fresh.every(({ text }) => text.includes('(delayed'))).toBe(true)
  expect(fresh.some(({ text }) => text.includes('37 alerts while Telegram'))).toBe(true)
})

it('16: a chat that Telegram limits is left alone as long as it asks, the other is not', async () => {
  await using on = await setUp({ chatIds: [77, OTHER] })
  const { program, api } = on
  api.fail('sendMessage', { code: 429, description: 'Too Many Requests', retryAfter: 30 })
  const from = program.clock.monotonic()
  program.set(reading('lnd.down', 'node'))
  await program.minutes(3)
  const times = [...on.takeSaid(77), ...on.takeSaid(OTHER)]
    .map(({ at }) => at)
    .sort((a, b) => a - b)
  expect(times).toHaveLength(2)
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(29_000)
  expect(times[0]).toBeGreaterThan(from)
})

it('17: a chat that blocked the bot is not called, and hears in one message what it missed', async () => {
  await using on = await setUp()
  const { program, api } = on
  program.stuck.add(77)
  api.block(77, true)
  await program.until(() => program.bot.status().deadChats === 1)
  program.set(critical(1), ...spikes(0, 2))
  await program.minutes(40)
  program.clear(...spikes(0, 1))
  await program.minutes(40)
  const calls = api.calls().length
  await program.minutes(30)
  expect(api.calls().length).toBe(calls)
  program.stuck.delete(77)
  api.block(77, false)
  api.say(77, '/start')
  await program.until(() => program.bot.status().deadChats === 0)
  await program.calm()
  await program.until(() => on.shown().some(({ text }) => text.includes('paired already')))
  await program.minutes(2)
  const said = sends(on.takeSaid()).filter(({ text }) => !text.includes('paired already'))
  expect(heads(said)).toEqual([expect.stringMatching(/3 alerts while this chat/)])
})

it('18: a group that moves amid a burst goes on under its new id, with its settings and mutes', async () => {
  await using on = await setUp({ chatIds: [GROUP], groups: [GROUP] })
  const { program, api } = on
  const moved = -1009999999999
  const box = program.desk.box(GROUP)
  box.change({ preferences: { ...box.state.preferences, sensitivity: 'high' } })
  box.mute({ subject: channel(9), family: 'spike' }, 'forever', program.now)
  program.set(...spikes(0, 2))
  await program.minutes(2)
  api.migrate(GROUP, moved, false)
  program.set(...spikes(0, 12))
  await program.minutes(3)
  program.clear(...spikes(0, 9))
  await program.minutes(40)
  const later = on.takeSaid(moved)
  expect(heads(rings(later))).toEqual([expect.stringMatching(/9 alerts at once/)])
  expect(later.some(({ text }) => text.includes('2 alerts over'))).toBe(true)
  expect(editsTo(on, moved).every((id) => idsIn(on, moved).has(id))).toBe(true)
  await program.restart()
  expect(program.desk.box(moved).state).toMatchObject({
    preferences: { sensitivity: 'high' },
    mutes: [{ subject: channel(9) }],
  })
  expect([...program.desk.boxes()].map(([id]) => id)).toEqual([moved])
  expect((await program.store.readAll(`notice:${GROUP}`)).size).toBe(0)
  void ADMIN
})

function editsTo({ api }: AlertSetting, chatId: number): readonly number[] {
  return api
    .calls()
    .filter(({ method, payload }) => method === 'editMessageText' && payload['chat_id'] === chatId)
    .map(({ payload }) => Number(payload['message_id']))
}

function idsIn({ shown }: AlertSetting, chatId: number): ReadonlySet<number> {
  return new Set(shown(chatId).map(({ messageId }) => messageId))
}

it('19: when its topic is gone, an alert comes to the chat itself, with one notice', async () => {
  await using on = await setUp({ chatIds: [GROUP], groups: [] })
  const { program, api } = on
  api.group({ id: GROUP, title: 'Forum', topics: [9] })
  const value = { version: 1, id: GROUP, title: 'F', timeZone: 'UTC', threadId: 9 }
  await program.store.write([{ key: `chat:${GROUP}`, value }])
  await program.restart()
  program.set(...spikes(0, 1))
  await program.minutes(2)
  expect(on.shown(GROUP).at(-1)?.threadId).toBe(9)
  api.group({ id: GROUP, title: 'Forum' })
  program.set(...spikes(0, 2))
  await program.minutes(2)
  const fresh: readonly Said[] = sends(on.takeSaid(GROUP))
  expect(fresh.filter(({ text }) => text.includes('topic'))).toHaveLength(1)
  expect(on.shown(GROUP).at(-1)?.threadId).toBeUndefined()
})

it('poison: an alert whose text cannot be made does not block the next', async () => {
  const nameOf = (subject: string) => {
    if (subject === channel(0)) throw new Error('a bug in a text')
    return subject
  }
  await using on = await setUp({ nameOf })
  const { program } = on
  program.set(...spikes(0, 2))
  await program.minutes(3)
  expect(heads(rings(on.takeSaid()))).toEqual([expect.stringContaining(channel(1))])
  expect(program.logged()).toMatch(/could not be written/)
})

it('poison: an alert that Telegram takes in no form does not block the next', async () => {
  await using on = await setUp()
  const { program, api } = on
  const bad = { code: 400, description: "Bad Request: can't parse entities" }
  api.fail('sendMessage', bad, bad)
  program.set(...spikes(0, 2))
  await program.minutes(3)
  expect(rings(on.takeSaid())).toHaveLength(1)
  expect(program.logged()).toMatch(/takes an alert in no form/)
})
