import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Balances } from '../../src/stats/balances.ts'
import { ALICE, BOB, channel, HOUR, MINUTE, NOON } from '../support/events.ts'
import { Story } from '../support/story.ts'

const ROOM = 64

describe(Balances, () => {
  it('knows nothing before LND has listed the channel', () => {
    const balances = new Balances()
    balances.move(-1_000, 1_000, NOON, ROOM)
    expect([balances.spendableMsat, balances.at(NOON)]).toEqual([undefined, undefined])
  })

  it('answers what could be sent and received at a time, reserves kept', () => {
    const balances = new Balances()
    balances.list(channel(ALICE), NOON, ROOM)
    balances.move(-1_000_000_000, 1_000_000_000, NOON + HOUR, ROOM)
    expect(balances.spendableAt(NOON + MINUTE)).toBe(2_450_000_000)
    expect(balances.spendableAt(NOON + 2 * HOUR)).toBe(1_450_000_000)
    expect(balances.receivableAt(NOON + 2 * HOUR)).toBe(3_450_000_000)
  })

  it('goes down when we offer an HTLC, and the other side up when it settles', () => {
    const { memory } = new Story().forwarded({ at: 120, sat: 500_000 }, 'settled', 120)
    const bob = memory.book.get(BOB)?.balances
    expect(bob?.at(NOON + 180_000)).toMatchObject({ localMsat: 2e9, remoteMsat: 2.5e9 })
    expect(bob?.at(NOON + 300_000)).toMatchObject({ localMsat: 2e9, remoteMsat: 3e9 })
    expect(memory.book.get(ALICE)?.balances.localMsat).toBe(2.5e9 + 500_500_000)
  })

  it('gives back what failed', () => {
    const { memory } = new Story().forwarded({ at: 0, sat: 500_000 }, 'failed')
    expect(memory.book.get(BOB)?.balances).toMatchObject({ localMsat: 2.5e9, remoteMsat: 2.5e9 })
    expect(memory.book.get(ALICE)?.balances).toMatchObject({ localMsat: 2.5e9, remoteMsat: 2.5e9 })
  })

  it('believes LND over its own sums', () => {
    const { memory } = new Story().forwarded({ at: 0, sat: 500_000 }, 'settled')
    memory.updateChannels([channel(BOB, { localMsat: 4_000_000_000n })], NOON + 2 * MINUTE)
    expect(memory.book.get(BOB)?.balances.localMsat).toBe(4e9)
  })

  it('never holds more points than its room, in order, the newest always there', () => {
    const moves = fc.array(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), {
      minLength: 1,
      maxLength: 400,
    })
    fc.assert(
      fc.property(moves, (all) => {
        const balances = new Balances()
        balances.list(channel(ALICE), NOON, ROOM)
        all.forEach((move, i) => {
          balances.move(move, -move, NOON + (i + 1) * 2 * MINUTE, ROOM)
        })
        const points = [...balances]
        expect(points.length).toBeLessThanOrEqual(ROOM)
        expect(points.map(({ at }) => at)).toEqual(points.map(({ at }) => at).sort((a, b) => a - b))
        for (const { localMsat } of points) {
          expect(localMsat).toBeGreaterThanOrEqual(0)
          expect(localMsat).toBeLessThanOrEqual(5_000_000_000)
        }
        const last = points.at(-1)
        const moved = Math.abs((balances.localMsat ?? 0) - (last?.localMsat ?? 0))
        expect(moved).toBeLessThan(5_000_000_000 / 64)
      }),
    )
  })
})
