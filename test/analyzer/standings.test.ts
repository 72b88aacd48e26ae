import { describe, expect, it } from 'vitest'
import { opportunityOf } from '../../src/analyzer/opportunities.ts'
import { type SavedStandings, Standings } from '../../src/analyzer/standings.ts'
import type { Opportunity } from '../../src/analyzer/views.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { aCase, demands } from '../support/cases.ts'
import { ALICE, BOB, DAY, HOUR, NOON } from '../support/events.ts'

function worth(scid: Scid, feeSat: number): Opportunity {
  return opportunityOf(aCase({ scid, demands: demands(28, { feeMsat: feeSat * 1000 }) }))
}

describe(Standings, () => {
  it('has nothing to compare with on its first day', () => {
    const standings = new Standings()
    expect(standings.note([worth(ALICE, 900)], NOON)?.today?.standings[0]?.[0]).toBe(ALICE)
    expect(standings.change(ALICE)).toBeUndefined()
  })

  it('compares with the first analysis of the day before', () => {
    const standings = new Standings()
    standings.note([worth(ALICE, 900), worth(BOB, 100)], NOON)
    expect(standings.note([worth(ALICE, 50), worth(BOB, 100)], NOON + HOUR)).toBeUndefined()
    standings.note([worth(ALICE, 50), worth(BOB, 100)], NOON + DAY)
    expect(standings.change(ALICE)).toMatchObject({ kind: 'moved', from: 1, to: 2, by: 'gain' })
    expect(standings.change(BOB)).toMatchObject({ kind: 'moved', from: 2, to: 1, by: 'others' })
  })

  it('says the same after a restart, on the same day and on the next', () => {
    const standings = new Standings()
    standings.note([worth(BOB, 900)], NOON)
    const saved = standings.note([worth(ALICE, 900), worth(BOB, 50)], NOON + DAY)
    const again = new Standings()
    again.restore(JSON.parse(JSON.stringify(saved)) as SavedStandings)
    expect(again.note([worth(ALICE, 900), worth(BOB, 50)], NOON + DAY + HOUR)).toBeUndefined()
    for (const one of [standings, again]) {
      expect(one.change(ALICE)).toEqual({ kind: 'new', rank: 1 })
      expect(one.change(BOB)).toMatchObject({ kind: 'moved', from: 1, to: 2 })
    }
    again.note([worth(ALICE, 900)], NOON + 2 * DAY)
    expect(again.change(ALICE)).toEqual({ kind: 'same', rank: 1 })
  })
})
