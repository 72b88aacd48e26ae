import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { covers, isInForce } from '../../src/alerts/mutes.ts'
import type { Preferences } from '../../src/alerts/preferences.ts'
import { isQuiet } from '../../src/alerts/quiet-hours.ts'
import type { Reading } from '../../src/analyzer/reading.ts'
import { FakeDocuments } from '../bot/support.ts'
import { Delivery } from './delivery.ts'
import { channel, peerOf, reading } from './support.ts'
import type { CallOutcome, Taken } from './telegram-world.ts'

const CHAT = 77
const GROUP = -1001
const CHATS = [CHAT, GROUP]
const QUIET = { from: 14 * 60, to: 16 * 60 }

const CONDITIONS: readonly Reading[] = [
  reading('lnd.down', 'node'),
  reading('spike.node', 'node'),
  ...[1, 2, 11, 12, 21].map((n) => reading('spike.local', channel(n))),
  reading('peer.offline', 'peer:peer1'),
  reading('peer.offline', 'peer:peer5', { severity: 'crit' }),
  reading('liq.low', channel(2), { severity: 'warn' }),
]

const FAULTS: readonly CallOutcome[] = [
  'lost-reply',
  'lost-call',
  'refused',
  'limited',
  'unreadable',
  'gone',
]

/** One thing that happens to a running program. */
type Event =
  | { do: 'toggle'; condition: number }
  | { do: 'wait'; minutes: number }
  | { do: 'fault'; outcome: CallOutcome; chatId: number | undefined }
  | { do: 'block' | 'revive'; chatId: number }
  | { do: 'kill'; wait: number; isAfter: boolean }
  | { do: 'blind' }
  | { do: 'mute'; chatId: number; condition: number }
  | { do: 'unmute' | 'quiet'; chatId: number }
  | { do: 'acknowledge' | 'settle' }

const chatId = fc.constantFrom(...CHATS)
const condition = fc.nat(CONDITIONS.length - 1)

const toggle = fc.record({ do: fc.constant('toggle' as const), condition })
const wait = fc.record({
  do: fc.constant('wait' as const),
  minutes: fc.integer({ min: 1, max: 25 }),
})
const trouble = fc.oneof(
  fc.record({
    do: fc.constant('fault' as const),
    outcome: fc.constantFrom(...FAULTS),
    chatId: fc.option(chatId, { nil: undefined }),
  }),
  fc.record({ do: fc.constantFrom('block' as const, 'revive' as const), chatId }),
  fc.record({
    do: fc.constant('kill' as const),
    wait: fc.integer({ min: 1, max: 40 }),
    isAfter: fc.boolean(),
  }),
  fc.record({ do: fc.constant('blind' as const) }),
)
const wishes = fc.oneof(
  fc.record({ do: fc.constant('mute' as const), chatId, condition }),
  fc.record({ do: fc.constantFrom('unmute' as const, 'quiet' as const), chatId }),
  fc.record({ do: fc.constantFrom('acknowledge' as const, 'settle' as const) }),
)

function story(...kinds: readonly fc.Arbitrary<Event>[]): fc.Arbitrary<readonly Event[]> {
  return fc.array(fc.oneof(...kinds), { minLength: 5, maxLength: 30 })
}

async function begin(): Promise<Delivery> {
  const delivery = new Delivery({ documents: new FakeDocuments(), chatIds: CHATS })
  await delivery.start()
  return delivery
}

