import { describe, expect, it } from 'vitest'
import type { AlertPorts } from '../../src/bot/contracts.ts'
import { digestRound } from '../../src/jobs/digests.ts'
import { channel, reading } from '../alerts/support.ts'
import { manualClock } from '../support/manual-clock.ts'
import {
  ADMIN,
  FakeDocuments,
  fakeAlerts,
  fakeDigests,
  GROUP,
  NOW,
  OWNER,
  setUp,
} from './support.ts'

describe('/digest', () => {
  it('sums up a day, and its buttons turn it into a week or a month', async () => {
    await using it = await setUp()
    const day = await it.ask(OWNER, '/digest')
    expect(day.text).toMatch(
      /^📊 Earned 35,061 sat \(\+50 %\) in 24 h, missed up to ≈ 420 sat\nSat 21 Nov 13:05/,
    )
    expect(day.file).toMatchObject({ kind: 'photo', name: 'digest-24h.png' })
    expect(day.text).toMatch(/Worth doing today\n➜ alice 800123x45x1 Rebalance 1M sat in/)
    const week = await it.press(day, '7d')
    expect(week).toMatchObject({ messageId: day.messageId, edits: 1 })
    expect(week.text).toMatch(/in 7 days.*\n.*against the 7 days before/)
    expect(week.text).toMatch(/The last 24 h of it: 1,116 forwards/)
    expect((await it.press(week, '30d')).text).toMatch(/in 30 days/)
  })

  it('opens channels and lists as messages of their own', async () => {
    await using it = await setUp()
    const day = await it.ask(OWNER, '/digest')
    const opened = await it.press(day, '1. alice')
    expect(opened.messageId).not.toBe(day.messageId)
    expect(opened.text).toMatch(/^alice: missed/)
    const list = await it.press(day, 'Top list')
    expect(list.messageId).not.toBe(opened.messageId)
    expect(list.text).toMatch(/^Best single step/)
  })

  it.each(['day', 'TODAY', '24h', '1d', 'daily'])('understands %s', async (word) => {
    await using it = await setUp()
    expect((await it.ask(OWNER, `/digest ${word}`)).text).toMatch(/in 24 h/)
  })

  it('says what it takes when it is asked for something else', async () => {
    await using it = await setUp()
    const { text } = await it.ask(OWNER, '/digest <b>fortnight')
    expect(text).toMatch(/\/digest does not know <b>fortnight\nIt sums up a day/)
  })

  it('takes note of what it advises, so that the forecasts are measured', async () => {
    await using it = await setUp()
    await it.ask(OWNER, '/digest')
    expect([...it.analyzer.shown]).toContain('800123x45x1')
  })

  it('has the alerts that go on here, those without a sound too, but none that are off', async () => {
    await using on = await withDesk()
    const { desk } = on.alerts
    const readings = [reading('liq.low', channel(1)), reading('peer.offline', 'peer:peer5')]
    for (let minute = 0; minute < 40; minute++) {
      const now = on.it.clock.now()
      desk.observe({ now, elapsedMs: 60_000, readings, blindKinds: new Set() })
    }
    on.it.bot.tellAlerts()
    expect((await on.it.next(OWNER)).text).toMatch(/offline/)
    expect((await on.it.ask(OWNER, '/digest')).text).toMatch(/offline.*outbound/s)
    await on.it.ask(OWNER, '/settings kinds peer.offline off')
    await on.it.ask(OWNER, '/settings kinds liq.low digest')
    const { text, buttons } = await on.it.ask(OWNER, '/digest')
    expect(text).toMatch(/outbound/)
    expect(text).not.toMatch(/offline for/)
    expect(buttons.flat().map(({ label }) => label)).toContain('Alerts')
  })
})

describe('the digest of the morning', () => {
  it('is pushed into every chat at its hour, once', async () => {
    await using on = await withDesk({ chatIds: [OWNER, GROUP] })
    const { it } = on
    it.api.group({ id: GROUP, title: 'Operators', administrators: [ADMIN] })
    await it.ask(GROUP, '/help', { from: ADMIN })
    await on.morning()
    const [owner, group] = [await it.next(OWNER), await it.next(GROUP)]
    expect(owner.text).toMatch(/^📊 Earned .*\nSun 22 Nov 08:00 · against/)
    expect(group.text).toBe(owner.text)
    await on.round()
    await it.restart()
    await on.round()
    await it.ask(OWNER, '/status')
    expect(it.api.messages(OWNER)).toHaveLength(3)
    expect(it.api.messages(GROUP)).toHaveLength(2)
  })

  it('comes without its chart where a group forbids pictures', async () => {
    await using on = await withDesk()
    const description = 'Bad Request: not enough rights to send photos to the chat'
    on.it.api.fail('sendPhoto', { code: 400, description })
    await on.morning()
    const { text, markup, file } = await on.it.next(OWNER)
    expect(file).toBeUndefined()
    expect(text).toMatch(/^📊 Earned/)
    expect(markup).toContain('<b>Missed most</b>')
  })

  it('is where /settings says that it will be', async () => {
    await using on = await withDesk()
    await on.it.ask(OWNER, '/timezone Tokyo')
    const page = await on.it.ask(OWNER, '/settings digest 06:30')
    expect(page.text).toMatch(/^Digest: daily 06:30, on Mondays of the week/)
    expect(page.text).toContain('Next: Sun 22 Nov 06:30 (Asia/Tokyo; /timezone).')
    await on.round()
    await on.it.clock.advance(Date.parse('2026-11-21T21:30:00Z') - on.it.clock.now())
    await on.round()
    expect((await on.it.next(OWNER)).text).toMatch(/Sun 22 Nov 06:30/)
    // Today's is done with.
    const after = await on.it.ask(OWNER, '/settings digest')
    expect(after.text).toContain('Next: Mon 23 Nov 06:30')
    const off = await on.it.press(after, 'daily: on')
    expect(off.text).toMatch(/^Digest: Mondays 06:30, of the week/)
    expect((await on.it.press(off, 'weekly: on')).text).toMatch(/^Digest: off\n.*\nNone comes by/)
  })
})

type Options = Parameters<typeof setUp>[0]

/** A bot with the job that queues digests, over a desk that lives through restarts. */
async function withDesk(options: Options = {}) {
  const documents = new FakeDocuments()
  const alerts: AlertPorts = await fakeAlerts(documents, manualClock(NOW))
  const it = await setUp({ ...options, documents, ports: { alerts } })
  const { clock, memory, analyzer } = it
  // Telegram lets no bot speak first.
  await it.ask(OWNER, '/help')
  const { reporter, ...digests } = fakeDigests(memory, analyzer, clock)
  const round = digestRound({
    ...{ clock, desk: alerts.desk, save: alerts.save, usualMinute: digests.usualMinute },
    chats: () => it.bot.recipients(),
    listeningSince: () => memory.listeningSince,
    isCaughtUp: () => true,
    keep: (due) => reporter.keep(due),
    tell: (ids) => it.bot.tellAlerts(ids),
  })
  return {
    it,
    alerts,
    round,
    /** Lets the first hour of digests come. */
    async morning() {
      await round()
      await clock.advance(Date.parse('2026-11-22T08:00:00Z') - clock.now())
      await round()
    },
    [Symbol.asyncDispose]: () => it[Symbol.asyncDispose](),
  }
}
