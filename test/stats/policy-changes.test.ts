import { describe, expect, it } from 'vitest'
import type { Policy } from '../../src/lightning/channel.ts'
import { OwnChannel } from '../../src/stats/own-channel.ts'
import { needsPolicies, notePolicies } from '../../src/stats/policy-changes.ts'
import { ALICE, HOUR, NOON } from '../support/events.ts'

const POLICY: Policy = {
  baseFeeMsat: 1_000n,
  feeRatePpm: 200,
  inboundBaseFeeMsat: 0n,
  inboundFeeRatePpm: 0,
  minHtlcMsat: 1_000n,
  maxHtlcMsat: 1_000_000_000n,
  timeLockDelta: 80,
  disabled: false,
  updatedAt: NOON,
}

function changesAfter(...given: readonly Partial<Policy>[]) {
  const own = new OwnChannel(ALICE, 0, 1)
  const policies = (policy: Policy) => ({ scid: ALICE, own: policy, peer: undefined })
  notePolicies(own, policies(POLICY), NOON)
  for (const [i, one] of given.entries()) {
    notePolicies(own, policies({ ...POLICY, ...one }), NOON + (i + 2) * HOUR)
  }
  return own.policyChanges
}

describe(notePolicies, () => {
  it('remembers a raised fee by the time that LND gives it', () => {
    const raised = { feeRatePpm: 400, updatedAt: NOON + HOUR }
    expect(changesAfter(raised)).toEqual([{ at: NOON + HOUR, fee: 'raised' }])
  })

  it('takes no change from a policy that LND only repeats, or that is disabled for a while', () => {
    const repeated = { updatedAt: NOON + HOUR }
    expect(changesAfter(repeated, { disabled: true, updatedAt: NOON + 2 * HOUR })).toEqual([])
  })

  it('tells a lowered fee from another change', () => {
    const changes = changesAfter(
      { feeRatePpm: 100, updatedAt: NOON + HOUR },
      {
        feeRatePpm: 100,
        maxHtlcMsat: 5n,
        updatedAt: NOON + 2 * HOUR,
      },
    )
    expect(changes.map(({ fee }) => fee)).toEqual(['lowered', 'same'])
  })

  it('keeps the last sixteen', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({
      feeRatePpm: 300 + i,
      updatedAt: NOON + i,
    }))
    expect(changesAfter(...many)).toHaveLength(16)
  })
})

describe(needsPolicies, () => {
  it('asks for what was never read, and again when a payer knew another policy', () => {
    const own = new OwnChannel(ALICE, 0, 1)
    expect(needsPolicies(own, NOON)).toBe(true)
    notePolicies(own, { scid: ALICE, own: POLICY, peer: undefined }, NOON)
    expect(needsPolicies(own, NOON + HOUR)).toBe(false)
    own.isPolicyDoubted = true
    expect(needsPolicies(own, NOON + HOUR)).toBe(true)
  })

  it('asks at most every ten minutes, however many payers knew another', () => {
    const own = new OwnChannel(ALICE, 0, 1)
    notePolicies(own, { scid: ALICE, own: POLICY, peer: undefined }, NOON)
    own.isPolicyDoubted = true
    expect(needsPolicies(own, NOON + 9 * 60_000)).toBe(false)
    expect(needsPolicies(own, NOON + 10 * 60_000)).toBe(true)
  })
})