async function happen(on: Delivery, event: Event, id = (chat: number) => chat): Promise<void> {
  const { desk, telegram } = on
  switch (event.do) {
    case 'toggle':
      return toggleCondition(on, CONDITIONS[event.condition])
    case 'wait':
      return on.minutes(event.minutes)
    case 'fault':
      telegram.outcomes.push({ chatId: event.chatId, outcome: event.outcome })
      return
    case 'block':
      telegram.blocked.add(id(event.chatId))
      return
    case 'revive':
      return on.revive(event.chatId)
    case 'kill':
      return on.life.endAt(event.wait, event.isAfter)
    case 'blind':
      on.blind = on.blind.size > 0 ? new Set() : new Set(['spike.local', 'spike.node', 'liq.low'])
      return
    case 'mute': {
      const { subject } = CONDITIONS[event.condition] ?? {}
      desk.box(event.chatId).mute({ subject, family: 'spike' }, '1h', on.now)
      return
    }
    case 'unmute':
      return desk.box(event.chatId).change({ mutes: [] })
    case 'quiet':
      return toggleQuiet(on, event.chatId)
    case 'acknowledge':
    case 'settle':
      return answerFirst(on, event.do)
  }
}

function toggleCondition(on: Delivery, one: Reading | undefined): void {
  if (one === undefined) return
  if ([...on.world.values()].includes(one)) on.clear(one)
  else on.set(one)
}

function toggleQuiet(on: Delivery, chat: number): void {
  const box = on.desk.box(chat)
  const { preferences } = box.state
  const quietHours = preferences.quietHours === undefined ? QUIET : undefined
  box.change({ preferences: { ...preferences, quietHours } })
}

function answerFirst(on: Delivery, what: 'acknowledge' | 'settle'): void {
  const [first] = [...on.desk.book.all()].filter(({ state }) => state === 'firing')
  if (first === undefined) return
  if (what === 'acknowledge') on.desk.acknowledge(first.id, '@bob', on.now)
  else on.desk.settle(first.id, on.now)
}

/** All is well again and stays so, until everything is over and told. */
async function heal(on: Delivery): Promise<void> {
  on.world.clear()
  on.blind = new Set()
  on.telegram.outcomes = []
  await on.minutes(1)
  for (const chat of CHATS) on.revive(chat)
  for (let i = 0; i < 5 * 60; i++) {
    await on.minutes(1)
    const isOver = [...on.desk.book.all()].every(({ state }) => state === 'resolved')
    if (isOver && i > 130 && CHATS.every((chat) => on.isDone(chat))) return
  }
}

const RUNS = { numRuns: 25 }

