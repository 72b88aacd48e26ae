import { describe, expect, it } from 'vitest'
import { Columns, type DemandRow, FLAGS } from '../../src/stats/demand-columns.ts'
import { DemandLog } from '../../src/stats/demand-log.ts'
import { DAY, NOON } from '../support/events.ts'

const ROW: DemandRow = {
  at: NOON,
  lastAt: NOON + 12_000,
  wholeMsat: 100_000_000,
  sizeMsat: 60_000_000,
  feeMsat: 60_123,
  offeredMsat: 300_000,
  peer: 3,
  fromPeer: 2,
  asked: 7,
  from: 5,
  firstRefused: 7,
  failureCode: 12,
  attempts: 4,
  settledShare: 0.5,
  failed: 1,
  flags: FLAGS.lead | FLAGS.liquidity | FLAGS.money,
  expected: 2_000,
  variance: 9_000,
}
const CAP = 250_000

describe(DemandLog, () => {
  it('gives a row back as it was, by its number', () => {
    const log = new DemandLog()
    log.append({ ...ROW, attempts: 1 })
    const number = log.append(ROW)
    expect(log.row(number)).toEqual(ROW)
    expect(log.row(number + 1)).toBeUndefined()
  })

  it('takes at most 100 bytes a row', () => {
    expect(new Columns().bytes.length / Columns.ROWS).toBeLessThanOrEqual(100)
  })

  it('folds the oldest into day totals beyond 250,000, with what was expected of them', () => {
    const log = new DemandLog()
    for (let i = 0; i < CAP; i++) log.append({ ...ROW, asked: 1 + (i % 3) })
    expect([log.size, log.folded.size]).toEqual([CAP, 0])
    log.append(ROW)
    expect(log.size).toBe(CAP + 1 - Columns.ROWS)
    const folded = [...log.folded.since(NOON - DAY)]
    expect(folded.map(({ asked }) => asked)).toEqual([1, 2, 3])
    expect(folded.reduce((sum, { demands }) => sum + demands, 0)).toBe(Columns.ROWS)
    expect(folded.reduce((sum, { expectedMsat }) => sum + expectedMsat, 0)).toBe(
      2_000 * Columns.ROWS,
    )
  })

  it('forgets what is older than 30 days, chunk by chunk', () => {
    const log = new DemandLog()
    for (let i = 0; i < Columns.ROWS; i++) log.append(ROW)
    log.append({ ...ROW, at: NOON + 20 * DAY })
    log.prune(NOON + 29 * DAY)
    expect(log.size).toBe(Columns.ROWS + 1)
    log.prune(NOON + 31 * DAY)
    expect([log.size, log.first]).toEqual([1, Columns.ROWS])
    expect(log.takeDirty()).toMatchObject([{ number: 0, bytes: undefined }, { number: 1 }])
  })

  it('remembers which demands an operator took out', () => {
    const log = new DemandLog()
    const number = log.append(ROW)
    log.takeDirty()
    expect(log.setIgnored(number, true)).toBe(true)
    expect((log.row(number)?.flags ?? 0) & FLAGS.ignored).toBe(FLAGS.ignored)
    expect(log.takeDirty()).toHaveLength(1)
    log.setIgnored(number, false)
    expect(log.row(number)).toEqual(ROW)
    expect(log.setIgnored(99, true)).toBe(false)
  })

  it('is the same after its chunks were saved and put back, in any order', () => {
    const log = new DemandLog()
    for (let i = 0; i < 1_200; i++) log.append({ ...ROW, attempts: i })
    const again = new DemandLog()
    again.restoreState(log.state())
    for (const { number, bytes } of log.takeDirty().reverse()) {
      if (bytes) again.restoreChunk(number, bytes)
    }
    again.finishRestore()
    const rows = (one: DemandLog) => Array.from({ length: 1_200 }, (_, i) => one.row(i))
    expect(rows(again)).toEqual(rows(log))
    expect(again.append(ROW)).toBe(1_200)
  })

  it('refuses bytes that are not remembered demands', () => {
    expect(() => new Columns(new Uint8Array(12))).toThrow('12 bytes are not 512 remembered demands')
  })
})
