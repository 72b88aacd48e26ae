import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Scid } from '../../src/lightning/scid.ts'
import { ChannelBook } from '../../src/stats/channel-book.ts'
import { Coverage } from '../../src/stats/coverage.ts'
import { RecentKeys } from '../../src/stats/recent-keys.ts'
import { channel, DAY, HOUR, MINUTE, NOON } from '../support/events.ts'

function book(capacity: number) {
  const removed: Scid[] = []
  const made = new ChannelBook(capacity, {
    opened: () => undefined,
    removed: ({ scid }) => removed.push(scid),
  })
  return { book: made, removed }
}

const id = (n: number): Scid => `${800_000 + n}x1x0`

describe(ChannelBook, () => {
  it('evicts the least recently active when it is full', () => {
    const { book: full, removed } = book(3)
    for (const n of [1, 2, 3]) full.own(id(n))
    full.touch(full.own(id(1)), NOON)
    full.own(id(4))
    expect(removed).toEqual([id(2)])
    expect(full.evicted).toBe(1)
  })

  it('evicts closed channels before open ones', () => {
    const { book: full, removed } = book(3)
    full.update(
      [1, 2, 3].map((n) => channel(id(n))),
      NOON,
    )
    full.update(
      [1, 3].map((n) => channel(id(n))),
      NOON,
    )
    full.own(id(4))
    expect(removed).toEqual([id(2)])
  })

  it('does not let a listing push out a channel that has been active', () => {
    const { book: full, removed } = book(2)
    full.own(id(1))
    full.own(id(2))
    full.update(
      [1, 2, 3, 4].map((n) => channel(id(n))),
      NOON,
    )
    expect(removed).toEqual([])
  })

  it('knows since when a channel is inactive', () => {
    const { book: made } = book(3)
    const inactive = [channel(id(1), { active: false })]
    made.update([channel(id(1))], NOON)
    expect(made.get(id(1))?.inactiveSince).toBeUndefined()
    made.update(inactive, NOON + MINUTE)
    made.update(inactive, NOON + HOUR)
    expect(made.get(id(1))?.inactiveSince).toBe(NOON + MINUTE)
    made.update([channel(id(1))], NOON + DAY)
    expect(made.get(id(1))?.inactiveSince).toBeUndefined()
  })

  it('holds exactly the most recently active, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 80 }), (touched) => {
        const { book: full } = book(5)
        touched.forEach((n, i) => {
          full.touch(full.own(id(n)), NOON + 1000 * i)
        })
        const expected = [...new Set([...touched].reverse())].slice(0, 5).map(id)
        expect(new Set([...full].map(({ scid }) => scid))).toEqual(new Set(expected))
      }),
    )
  })

  it('removes channels 90 days after they closed, open ones never', () => {
    const { book: kept, removed } = book(10)
    kept.update([channel(id(1)), channel(id(2))], NOON)
    kept.update([channel(id(1))], NOON)
    expect(kept.cleanUp(NOON + 90 * DAY)).toBe(0)
    expect(kept.cleanUp(NOON + 90 * DAY + 1)).toBe(1)
    expect(removed).toEqual([id(2)])
    expect(kept.cleanUp(NOON + 4_000 * DAY)).toBe(0)
  })

  it('opens a channel again that LND lists again', () => {
    const { book: kept } = book(10)
    kept.update([channel(id(1))], NOON)
    kept.update([], NOON)
    kept.update([channel(id(1))], NOON + MINUTE)
    expect([kept.openCount, kept.closedCount]).toEqual([1, 0])
  })

  it('gives no two channels the same key, also when places are reused', () => {
    const { book: full } = book(2)
    const serials = [1, 2, 3, 4, 1].map((n) => full.own(id(n)).serial)
    expect(new Set(serials).size).toBe(5)
  })
})

describe(RecentKeys, () => {
  it('forgets the oldest beyond its capacity', () => {
    const keys = new RecentKeys(500)
    for (let key = 1; key <= 501; key++) keys.add(key)
    expect([keys.has(1), keys.has(2), keys.has(501), keys.size]).toEqual([false, true, true, 500])
  })

  it('knows exactly the last ones, whatever is added and forgotten', () => {
    const key = fc.integer({ min: 1, max: 700 }).map((n) => (n % 2 === 0 ? n * 2 ** 32 + n : -n))
    fc.assert(
      fc.property(fc.array(key, { maxLength: 1500 }), (all) => {
        const keys = new RecentKeys(500)
        const order: number[] = []
        for (const each of all) {
          if (!order.includes(each)) order.push(each)
          if (order.length > 500) order.shift()
          keys.add(each)
        }
        expect(keys.size).toBe(order.length)
        for (const each of new Set(all)) expect(keys.has(each)).toBe(order.includes(each))
      }),
      { numRuns: 50 },
    )
  })

  it('comes back from its segments', () => {
    const keys = new RecentKeys(1000)
    for (let key = 1; key <= 1200; key++) keys.add(key)
    const again = new RecentKeys(1000)
    for (const { segment, keys: saved } of keys.takeDirty()) again.restore(segment, saved)
    again.resumeAt(keys.next)
    for (const each of [keys, again]) each.add(5000)
    for (const key of [200, 201, 202, 1200, 5000])
      expect(again.has(key), `${key}`).toBe(keys.has(key))
  })
})

describe(Coverage, () => {
  it('counts only the time the stream was up', () => {
    const coverage = new Coverage()
    coverage.up(NOON)
    coverage.down(NOON + HOUR)
    coverage.up(NOON + 2 * HOUR)
    expect(coverage.coveredMs(NOON - DAY, NOON + 3 * HOUR)).toBe(2 * HOUR)
    expect(coverage.holes(NOON + 3 * HOUR, 5)).toEqual([{ from: NOON + HOUR, to: NOON + 2 * HOUR }])
  })

  it('ends, after a crash, at what was last seen', () => {
    const coverage = new Coverage()
    coverage.up(NOON)
    coverage.seen(NOON + 10 * MINUTE)
    const again = new Coverage()
    again.restore(structuredClone(coverage.state()))
    again.up(NOON + HOUR)
    expect(again.coveredMs(NOON, NOON + HOUR)).toBe(10 * MINUTE)
    expect(again.gaps.at(-1)).toMatchObject({ from: NOON + 10 * MINUTE, to: NOON + HOUR })
  })

  it('holds no gap that is filled', () => {
    const coverage = new Coverage()
    coverage.up(NOON)
    const [gap] = coverage.gaps
    if (gap) coverage.filled(gap, NOON)
    expect(coverage.gaps).toEqual([])
  })
})
