import { describe, expect, it } from 'vitest'
import { receivableMsat, spendableMsat } from '../../src/lightning/channel.ts'
import { msatFromFloat, msatFromSat, ppmOf } from '../../src/lightning/msat.ts'
import { ALICE, channel, pending } from '../support/events.ts'

describe(spendableMsat, () => {
  it('leaves the reserve where the peer opened the channel', () => {
    expect(spendableMsat(channel(ALICE))).toBe(2_450_000_000n)
  })

  it('leaves the opener a buffer of twice the commitment fee with two more HTLCs', () => {
    // 2 · 2,500 sat/kw · (1,116 + 2 · 172) wu / 1000 = 7,300 sat, of which 2,000 are set aside already.
    expect(spendableMsat(channel(ALICE, { initiator: true }))).toBe(2_450_000_000n - 5_300_000n)
  })

  it('is no more than what may be in flight', () => {
    const inFlight = [pending({ incoming: false, amountMsat: 900_000_000n })]
    const tight = channel(ALICE, { maxPendingMsat: 1_000_000_000n, pendingHtlcs: inFlight })
    expect(spendableMsat(tight)).toBe(100_000_000n)
  })

  it('is never negative', () => {
    expect(spendableMsat(channel(ALICE, { localMsat: 0n }))).toBe(0n)
    expect(receivableMsat(channel(ALICE, { remoteMsat: 0n }))).toBe(0n)
  })
})

describe('amounts', () => {
  it('of msat are exact up to 2^53, and whole numbers', () => {
    expect(msatFromFloat(Number.MAX_SAFE_INTEGER)).toBe(9_007_199_254_740_991n)
    expect(msatFromFloat(2 ** 60)).toBe(2n ** 60n)
    expect(() => msatFromFloat(0.5)).toThrow('not an amount')
  })

  it('of sat are a thousand msat, fees ppm of the amount', () => {
    expect(msatFromSat('21')).toBe(21_000n)
    expect([ppmOf(210n, 1_000_000n), ppmOf(1n, 0n)]).toEqual([210, 0])
  })
})
