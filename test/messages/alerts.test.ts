import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../src/alerts/alert.ts'
import { born } from '../../src/alerts/episode.ts'
import { KINDS } from '../../src/alerts/kinds.ts'
import type { Reading } from '../../src/analyzer/reading.ts'
import { render } from '../../src/demo/bot-api-render.ts'
import type { AlertView } from '../../src/messages/alerts/alert-text.ts'
import { letterMessage } from '../../src/messages/alerts/letter.ts'
import type { LetterView } from '../../src/messages/alerts/letter-view.ts'
import { ALERT_TEXTS } from '../../src/messages/alerts/texts.ts'
import type { Message } from '../../src/messages/message.ts'
import { tellReaderBy, USUAL_READER } from '../../src/messages/reader.ts'
import { channel, reading, spike } from '../alerts/support.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, read, shown } from './support.ts'

const MINUTE_MS = 60_000
const ABOUT = {
  name: 'ACINQ',
  localMsat: 100_000_000n,
  capacityMsat: 5_000_000_000n,
  missed: { expectedMsat: 420_000n, lowMsat: 150_000n, highMsat: 900_000n },
}

function view(one: Reading, change: Partial<Alert> = {}, about: Partial<AlertView['about']> = {}) {
  const alert = { ...born('A3F7', one, { now: NOW - 7 * MINUTE_MS, steady: 0 }), ...change }
  return { alert, about: { ...ABOUT, ...about }, isMoved: false }
}

function write(letter: Partial<LetterView>): Message {
  const usual = { form: 'alert', cause: undefined, isRepeat: false, lateMs: 0, alerts: [] } as const
  const message = letterMessage({ ...usual, ...letter }, READING)
  expectValid(message)
  return message
}

const EACH: readonly Reading[] = [
  reading('spike.local', channel(1)),
  reading('spike.downstream', channel(1)),
  reading('spike.peer', `peer:03${'ab'.repeat(32)}`),
  reading('spike.node', 'node', { facts: spike({ expected: 0.2, worstInDays: 3, attempts: 47 }) }),
  reading('revenue.missed', channel(1)),
  reading('liq.low', channel(1)),
  reading('peer.offline', `peer:03${'ab'.repeat(32)}`, {
    facts: {
      kind: 'peer-offline',
      since: NOW - 22 * MINUTE_MS,
      channels: 2,
      capacityMsat: 7_000_000_000n,
      demands: 3,
    },
  }),
  reading('lnd.down', 'node'),
  reading('lnd.silent', 'node', { facts: { kind: 'silence', since: NOW, usualGapMs: 4_000 } }),
  reading('bot.delivery', 'node'),
]

describe('the message of an alert', () => {
  it('has words for every kind', () => {
    expect(ALERT_TEXTS.map(({ kind }) => kind).sort()).toEqual(KINDS.map(({ kind }) => kind).sort())
  })

  it('says who, what, against what usual, why, and what to do', async () => {
    const messages = EACH.map((one) => write({ alerts: [view(one)] }))
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/alerts.html')
  })

  it('fits a lock screen with its first line, and the chat with all of it', () => {
    for (const one of EACH) {
      const text = read(write({ alerts: [view(one)] }))
      expect(text.split('\n')[0]?.length, one.kind).toBeLessThanOrEqual(64)
      expect(text.length, one.kind).toBeLessThanOrEqual(560)
    }
  })

  it('names fees missed for lack of balance where that is the cause, and nowhere else', () => {
    const of = (mainFailure: string) =>
      read(
        write({
          alerts: [view(reading('spike.local', channel(1), { facts: spike({ mainFailure }) }))],
        }),
      )
    expect(of('INSUFFICIENT_BALANCE')).toContain('missed ≈')
    expect(of('UNKNOWN_NEXT_PEER')).not.toContain('missed')
  })

  it('shows what became of it', async () => {
    const one = reading('spike.local', channel(1))
    const over = { state: 'resolved' as const, resolvedAt: NOW, ending: 'calm' as const }
    const messages = [
      write({ alerts: [view(one, over)] }),
      write({ alerts: [view(one, { ...over, ending: 'new-level' })] }),
      write({ alerts: [view(one, { blindSince: NOW - MINUTE_MS, parent: 'N012' })] }),
      write({ alerts: [view(one, { isFlapping: true, firings: [1, 2, 3] })] }),
      write({ alerts: [view(one, { acknowledged: { by: '@bob', at: NOW } })] }),
      write({ alerts: [view(one)], lateMs: 47 * MINUTE_MS, isRepeat: true }),
      write({ alerts: [{ ...view(one), isMoved: true }] }),
      write({ form: 'over', alerts: [view(one, over)] }),
      write({ form: 'over', alerts: [view(one, { ...over, ending: 'new-level' })] }),
      write({ form: 'over', alerts: EACH.map((each) => view(each, over)) }),
      write({ form: 'reminder', alerts: [view(reading('lnd.down', 'node'))] }),
    ]
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/alerts-later.html')
  })

  it('lists several by weight, says why they come as one, and keeps the rest behind a button', async () => {
    const over = { state: 'resolved' as const, resolvedAt: NOW, ending: 'calm' as const }
    const alerts = EACH.map((one, i) => view(one, i % 4 === 1 ? over : {}))
    const messages = (['storm', 'late', 'away', 'held', 'quiet'] as const).map((cause) =>
      write({ form: 'list', cause, alerts, lateMs: cause === 'late' ? 3_600_000 : 0 }),
    )
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/alerts-list.html')
  })
})

