import { describe, expect, it } from 'vitest'
import { Searches } from '../../src/stats/searches.ts'
import { Session } from '../../src/stats/session.ts'
import { NOON } from '../support/events.ts'

const SECOND = 1_000
const PAIRS = 5_000

describe(Searches, () => {
  it('marks both demands when another amount comes between the same peers within 30 seconds', () => {
    const searches = new Searches()
    const [first, second] = [demand(7), demand(7)]
    expect(searches.note(first, 3, NOON, 100_000_000)).toEqual([])
    expect(searches.note(second, 3, NOON + 30 * SECOND, 130_000_000)).toEqual([first])
    expect([first.isSearch, second.isSearch]).toEqual([true, true])
  })

  it.each([
    ['after 31 seconds', { peer: 7, from: 3, at: NOON + 31 * SECOND, msat: 130_000_000 }],
    ['from another neighbour', { peer: 7, from: 4, at: NOON, msat: 130_000_000 }],
    ['towards another peer', { peer: 8, from: 3, at: NOON, msat: 130_000_000 }],
    ['with the same amount', { peer: 7, from: 3, at: NOON, msat: 101_000_000 }],
    ['with a quarter', { peer: 7, from: 3, at: NOON, msat: 25_000_000 }],
  ])('marks nothing %s', (_, { peer, from, at, msat }) => {
    const searches = new Searches()
    const first = demand(7)
    searches.note(first, 3, NOON, 100_000_000)
    expect(searches.note(demand(peer), from, at, msat)).toEqual([])
    expect(first.isSearch).toBe(false)
  })

  it('forgets the two peers that were quiet for longest when there are too many', () => {
    const searches = new Searches()
    const [quiet, busy] = [demand(1), demand(2)]
    searches.note(quiet, 0, NOON, 100_000_000)
    searches.note(busy, 0, NOON, 100_000_000)
    for (let from = 1; from < PAIRS - 1; from++) searches.note(demand(3), from, NOON, 1_000_000)
    searches.note(busy, 0, NOON, 100_000_000)
    searches.note(demand(4), 0, NOON, 100_000_000)
    expect(searches.note(demand(1), 0, NOON, 130_000_000)).toEqual([])
    expect(searches.note(demand(2), 0, NOON, 130_000_000)).toEqual([busy, busy])
  })
})

function demand(peer: number): Session {
  const attempt = { at: NOON, outgoingMsat: 100_000_000, feeMsat: 100_000 }
  return new Session(1, { ...attempt, asked: 7, from: 5, peer, fromPeer: 3 })
}
