import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OwnChannel } from '../../src/stats/own-channel.ts'
import { RecentVisits } from '../../src/stats/recent-visits.ts'
import { Visits } from '../../src/stats/visits.ts'
import { ALICE, BOB, CAROL, MINUTE, NOON } from '../support/events.ts'

const SECOND = 1_000
const alice = new OwnChannel(ALICE, 0, 1)
const bob = new OwnChannel(BOB, 1, 2)
const carol = new OwnChannel(CAROL, 2, 3)

/** How many of these attempts towards Bob, by amounts in msat at times in ms, are visits. */
function countVisits(attempts: readonly [at: number, msat: number, by?: OwnChannel][]): number {
  const visits = new Visits()
  return attempts.filter(([at, msat, by = alice]) => visits.attempt(bob, by, msat, NOON + at))
    .length
}

describe(Visits, () => {
  it('takes a sender who tries 300 times in ten minutes for one', () => {
    const attempts = Array.from({ length: 300 }, (_, i) => [i * 2 * SECOND, 70_000_000] as const)
    expect(countVisits(attempts.map(([at, msat]) => [at, msat]))).toBe(1)
  })

  it('takes amounts within one percent, halves and quarters for the same buyer', () => {
    const amounts = [80_000_000, 80_700_000, 79_300_000, 40_000_000, 40_300_000, 20_100_000]
    expect(countVisits(amounts.map((msat, i) => [i * SECOND, msat]))).toBe(1)
  })

  it('takes other amounts for other buyers', () => {
    const amounts = [80_000_000, 82_000_000, 53_000_000, 160_000_000, 27_000_000]
    expect(countVisits(amounts.map((msat, i) => [i * SECOND, msat]))).toBe(5)
  })

  it('keeps a round amount by another neighbour apart', () => {
    expect(
      countVisits([
        [0, 100_000_000],
        [SECOND, 100_000_000, carol],
      ]),
    ).toBe(2)
  })

  it('knows an amount that is no whole number of sats again by any neighbour', () => {
    expect(
      countVisits([
        [0, 100_000_417],
        [SECOND, 100_000_417, carol],
      ]),
    ).toBe(1)
  })

  it('then knows that neighbour for the same buyer with near amounts too', () => {
    const attempts = [
      [0, 100_000_417],
      [1_000, 100_000_417, carol],
      [2_000, 100_300_000, carol],
    ]
    expect(countVisits(attempts as [number, number, OwnChannel?][])).toBe(1)
  })

  it('stays open for ten minutes after the last attempt, however slow the hammering', () => {
    const slow = [0, 9, 18, 27, 36].map((minute) => [minute * MINUTE, 70_000_000] as const)
    expect(countVisits(slow.map(([at, msat]) => [at, msat]))).toBe(1)
    expect(
      countVisits([
        [0, 70_000_000],
        [11 * MINUTE, 70_000_000],
      ]),
    ).toBe(2)
  })

  it('has attempts of unknown amount by one neighbour be one buyer', () => {
    expect(
      countVisits([
        [0, 0],
        [SECOND, 0],
        [2 * SECOND, 0, carol],
        [3 * SECOND, 5_000],
      ]),
    ).toBe(3)
  })

  it('keeps channels asked for apart', () => {
    const visits = new Visits()
    expect(visits.attempt(bob, alice, 70_000_417, NOON)).toBe(true)
    expect(visits.attempt(carol, alice, 70_000_417, NOON)).toBe(true)
  })

  it('gives a visit back when its only attempt was none', () => {
    const visits = new Visits()
    visits.attempt(bob, alice, 70_000_000, NOON)
    expect(visits.withdraw(bob, alice, 70_000_000, NOON + SECOND)).toBe(true)
    expect(visits.attempt(bob, alice, 70_000_000, NOON + SECOND)).toBe(true)
  })

  it('keeps a visit of which one attempt of several was none', () => {
    const visits = new Visits()
    visits.attempt(bob, alice, 70_000_000, NOON)
    visits.attempt(bob, alice, 70_000_000, NOON + SECOND)
    expect(visits.withdraw(bob, alice, 70_000_000, NOON + SECOND)).toBe(false)
    expect(visits.attempt(bob, alice, 70_000_000, NOON + SECOND)).toBe(false)
  })

  it('knows open visits again after they were saved and put back', () => {
    const before = new Visits()
    const amounts = [80_000_000, 52_000_417, 13_000_000]
    for (const msat of amounts) before.attempt(bob, alice, msat, NOON)
    const after = new Visits()
    after.restore(before.open(NOON + MINUTE))
    const isNew = amounts.map((msat) => after.attempt(bob, alice, msat, NOON + MINUTE))
    expect(isNew).toEqual([false, false, false])
  })

  it('forgets what is closed: a day of buyers leaves ten minutes of them', () => {
    const visits = new Visits()
    for (let i = 0; i < 20_000; i++) {
      visits.attempt(bob, alice, 1_000_000 * 1.05 ** (i % 200), NOON + i * 4 * SECOND)
    }
    expect(visits.open(NOON + 20_000 * 4 * SECOND).length).toBeLessThanOrEqual(151)
  })
})

describe(RecentVisits, () => {
  const admitted = (neighbours: readonly number[], every = MINUTE) => {
    const recent = new RecentVisits()
    return neighbours.filter((incoming, i) =>
      recent.admit({ at: NOON + i * every, incoming, failureCode: 12 }),
    ).length
  }

  it('counts two of a neighbour who comes alone', () => {
    expect(admitted(Array.from({ length: 40 }, () => 1))).toBe(2)
  })

  it('counts everyone when several come', () => {
    expect(admitted(Array.from({ length: 40 }, (_, i) => i % 4))).toBe(40)
  })

  it('counts a neighbour again when an hour has passed', () => {
    expect(admitted([1, 1, 1, 1], 31 * MINUTE)).toBe(4)
  })

  it('never lets one neighbour lead by more than two, whoever comes when', () => {
    const neighbours = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 60 })
    fc.assert(
      fc.property(neighbours, (incoming) => {
        const recent = new RecentVisits()
        for (const one of incoming) recent.admit({ at: NOON, incoming: one, failureCode: 12 })
        const counted = recent.since(NOON - 1).map((visit) => visit.incoming)
        for (const one of [1, 2, 3, 4]) {
          const own = counted.filter((other) => other === one).length
          expect(own).toBeLessThanOrEqual(counted.length - own + 2)
        }
      }),
    )
  })

  it('remembers the last 64 alone', () => {
    const recent = new RecentVisits()
    for (let i = 0; i < 200; i++) recent.admit({ at: NOON + i, incoming: i % 5, failureCode: i })
    expect(recent.since(0).map((visit) => visit.failureCode)).toEqual(
      Array.from({ length: 64 }, (_, i) => 136 + i),
    )
  })
})