it('to a chat that hides names and amounts, an alert tells neither', () => {
  tellReaderBy(() => ({ ...USUAL_READER, pseudonym: () => 'KQZD' }))
  try {
    const messages = EACH.flatMap((one) => [
      write({ alerts: [view(one)] }),
      write({ form: 'list', alerts: [view(one), view(one)] }),
      write({ form: 'over', alerts: [view(one, { state: 'resolved', resolvedAt: NOW })] }),
    ])
    for (const { text, buttons } of messages) {
      const told = [text.markup, ...buttons.flat().map(({ label }) => label)].join('\n')
      expect(told).not.toMatch(
        /ACINQ|\d+x\d+x\d+|\b0[23]ab|\d[\d.,]*[kMG]? sat\b|\d[kMG]\b|\d+–\d+ sat/,
      )
    }
  } finally {
    tellReaderBy(() => undefined)
  }
})

const anyReading = fc.constantFrom(...EACH)
const change = fc.record({
  state: fc.constantFrom('firing' as const, 'resolved' as const),
  severity: fc.constantFrom('crit' as const, 'warn' as const, 'digest' as const),
  isFlapping: fc.boolean(),
  parent: fc.option(fc.constant('P012'), { nil: undefined }),
  acknowledged: fc.option(
    fc.record({ by: fc.string({ unit: 'binary', maxLength: 64 }), at: fc.constant(NOW) }),
    { nil: undefined },
  ),
  facts: fc.option(
    fc.record({
      failed: fc.nat(1_000_000),
      expected: fc.double({ min: 0, max: 1e6, noNaN: true }),
      attempts: fc.nat(1_000_000_000),
      mainShare: fc.double({ min: 0, max: 1, noNaN: true }),
      mainFailure: fc.option(fc.string({ maxLength: 40 }), { nil: undefined }),
    }),
  ),
})
const anyView = fc
  .tuple(anyReading, change, fc.string({ unit: 'binary', maxLength: 400 }), fc.boolean())
  .map(([one, { facts, ...rest }, name, isMoved]) => {
    const spiked = facts && one.facts.kind === 'spike' ? { facts: spike(facts) } : {}
    return { ...view(one, { ...rest, ...spiked }, { name }), isMoved }
  })

it('whatever the alias, the figures and the state, Telegram takes the message', () => {
  const letter = fc.record({
    form: fc.constantFrom('alert' as const, 'list' as const, 'over' as const, 'reminder' as const),
    cause: fc.constantFrom('storm' as const, 'late' as const, undefined),
    isRepeat: fc.boolean(),
    lateMs: fc.nat(1e9),
    alerts: fc.array(anyView, { minLength: 1, maxLength: 40 }),
  })
  fc.assert(
    fc.property(letter, (one) => {
      const { text, buttons } = letterMessage(one, READING)
      const inline_keyboard = buttons.map((row) =>
        row.map(({ label, data }) => ({ text: label, callback_data: data })),
      )
      const payload = { text: text.markup, parse_mode: 'HTML', reply_markup: { inline_keyboard } }
      expect(() => render(payload)).not.toThrow()
    }),
    { numRuns: 500 },
  )
})
