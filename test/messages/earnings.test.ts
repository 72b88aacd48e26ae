import { describe, expect, it } from 'vitest'
import { earningsMessage } from '../../src/messages/earnings.ts'
import { expectValid } from '../support/telegram-html.ts'
import { READING, read } from './support.ts'

const ROW = { label: '15 Nov', forwards: 1_232, volumeMsat: 9_000_000_000n, earnedMsat: 900_000n }

describe(earningsMessage, () => {
  it('shares what was earned among the days since the first forward, and says so', () => {
    const young = earningsMessage([ROW], { days: 90, since: 9 }, READING)
    expectValid(young)
    expect(read(young)).toMatch(
      /^Earned 900 sat in 90 days, 100 a day over the 9 days since the first forward\n/,
    )
    expect(read(earningsMessage([ROW], { days: 9, since: 9 }, READING))).toMatch(
      /^Earned 900 sat in 9 days, 100 a day\n/,
    )
  })

  it('has separators in its counts, as all numbers', () => {
    expect(read(earningsMessage([ROW], { days: 7, since: 7 }, READING))).toMatch(/ 1,232×$/m)
  })
})