describe('whatever happens', () => {
  it('every alert is shown in every chat, once but for what nobody could know, in order, to its end', async () => {
    await fc.assert(
      fc.asyncProperty(story(toggle, toggle, wait, wait, trouble), async (events) => {
        const on = await begin()
        const absorbed = new Set<string>()
        for (const event of events) {
          await happen(on, event)
          for (const chat of CHATS) expectAllDue(on, chat)
          for (const { id, parent, aloneMs } of on.desk.book.all()) {
            if (parent !== undefined || aloneMs !== undefined) absorbed.add(id)
          }
        }
        await heal(on)
        for (const chat of CHATS) {
          expectNothingLost(on, chat, absorbed)
          expectNoMoreRepeatsThanDoubts(on, chat)
          expectOrder(on.telegram.taken.filter((one) => one.chatId === chat))
          expectClosure(on, chat)
          expectNothingStuck(on, chat)
        }
        expectRates(on.telegram.taken)
        expect(on.telegram.tooEarly).toEqual([])
        await expectSilentRestart(on)
      }),
      RUNS,
    )
  }, 120_000)

  it('nothing rings that is muted, and no warning in quiet hours', async () => {
    await fc.assert(
      fc.asyncProperty(story(toggle, toggle, wait, wait, wishes, trouble), async (events) => {
        const on = await begin()
        let seen = 0
        for (const event of events) {
          await happen(on, event)
          // A wait lasts for minutes, in which mutes end: it is looked at minute by minute.
          for (const one of on.telegram.taken.slice(seen)) expectAllowed(on, one)
          seen = on.telegram.taken.length
        }
      }),
      RUNS,
    )
  }, 120_000)

  it('what one chat wishes or suffers changes nothing in another', async () => {
    const ofChat = fc.oneof(
      fc.record({ do: fc.constant('mute' as const), chatId: fc.constant(CHAT), condition }),
      fc.record({
        do: fc.constantFrom('unmute' as const, 'quiet' as const),
        chatId: fc.constant(CHAT),
      }),
      fc.record({
        do: fc.constantFrom('block' as const, 'revive' as const),
        chatId: fc.constant(CHAT),
      }),
      fc.record({
        do: fc.constant('fault' as const),
        outcome: fc.constantFrom('limited' as const, 'unreadable' as const),
        chatId: fc.constant(CHAT),
      }),
    )
    await fc.assert(
      fc.asyncProperty(story(toggle, wait, ofChat), async (events) => {
        const [vexed, spared] = [await begin(), await begin()]
        for (const event of events) {
          await happen(vexed, event)
          if (event.do === 'toggle' || event.do === 'wait') await happen(spared, event)
        }
        await vexed.minutes(5)
        await spared.minutes(5)
        const texts = ({ telegram }: Delivery) =>
          telegram.taken.filter((one) => one.chatId === GROUP).map(({ at, text }) => [at, text])
        expect(texts(vexed)).toEqual(texts(spared))
      }),
      RUNS,
    )
  }, 120_000)

  it('a step of the clock on the wall fires, ends, and tells nothing', async () => {
    const step = fc.record({ minutes: fc.integer({ min: -1500, max: 1500 }), after: fc.nat(25) })
    await fc.assert(
      fc.asyncProperty(
        story(toggle, wait),
        fc.array(step, { maxLength: 3 }),
        async (events, steps) => {
          const [stepped, steady] = [await begin(), await begin()]
          for (const [i, event] of events.entries()) {
            for (const { minutes, after } of steps)
              if (after === i) stepped.wallMs += minutes * 60_000
            await happen(stepped, event)
            await happen(steady, event)
          }
          const shape = ({ telegram }: Delivery) =>
            telegram.taken.map(({ at, chatId: chat, form, isEdit, isLoud }) => {
              return { at, chat, form, isEdit, isLoud }
            })
          expect(shape(stepped)).toEqual(shape(steady))
        },
      ),
      RUNS,
    )
  }, 120_000)

  it('a burst of any size is three messages in its first minute at most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 800 }),
        fc.integer({ min: 1, max: 4 }),
        async (size, parts) => {
          const on = await begin()
          const burst = Array.from({ length: size }, (_, i) => reading('spike.local', channel(i)))
          const each = Math.ceil(size / parts)
          for (let part = 0; part < parts; part++) {
            on.set(...burst.slice(part * each, (part + 1) * each))
            await on.minute()
          }
          await on.minutes(3)
          const news = on.telegram.taken.filter((one) => one.chatId === CHAT && !one.isEdit)
          for (const { at } of news) {
            const within = news.filter((one) => one.at >= at && one.at < at + 60_000)
            expect(within.length).toBeLessThanOrEqual(3)
          }
          expect(on.desk.box(CHAT).due.size).toBe(0)
        },
      ),
      RUNS,
    )
  }, 120_000)
})

function expectNothingLost(on: Delivery, chat: number, absorbed: ReadonlySet<string>): void {
  const box = on.desk.box(chat)
  const shown = new Set(
    on.telegram.taken
      .filter((one) => one.chatId === chat)
      .flatMap(({ members }) => members.map(({ id }) => id)),
  )
  for (const { id, severity } of on.desk.book.all()) {
    if (absorbed.has(id) || severity === 'digest' || !box.notices.has(id)) continue
    expect(shown, `alert ${id} in chat ${chat}`).toContain(id)
  }
}

/** What a chat was not told of waits to be told, whatever became of tries to tell it. */
function expectAllDue({ desk }: Delivery, chat: number): void {
  const box = desk.box(chat)
  for (const notice of box.notices.values()) {
    const { rings = 0 } = desk.book.get(notice.alert) ?? {}
    expect(box.due.has(notice)).toBe(notice.told < rings)
  }
}

