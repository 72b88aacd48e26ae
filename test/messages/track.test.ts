import { describe, expect, it } from 'vitest'
import type { MeasuredForecast, TrackRecord } from '../../src/analyzer/answers.ts'
import { doneNoted, doneUndone, nothingToDo, trackMessage } from '../../src/messages/track.ts'
import { missed } from '../support/fake-analyzer.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, read, shown } from './support.ts'

const DAY = 86_400_000
const EMPTY: TrackRecord = {
  given: 0,
  running: 0,
  measured: 0,
  medianRatio: undefined,
  inside: 0,
  last: [],
}

function forecast(alias: string, daysAgo: number, earnedSat: number): MeasuredForecast {
  const from = NOW - daysAgo * DAY
  return {
    scid: '800123x45x1',
    alias,
    at: from - DAY,
    type: 'rebalance_in',
    expected: missed(380, 140, 812),
    amountMsat: 1_000_000_000n,
    from,
    until: from + 7 * DAY,
    earnedMsat: BigInt(earnedSat) * 1000n,
  }
}

const RUNNING = forecast('<b>bob</b>', 2, 41)
const LAST = [
  RUNNING,
  forecast('alice', 9, 355),
  forecast('', 16, 12),
  forecast('carol', 20, 1_900),
]

describe(trackMessage, () => {
  it('says in one sentence that nothing is measured yet', () => {
    for (const record of [EMPTY, { ...EMPTY, given: 14 }]) {
      const message = trackMessage(record, READING)
      expectValid(message)
      expect(read(message)).toMatch(/^No forecast is measured yet[^\n]*$/)
    }
    expect(read(trackMessage({ ...EMPTY, given: 14 }, READING))).toMatch(/14 recommendations given/)
  })

  it('shows how forecasts held up, and the last ones', async () => {
    const record: TrackRecord = {
      given: 31,
      running: 1,
      measured: 3,
      medianRatio: 0.934,
      inside: 1,
      last: LAST,
    }
    const message = trackMessage(record, READING)
    expectValid(message)
    await expect(shown(message)).toMatchFileSnapshot('snapshots/track.html')
    expect(read(message)).toMatch(/median earned 93 %[^\n]*n = 3/)
    expect(read(message)).toMatch(/inside it[\s\S]*below it[\s\S]*above it/)
  })

  it('gives no verdict while the first is running', () => {
    const message = trackMessage({ ...EMPTY, given: 3, running: 1, last: [RUNNING] }, READING)
    expectValid(message)
    expect(read(message)).toMatch(/^No forecast is measured to the end yet, 1 is running/)
    expect(read(message)).not.toMatch(/interval/)
  })
})

describe(doneNoted, () => {
  it('says what is measured from now on, and takes it back', async () => {
    const messages = [
      doneNoted({ ...forecast('alice', 0, 0) }),
      doneUndone('800123x45x1', 'alice'),
      nothingToDo('790001x12x0', '<b>bob</b>'),
    ]
    messages.forEach(expectValid)
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/done.html')
  })
})
