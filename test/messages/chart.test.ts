import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  channelChartMessage,
  missedChartMessage,
  trafficChartMessage,
  wrongChartWord,
} from '../../src/messages/chart.ts'
import { toPlainText } from '../../src/messages/html.ts'
import type { Message } from '../../src/messages/message.ts'
import { CHART_WINDOWS, type Series } from '../../src/stats/views.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { fakeBalances, fakeSeries } from '../support/fake-charts.ts'
import { AWKWARD_CHANNELS } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING } from './support.ts'

const LISTENING = { state: 'listening', since: NOW, detail: '', reconnects: 0 } as const
const DOWN = { ...LISTENING, state: 'unreachable' } as const

function said({ text }: Message): readonly string[] {
  return toPlainText(text).split('\n')
}

function without(series: Series): Series {
  const nothing = { settled: 0, earnedMsat: 0n, refusedForBalance: 0, refusedOtherwise: 0 }
  return { ...series, buckets: series.buckets.map((bucket) => ({ ...bucket, ...nothing })) }
}

function missed(analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)): Message {
  const found = analyzer.missedByPeer('7d')
  if (found === undefined) throw new Error('there is an analysis')
  return missedChartMessage('7d', found, READING)
}

describe(trafficChartMessage, () => {
  it('says in figures what the picture shows', () => {
    const message = trafficChartMessage(fakeSeries('24h', NOW), LISTENING, READING)
    expect(said(message)).toEqual([
      '150 forwards in 24 h earned 1,571 sat',
      expect.stringMatching(
        /^450 attempts refused, 78 % for lack of balance; most, 36, in the hour from /,
      ),
      expect.stringMatching(
        /^Since .*, 22 h 5 min of it observed; settled forwards of the rest are from LND/,
      ),
    ])
    expect(message.attachment).toMatchObject({ kind: 'picture', name: 'traffic-24h.png' })
    expect(message.buttons.flat().map(({ data }) => data)).toEqual([
      'chart 24h',
      'chart 7d',
      'chart 30d',
      'chart 24h missed',
    ])
  })

  it('names the day with the most refusals of a month by its UTC date', () => {
    const [, refused] = said(trafficChartMessage(fakeSeries('30d', NOW), LISTENING, READING))
    expect(refused).toMatch(/most, 36, on \d+ \w+ \(UTC\)\.$/)
  })

  it('says that there was nothing, or nobody to hear it, and that LND is not listened to', () => {
    const series = without(fakeSeries('7d', NOW))
    const refused = (one: Series) => said(trafficChartMessage(one, LISTENING, READING))[1]
    expect(refused({ ...series, uncovered: [] })).toBe('Nothing was refused.')
    expect(refused(series)).toBe('No refusal was heard.')
    expect(refused({ ...series, span: { ...series.span, coveredMs: 0 } })).toMatch(
      /^Nobody listened/,
    )
    const lines = said(trafficChartMessage(series, DOWN, READING))
    expect(lines[0]).toBe('Nothing was forwarded in 7 days')
    expect(lines.at(-1)).toMatch(/Blind since/)
  })
})

describe(channelChartMessage, () => {
  const series = fakeSeries('7d', NOW)
  const data = { scid: '800123x45x1', alias: 'alice', series } as const

  it('says what the balance is and was at its lowest', () => {
    const balances = fakeBalances(series)
    const message = channelChartMessage({ ...data, balances }, LISTENING, READING)
    expect(said(message).slice(0, 2)).toEqual([
      'alice 800123x45x1',
      'Our balance: 80k of 5M sat (2 %), lowest 80k sat',
    ])
    expect(message.buttons.flat().map(({ data }) => data)).toContain('channel 800123x45x1 7d')
  })

  it('says that the balance is not known', () => {
    const message = channelChartMessage({ ...data, balances: undefined }, LISTENING, READING)
    expect(said(message)[1]).toBe('Its balance is not known.')
  })
})

describe(missedChartMessage, () => {
  it('names the peer that missed most, with its interval, and how the figures are to be read', () => {
    const lines = said(missed())
    expect(lines[0]).toMatch(/^Missed most in 7 days: alice ≈ 420 sat \(150–900\)$/)
    expect(lines[1]).toMatch(/^\d+ peers?.*they do not add up\.$/)
  })

  it('draws nothing from too little data, and says why', () => {
    const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
    analyzer.isTooLittle = true
    const message = missed(analyzer)
    expect(message.attachment).toBeUndefined()
    expect(said(message).slice(0, 2)).toEqual([
      'What was missed in 7 days cannot be drawn yet',
      'Too little data to say: only 1 d 2 h observed.',
    ])
    const found = new FakeAnalyzer(AWKWARD_CHANNELS, NOW).missedByPeer('7d')
    const few = found && missedChartMessage('7d', { ...found, rows: [], hidden: 3 }, READING)
    expect(few && said(few)[1]).toBe('3 peers with too few demands to say.')
  })

  it('says that nothing was missed', () => {
    const message = missed(new FakeAnalyzer([], NOW))
    expect(message.attachment).toBeUndefined()
    expect(said(message)[0]).toBe('Nothing was missed for lack of balance in 7 days')
  })
})

describe('every caption', () => {
  it('is one that Telegram takes, whatever a peer is called', () => {
    const name = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(name, fc.constantFrom(...CHART_WINDOWS), (alias, window) => {
        const series = fakeSeries(window, NOW, 1e9)
        const data = { scid: '16777215x16777215x65535', alias, series } as const
        const balances = fakeBalances(series)
        expectValid(channelChartMessage({ ...data, balances }, DOWN, READING))
        expectValid(wrongChartWord(alias))
        const [channel] = AWKWARD_CHANNELS
        if (channel) expectValid(missed(new FakeAnalyzer([{ ...channel, alias }], NOW)))
      }),
      { numRuns: 50 },
    )
  })
})
