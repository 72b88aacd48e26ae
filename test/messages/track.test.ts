import { describe, expect, it } from 'vitest'
import type { ForecastResult, TrackRecord } from '../../src/analyzer/answers.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import {
  alreadyMeasured,
  doneNoted,
  nothingToMeasure,
  trackMessage,
} from '../../src/messages/track.ts'
import { missed } from '../support/fake-analyzer.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, read, shown } from './support.ts'

const EMPTY: TrackRecord = {
  given: 0,
  running: 0,
  n: 0,
  medianRatio: undefined,
  insideShare: undefined,
  results: [],
}
const ALIASES: Readonly<Record<Scid, string>> = { '1x1x1': 'alice', '3x3x3': '<b>bob</b>' }
const aliasOf = (scid: Scid) => ALIASES[scid] ?? ''

function result(scid: Scid, daysAgo: number, earnedSat: number): ForecastResult {
  return {
    scid,
    endedAt: NOW - daysAgo * 86_400_000,
    addedMsat: 1_000_000_000n,
    ...missed(380, 140, 812),
    earnedMsat: BigInt(earnedSat) * 1000n,
  }
}

const RESULTS = [result('1x1x1', 2, 355), result('2x2x2', 9, 12), result('3x3x3', 20, 1_900)]

describe(trackMessage, () => {
  it('says in one sentence that nothing is measured yet', () => {
    for (const record of [EMPTY, { ...EMPTY, given: 14 }, { ...EMPTY, given: 14, running: 1 }]) {
      const message = trackMessage(record, aliasOf, READING)
      expectValid(message)
      expect(read(message)).toMatch(/^No forecast is measured [^\n]*$/)
    }
    const running = trackMessage({ ...EMPTY, given: 14, running: 1 }, aliasOf, READING)
    expect(read(running)).toMatch(/1 of 14 recommendations given is being measured/)
  })

  it('shows how forecasts held up, and the last ones', async () => {
    const record: TrackRecord = {
      given: 31,
      running: 1,
      n: 3,
      medianRatio: 0.934,
      insideShare: 1 / 3,
      results: RESULTS,
    }
    const message = trackMessage(record, aliasOf, READING)
    expectValid(message)
    await expect(shown(message)).toMatchFileSnapshot('snapshots/track.html')
    expect(read(message)).toMatch(/93 % or more of what was expected \(median, n = 3\)/)
    expect(read(message)).toMatch(/inside it[\s\S]*below it[\s\S]*above it/)
  })

  it('shows the last ten of many', () => {
    const results = Array.from({ length: 500 }, (_, i) => result('1x1x1', i, i))
    const record = { ...EMPTY, given: 900, n: 500, medianRatio: 1, insideShare: 0.8, results }
    const message = trackMessage(record, aliasOf, READING)
    expectValid(message)
    expect(read(message).match(/added/g)).toHaveLength(10)
  })
})

describe(doneNoted, () => {
  it('says what is measured from now on, or why nothing is', async () => {
    const messages = [
      doneNoted('1x1x1', 'alice'),
      alreadyMeasured('1x1x1', 'alice'),
      nothingToMeasure('3x3x3', '<b>bob</b>'),
    ]
    messages.forEach(expectValid)
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/done.html')
    // The program may have noticed it by itself.
    expect(messages.map(read)[1]).toMatch(/^Already being measured: what came in at alice\n/)
  })
})
