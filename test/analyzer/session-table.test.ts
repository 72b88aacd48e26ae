import { describe, expect, it } from 'vitest'
import { runToEnd } from '../../src/analyzer/estimate.ts'
import { SessionTable } from '../../src/analyzer/session-table.ts'
import { Columns } from '../../src/stats/demand-columns.ts'
import { DAY, NOON } from '../support/events.ts'
import { Story } from '../support/story.ts'

describe(SessionTable, () => {
  it('gives refused demands as they were remembered, those that go on without a number', () => {
    const story = new Story()
      .refused({ at: 0, sat: 100_000 })
      .forwarded({ at: 650, sat: 50_000 }, 'settled')
      .refused({ at: 1_400, sat: 200_000 })
    const { table, refused } = read(story)
    expect([...table.amountMsat.subarray(0, table.size)]).toEqual([1e8, 5e7, 2e8])
    expect(refused).toMatchObject([
      { number: 0, row: { at: NOON, sizeMsat: 100_000_000, attempts: 1 } },
      { number: undefined, row: { at: NOON + 1_400_000, sizeMsat: 200_000_000 } },
    ])
    expect(refused[0]?.row).toEqual(story.memory.demands.log.row(0))
  })

  it('still gives them when they are forgotten while an analysis goes on', () => {
    const story = new Story().refused({ at: 0, sat: 100_000 }).refused({ at: 700, sat: 200_000 })
    const { log } = story.memory.demands
    const row = log.row(0)
    if (!row) throw new Error('nothing is remembered')
    while (log.size < Columns.ROWS) log.append(row)
    const { table } = read(story)
    log.prune(NOON + 31 * DAY)
    expect(log.row(0)).toBeUndefined()
    expect(refusedIn(table).filter(({ number }) => number !== undefined)).toEqual(
      Array.from({ length: Columns.ROWS }, (_, number) => ({ number, row })),
    )
  })
})

function read({ memory }: Story) {
  const table = runToEnd(SessionTable.read(memory, NOON - DAY))
  return { table, refused: refusedIn(table) }
}

function refusedIn(table: SessionTable) {
  const places = [...table.order.subarray(0, table.size)]
  return places.flatMap((place) => table.refusedOf(place))
}
