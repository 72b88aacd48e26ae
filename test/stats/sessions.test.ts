import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FLAGS } from '../../src/stats/demand-columns.ts'
import { Sessions } from '../../src/stats/sessions.ts'
import { ALICE, BOB, CAROL, channel, NOON } from '../support/events.ts'
import { Story } from '../support/story.ts'

const MINUTE = 60

describe(Sessions, () => {
  it('takes five tries of one buyer within a minute for one demand, at its highest fee', () => {
    const story = new Story()
    for (const [i, feeSat] of [100, 102, 101, 100, 99].entries()) {
      story.refused({ at: i * 12, sat: 100_000 + i * 150, feeSat })
    }
    const [demand, ...others] = story.demands()
    expect(others).toEqual([])
    expect(demand).toMatchObject({ attempts: 5, offeredMsat: 502_000 })
    expect(demand?.feeMsat).toBeCloseTo((102_000 / 100_150) * 100_600, -2)
  })

  it('joins tries that come through different neighbours', () => {
    const story = new Story()
      .refused({ at: 0, sat: 100_000, from: ALICE })
      .refused({ at: 5, sat: 100_000, from: CAROL })
    expect(story.demands()).toMatchObject([{ attempts: 2 }])
  })

  it('keeps demands towards two peers apart', () => {
    const story = new Story()
      .refused({ at: 0, sat: 100_000, to: BOB })
      .refused({ at: 5, sat: 100_000, to: CAROL })
    expect(story.demands()).toHaveLength(2)
  })

  it('begins another demand after 75 seconds of silence, unless the amount is equal to the msat', () => {
    const near = new Story().refused({ at: 0, sat: 100_000 }).refused({ at: 80, sat: 100_001 })
    expect(near.demands()).toHaveLength(2)
    const equal = new Story().refused({ at: 0, sat: 100_000 }).refused({ at: 500, sat: 100_000 })
    expect(equal.demands()).toHaveLength(1)
    const late = new Story().refused({ at: 0, sat: 100_000 }).refused({ at: 601, sat: 100_000 })
    expect(late.demands()).toHaveLength(2)
  })

  it('takes halves that arrive after the whole for the same demand, once whole', () => {
    const story = new Story()
      .refused({ at: 0, sat: 400_000 })
      .refused({ at: 3, sat: 200_000 })
      .refused({ at: 3.1, sat: 200_000 })
      .refused({ at: 6, sat: 100_000 })
    expect(story.demands()).toMatchObject([{ attempts: 4, wantedMsat: 400_000_000 }])
  })

  it('does not take a whole for the double of an earlier half', () => {
    const story = new Story().refused({ at: 0, sat: 200_000 }).refused({ at: 3, sat: 400_000 })
    expect(story.demands()).toHaveLength(2)
  })

  it('counts parts that come at once as so many parts, not as retries', () => {
    const story = new Story()
    for (let part = 0; part < 4; part++) story.refused({ at: part * 0.05, sat: 50_000 })
    expect(story.demands()).toMatchObject([
      { attempts: 4, wantedMsat: 200_000_000, feeMsat: 200_000 },
    ])
  })

  it('missed nothing of what settled in the end, by whichever channel of the peer', () => {
    const probeThenPay = new Story()
      .forwarded({ at: 0, sat: 999_900 }, 'failed')
      .forwarded({ at: 4, sat: 999_900 }, 'settled')
    expect(probeThenPay.demands()).toEqual([])
    expect(probeThenPay.rows()).toMatchObject([{ settledShare: 1, failed: 1 }])
    const secondTry = new Story()
      .refused({ at: 0, sat: 100_000 })
      .forwarded({ at: 4, sat: 100_000 }, 'settled')
    expect(secondTry.demands()).toMatchObject([{ attempts: 1, wantedMsat: 0, feeMsat: 0 }])
  })

  it('takes the half that settled off what was missed', () => {
    const story = new Story()
      .refused({ at: 0, sat: 100_000 })
      .forwarded({ at: 3, sat: 50_000 }, 'settled')
    expect(story.demands()).toMatchObject([{ wantedMsat: 50_000_000, feeMsat: 50_000 }])
  })

  it('adds a part that hung and failed because we refused its twin', () => {
    const held = new Story()
      .forwarded({ at: 0, sat: 50_000 })
      .refused({ at: 0.3, sat: 50_000 })
      .tell({ kind: 'forwardFail', at: NOON + 60_000, incomingHtlcId: 0, outgoingHtlcId: 0 })
    expect(held.demands()).toMatchObject([{ wantedMsat: 100_000_000, failed: 0 }])
    const slow = new Story()
      .forwarded({ at: 0, sat: 50_000 }, 'failed', 14)
      .refused({ at: 20, sat: 50_000 })
    expect(slow.demands()).toMatchObject([{ wantedMsat: 50_000_000, failed: 1 }])
    const quick = new Story()
      .forwarded({ at: 0, sat: 50_000 }, 'failed', 2)
      .refused({ at: 0.3, sat: 50_000 })
    expect(quick.demands()).toMatchObject([{ wantedMsat: 50_000_000, failed: 1 }])
  })

  it('does not count a replayed add twice, and one that is refused after it was offered once', () => {
    const add = {
      kind: 'forward',
      incomingHtlcId: 7,
      outgoingMsat: 1e8,
      incomingMsat: 1.001e8,
    } as const
    const replayed = new Story()
      .tell(add)
      .tell({ ...add, outgoingHtlcId: 9 })
      .tell({ kind: 'settle', incomingHtlcId: 7, outgoingHtlcId: 9 })
    expect(replayed.rows()).toMatchObject([{ settledShare: 1 }])
    const hung = new Story().forwarded({ at: 0, sat: 100_000 }, 'refused', 60)
    expect(hung.rows()).toMatchObject([{ attempts: 1, failureCode: 16, sizeMsat: 100_000_000 }])
    expect((hung.rows()[0]?.flags ?? 0) & FLAGS.trial).toBe(0)
  })

  it('marks both sides of a search for an amount, but neither retries nor halves', () => {
    const isSearch = (story: Story) => story.rows().map(({ flags }) => (flags & FLAGS.search) !== 0)
    const ladder = new Story().refused({ at: 0, sat: 10_000 }).refused({ at: 4, sat: 50_000 })
    expect(isSearch(ladder)).toEqual([true, true])
    const split = new Story().refused({ at: 0, sat: 100_000 }).refused({ at: 4, sat: 50_000 })
    expect(isSearch(split)).toEqual([false])
    const apart = new Story().refused({ at: 0, sat: 10_000 }).refused({ at: 40, sat: 50_000 })
    expect(isSearch(apart)).toEqual([false, false])
  })

  it('closes a demand ten minutes after its last try, not while a forward of it is on its way', () => {
    const story = new Story().refused({ at: 0, sat: 100_000 }).until(11 * MINUTE)
    expect([story.memory.demands.sessions.size, story.memory.demands.log.size]).toEqual([0, 1])
    const held = new Story().forwarded({ at: 0, sat: 100_000 }).until(90 * MINUTE)
    expect([held.memory.demands.sessions.size, held.memory.demands.log.size]).toEqual([1, 0])
    held.tell({ kind: 'settle', at: held.now, incomingHtlcId: 0, outgoingHtlcId: 0 })
    expect([held.memory.demands.sessions.size, held.memory.demands.log.size]).toEqual([0, 1])
  })

  it('takes HTLCs of which LND gives no amounts for a demand each', () => {
    const story = new Story()
      .refused({ at: 0, sat: 0 }, { failureDetail: 8 })
      .refused({ at: 1, sat: 0 }, { failureDetail: 8 })
    expect(story.demands()).toMatchObject([{ wantedMsat: 0 }, { wantedMsat: 0 }])
  })

  it('takes an HTLC above our limit for lack of balance where no channel could carry it', () => {
    const tooLarge = { failureDetail: 5 }
    const isLiquidity = (story: Story) =>
      story.demands().map(({ flags }) => (flags & FLAGS.liquidity) !== 0)
    expect(isLiquidity(new Story().refused({ at: 0, sat: 3_000_000 }, tooLarge))).toEqual([true])
    expect(isLiquidity(new Story().refused({ at: 0, sat: 1_000_000 }, tooLarge))).toEqual([false])
    const parallel: `${number}x${number}x${number}` = '830000x1x1'
    const bob = channel(BOB)
    const two = new Story([
      channel(ALICE),
      bob,
      channel(parallel, {
        peer: bob.peer,
        capacityMsat: 8_000_000_000n,
        localMsat: 7_000_000_000n,
      }),
    ])
    expect(isLiquidity(two.refused({ at: 0, sat: 3_000_000 }, tooLarge))).toEqual([false])
  })

  it('lets a forward of long ago, which LND tells of later, serve nobody', () => {
    const story = new Story().refused({ at: 0, sat: 100_000 })
    const old = {
      incoming: ALICE,
      outgoing: BOB,
      incomingMsat: 100_100_000n,
      outgoingMsat: 100_000_000n,
    }
    const gap = { from: NOON - 40 * 86_400_000, to: NOON, filledTo: NOON - 40 * 86_400_000 }
    story.memory.fillIn(gap, [{ ...old, at: NOON - 20 * 86_400_000, incomingHtlcId: 77 }])
    expect(story.demands()).toMatchObject([{ wantedMsat: 100_000_000, settledShare: 0 }])
    const later = { from: NOON, to: NOON + 60_000, filledTo: NOON }
    story.memory.fillIn(later, [{ ...old, at: NOON + 20_000, incomingHtlcId: 78 }])
    expect(story.demands()).toMatchObject([{ wantedMsat: 0, settledShare: 1 }])
  })

  it('goes on closing demands after a clock that ran ahead was set back', () => {
    const story = new Story().refused({ at: 0, sat: 100_000 }).refused({ at: 900_000, sat: 50_000 })
    const { sessions } = story.memory.demands
    sessions.advance(NOON + 11 * 60_000)
    expect(sessions.size).toBe(0)
  })

  it('never finds more demands than attempts, nor loses one', () => {
    const told = fc.record({
      gap: fc.integer({ min: 0, max: 700 }),
      sat: fc.integer({ min: 1, max: 3_000_000 }),
      end: fc.constantFrom('refused', 'settled', 'failed', 'on its way'),
      from: fc.constantFrom(ALICE, CAROL),
    })
    fc.assert(
      fc.property(fc.array(told, { maxLength: 40 }), (attempts) => {
        const story = new Story()
        let at = 0
        for (const { gap, sat, end, from } of attempts) {
          at += gap
          if (end === 'refused') story.refused({ at, sat, from })
          else story.forwarded({ at, sat, from }, end === 'on its way' ? undefined : end, 0.5)
        }
        const rows = story.rows()
        const refused = attempts.filter(({ end }) => end === 'refused')
        expect(rows.reduce((sum, row) => sum + row.attempts, 0)).toBe(refused.length)
        expect(story.demands().length).toBeLessThanOrEqual(refused.length)
        const offered = rows.reduce((sum, row) => sum + row.offeredMsat, 0)
        expect(offered).toBe(refused.reduce((sum, { sat }) => sum + Math.round(sat), 0))
        for (const row of rows) expect(row.feeMsat).toBeLessThanOrEqual(row.offeredMsat + 1)
      }),
    )
  })
})