function expectNoMoreRepeatsThanDoubts({ telegram }: Delivery, chat: number): void {
  const counts = new Map<number, number>()
  for (const { chatId: where, letter, isEdit } of telegram.taken) {
    if (where === chat && !isEdit) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  for (const [letter, times] of counts) {
    const doubts = telegram.unsure.get(`${chat} ${letter}`) ?? 0
    expect(times, `letter ${letter}`).toBeLessThanOrEqual(1 + doubts)
  }
}

/** What is shown never goes back, and nothing is over that was not said to be. */
function expectOrder(taken: readonly Taken[]): void {
  const shown = new Map<string, number>()
  const known = new Set<string>()
  for (const { letter, form, members } of taken) {
    for (const { id, revision } of members) {
      const key = `${letter} ${id}`
      expect(revision).toBeGreaterThanOrEqual(shown.get(key) ?? 0)
      shown.set(key, revision)
      if (form === 'over') expect(known).toContain(id)
      known.add(id)
    }
  }
}

/** Every message that stands in a chat says in the end that its alerts are over, or go on later. */
function expectClosure(on: Delivery, chat: number): void {
  const last = new Map<number, Taken>()
  for (const one of on.telegram.taken) {
    if (one.chatId === chat && (one.form === 'alert' || one.form === 'list'))
      last.set(one.letter, one)
  }
  for (const [id, { members }] of last) {
    const letter = on.desk.box(chat).letters.get(id)
    if (letter?.state !== 'sent') continue
    for (const { state, isMoved } of members) expect(state === 'resolved' || isMoved).toBe(true)
  }
}

function expectNothingStuck(on: Delivery, chat: number): void {
  const box = on.desk.box(chat)
  expect([...box.due].filter(({ held }) => held === undefined)).toEqual([])
  for (const { state } of box.letters.values()) expect(state).toBeOneOf(['sent', 'lost'])
}

/** About one message a second and chat in short bursts, 20 a minute in groups, 30 a second in all. */
function expectRates(taken: readonly Taken[]): void {
  for (const { at, chatId: chat } of taken) {
    const since = taken.filter((one) => one.at >= at)
    const here = since.filter((one) => one.chatId === chat)
    expect(here.filter((one) => one.at < at + 10_000).length).toBeLessThanOrEqual(13)
    expect(since.filter((one) => one.at < at + 1_000).length).toBeLessThanOrEqual(30)
    if (chat > 0) continue
    expect(here.filter((one) => one.at < at + 60_000).length).toBeLessThanOrEqual(20)
  }
}

async function expectSilentRestart(on: Delivery): Promise<void> {
  const before = on.telegram.taken.length
  for (let i = 0; i < 2; i++) {
    await on.start()
    await on.minutes(3)
  }
  expect(on.telegram.taken.length).toBe(before)
}

function expectAllowed(on: Delivery, { isLoud, chatId: chat, members, at }: Taken): void {
  if (!isLoud) return
  const { preferences, mutes } = on.desk.box(chat).state
  const now = on.now - (on.clock.monotonic() - at)
  const steady = on.desk.book.steady - (on.clock.monotonic() - at)
  const isAllowed = members.some(({ id, severity }) => {
    const alert = on.desk.book.get(id)
    if (alert === undefined) return true
    const isMuted = mutes.some(
      (mute) =>
        mute.madeSteady < steady && isInForce(mute, { now, steady }) && covers(mute, alert, peerOf),
    )
    return !isMuted && (severity === 'crit' || !isQuietNow(preferences, now))
  })
  expect(isAllowed).toBe(true)
}

function isQuietNow({ quietHours }: Preferences, now: number): boolean {
  return quietHours !== undefined && isQuiet(now, 'UTC', quietHours)
}
