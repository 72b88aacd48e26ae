import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { born } from '../../src/alerts/episode.ts'
import type { Digest } from '../../src/analyzer/digest.ts'
import type { AlertView } from '../../src/messages/alerts/alert-text.ts'
import { trafficChart } from '../../src/messages/charts/traffic-chart.ts'
import { type DigestData, digestMessage } from '../../src/messages/digest/digest.ts'
import type { Message } from '../../src/messages/message.ts'
import { channel, reading } from '../alerts/support.ts'
import { digestOfDay } from '../support/digests.ts'
import { missed } from '../support/fake-analyzer.ts'
import { fakeSeries } from '../support/fake-charts.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, read, shown } from './support.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const LISTENING = { state: 'listening' as const, since: NOW - 9 * HOUR, detail: '', reconnects: 0 }
const NO_ALERTS = { firing: [], passed: 0 }
const AT = NOW - (NOW % HOUR)

/** A day on which the node forwarded nothing, refused nothing and has nothing to do. */
const NOTHING: Partial<Digest> = {
  traffic: { from: AT - 24 * HOUR, to: AT, settled: 0, volumeMsat: 0n, earnedMsat: 0n },
  before: undefined,
  refused: { attempts: 0, demands: 0, missed: missed(0, 0, 0), at: AT },
  top: [],
  actions: [],
}

function write(change: Partial<Digest> = {}, data: Partial<DigestData> = {}): Message {
  const message = digestMessage(
    {
      digest: digestOfDay(AT, change),
      alerts: NO_ALERTS,
      lnd: LISTENING,
      sending: { lateMs: 0, isRepeat: false },
      ...data,
    },
    READING,
  )
  expectValid(message)
  return message
}

function alert(n: number, severity: 'warn' | 'digest', name = `peer ${n}`): AlertView {
  const one = reading('liq.low', channel(n), { severity })
  const about = { name, localMsat: undefined, capacityMsat: undefined, missed: undefined }
  return { alert: born(`A3F${n}`, one, { now: NOW - 3 * HOUR, steady: 0 }), about }
}

const EMPTYING = [
  { scid: '800200x1x1', alias: 'dave', localMsat: 1_000_000_000n, emptyInMs: 5 * HOUR },
  { scid: '800201x1x1', alias: 'erin', localMsat: 4_000_000_000n, emptyInMs: 9.2 * HOUR },
] as const

describe('the digest of a day', () => {
  it('says what was earned and missed, why, what to do, and what goes on', async () => {
    const alerts = { firing: [alert(2, 'digest'), alert(1, 'warn')], passed: 3 }
    const message = write({ emptying: EMPTYING }, { alerts })
    await expect(shown(message)).toMatchFileSnapshot('snapshots/digest.html')
  })

  it('is two lines on a quiet day', async () => {
    const messages = [
      write(NOTHING),
      write({ ...NOTHING, traffic: digestOfDay(AT).traffic, before: digestOfDay(AT).before }),
    ]
    for (const message of messages) expect(read(message).split('\n')).toHaveLength(2)
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/digest-quiet.html')
  })

  it('says what nobody saw', async () => {
    const young = AT - 9 * HOUR
    const messages = [
      write({ blindMs: 14 * MINUTE }),
      write({ ...NOTHING, blindMs: 3 * HOUR, isFilling: true }),
      write({
        listeningSince: young,
        span: { from: AT - 24 * HOUR, to: AT, coveredMs: 9 * HOUR },
        refused: { attempts: 9, demands: 3, missed: undefined, at: AT - 40 * MINUTE },
        top: digestOfDay(AT)
          .top.slice(0, 1)
          .map((one) => ({ ...one, missed: undefined })),
        actions: [],
        before: undefined,
      }),
      write({}, { lnd: { ...LISTENING, state: 'unreachable' } }),
      write({ refused: undefined, top: [], actions: [] }),
    ]
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/digest-blind.html')
  })

  it('has no advice where none is worth taking', async () => {
    await expect(shown(write({ actions: [] }))).toMatchFileSnapshot(
      'snapshots/digest-no-advice.html',
    )
  })

  it('says that it comes late, or perhaps again', () => {
    expect(read(write({}, { sending: { lateMs: 9 * MINUTE, isRepeat: false } }))).not.toMatch(
      /late/,
    )
    const late = read(write({}, { sending: { lateMs: 150 * MINUTE, isRepeat: true } }))
    expect(late.split('\n')[1]).toMatch(/^Sat 21 Nov 14:00 \(2 h 30 min late\) \(may be a repeat\)/)
  })

  it('goes with a chart of its hours, but on a day without any', () => {
    const series = fakeSeries('24h', AT)
    const { attachment } = write({ series })
    expect(attachment).toMatchObject({ kind: 'picture', name: 'digest-24h.png' })
    expect(attachment).toMatchObject({ svg: trafficChart(series, READING) })
    expect(write({ ...NOTHING, series }).attachment).toBeUndefined()
  })
})

describe('the digest of a week', () => {
  it('has a line for the last day, so that Monday needs one message alone', async () => {
    const { traffic } = digestOfDay(AT)
    const week = { period: 'week' as const, lastDay: traffic }
    const from = AT - 168 * HOUR
    const message = write({
      ...week,
      traffic: { ...traffic, from, settled: 2_011, earnedMsat: 41_902_000n },
      before: { ...traffic, from: from - 180 * HOUR, to: from, earnedMsat: 3_100_000n },
    })
    await expect(shown(message)).toMatchFileSnapshot('snapshots/digest-week.html')
  })
})

describe('the change against the span before', () => {
  const { traffic } = digestOfDay(AT)
  const past = (change: object) => ({ ...traffic, ...change })
  it.each([
    ['more', { earnedMsat: 5_000_000n }, '(+24 %)'],
    ['less', { earnedMsat: 8_000_000n }, '(−22 %)'],
    ['the same', {}, '(±0 %)'],
    ['many times as much', { earnedMsat: 310_200n }, '(×20)'],
    ['of a longer span', { from: traffic.from - 24 * HOUR, earnedMsat: 12_408_000n }, '(±0 %)'],
    ['of too few forwards', { settled: 4, earnedMsat: 12_000n }, '(12 sat before)'],
  ])('is told: %s', (_, change, told) => {
    expect(read(write({ before: past(change) })).split('\n')[0]).toContain(told)
  })

  it('is in one word where nothing was forwarded before', () => {
    const none = past({ settled: 0, volumeMsat: 0n, earnedMsat: 0n })
    const text = read(write({ before: none }))
    expect(text).toContain('Forwards 312 (none before) · 48.2M sat\n')
    expect(text.split('\n')[0]).not.toMatch(/before/)
  })

  it('is left out where the span before is not known', () => {
    const text = read(write({ before: undefined }))
    expect(text).not.toMatch(/before|%\)/)
  })
})

describe('a digest with more to say than a caption holds', () => {
  const rows = digestOfDay(AT).actions
  const rebalances = rows.flatMap((one) => [one, one]).filter(isRebalance)
  const long = <T extends { alias: string }>(list: readonly T[]) =>
    list.map((one, i) => ({ ...one, alias: `routing node number ${i} of many` }))

  function crowded(): Message {
    const day = digestOfDay(AT)
    return write(
      {
        period: 'week',
        lastDay: day.traffic,
        top: long(day.top),
        actions: long(rows),
        emptying: EMPTYING,
        blindMs: HOUR,
        isFilling: true,
        listeningSince: AT - 9 * HOUR,
        series: fakeSeries('7d', AT),
      },
      {
        alerts: {
          firing: [1, 2, 3, 4].map((n) => alert(n, 'warn', `a peer with a name ${n}`)),
          passed: 3,
        },
      },
    )
  }

  it('keeps the three channels that its buttons name, and leaves out their reasons instead', async () => {
    const message = crowded()
    const text = read(message)
    for (const { label } of message.buttons[0] ?? []) expect(text).toContain(label)
    expect(message.buttons[0]).toHaveLength(3)
    expect(text).not.toMatch(/too little to send|above our max_htlc/)
    await expect(shown(message)).toMatchFileSnapshot('snapshots/digest-crowded.html')
  })

  it('says how many alerts it leaves out', () => {
    const text = read(crowded())
    const told = text.match(/a peer with a name/g)?.length ?? 0
    expect(told).toBeLessThan(3)
    expect(text).toContain(`+${4 - told} more alerts: /alerts`)
  })

  it('says that several rebalances compete, and nothing of the kind of one', () => {
    expect(rebalances.length).toBeGreaterThan(1)
    expect(read(write({ actions: rebalances }))).toMatch(/they compete for the same sats/)
    expect(read(write({ actions: rebalances.slice(0, 1) }))).not.toMatch(/compete/)
  })
})

function isRebalance({ recommendation }: Digest['actions'][number]): boolean {
  return recommendation.type === 'rebalance_in'
}

const alias = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom('</b>', '&lt;', '\u202e', 'مرحبا', '👩🏽‍👩🏽‍👧🏽‍👦🏽'.repeat(40)),
)
const msat = fc.bigInt(0n, 2n ** 53n)
const traffic = fc.record({
  settled: fc.nat(1e9),
  volumeMsat: msat,
  earnedMsat: msat,
})

describe('whatever strangers call themselves, and however much there is to say', () => {
  it('a digest is a caption that Telegram takes, and its first lines are there', () => {
    fc.assert(
      fc.property(
        fc.array(alias, { minLength: 10, maxLength: 10 }),
        traffic,
        fc.option(traffic, { nil: undefined }),
        fc.constantFrom('day' as const, 'week' as const, 'month' as const),
        fc.nat(20),
        fc.boolean(),
        (names, now, then, period, firing, isBlind) => {
          const day = digestOfDay(AT)
          const named = <T extends { alias: string }>(list: readonly T[], from: number) =>
            list.map((one, i) => ({ ...one, alias: names[from + i] ?? '' }))
          const message = write(
            {
              period,
              traffic: { ...day.traffic, ...now },
              before: then && { ...day.traffic, ...then },
              lastDay: { ...day.traffic, ...now },
              top: named(day.top, 0),
              actions: named(day.actions, 3),
              emptying: named(EMPTYING, 6),
              blindMs: isBlind ? 30 * HOUR : 0,
              isFilling: isBlind,
              listeningSince: isBlind ? AT - HOUR : undefined,
            },
            {
              alerts: {
                firing: Array.from({ length: firing }, (_, n) => alert(n, 'warn', names[9])),
                passed: firing,
              },
              sending: { lateMs: 30 * HOUR, isRepeat: true },
            },
          )
          const text = read(message)
          expect(text.length).toBeLessThanOrEqual(1024)
          expect(text).toMatch(/^📊 .*\n.*21 Nov/u)
          expect(text).toMatch(/Refused 57 demands/)
          // Alerts that go on are never passed over in silence.
          if (firing > 0) expect(text).toMatch(/: \/alerts$|^🟠 /mu)
          // Neither a title without its list nor a hole where one was.
          expect(text).not.toMatch(/\n\n\n|(Missed most|Worth doing today)(\n\n|$)/)
        },
      ),
      { numRuns: 200 },
    )
  }, 30_000)
})
