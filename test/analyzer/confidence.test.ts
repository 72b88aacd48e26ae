import { describe, expect, it } from 'vitest'
import { asSureAsItsParts, confidenceOf } from '../../src/analyzer/confidence.ts'
import type { Confidence, ConfidenceLevel } from '../../src/analyzer/views.ts'
import { aCase, demand, demands, missedOf, SAT } from '../support/cases.ts'
import { HOUR, NOON } from '../support/events.ts'

describe(confidenceOf, () => {
  it('is high for many demands on many days', () => {
    expect(confidenceOf(aCase({ demands: demands(28) }))).toEqual({
      level: 'high',
      reasons: [{ kind: 'demands', demands: 28, days: 8 }],
    })
  })

  it('is medium for a dozen, low for seven', () => {
    expect(confidenceOf(aCase({ demands: demands(12) })).level).toBe('medium')
    expect(confidenceOf(aCase({ demands: demands(7) })).level).toBe('low')
  })

  it('is low where many came on one day', () => {
    const burst = Array.from({ length: 40 }, (_, i) => demand({ at: NOON - HOUR + i * 1000 }))
    expect(confidenceOf(aCase({ demands: burst })).level).toBe('low')
  })

  it('is too little data below five demands or 72 hours, and says which', () => {
    expect(confidenceOf(aCase({ demands: demands(4) })).level).toBe('too-little-data')
    const span = { from: 0, to: NOON, coveredMs: 50 * HOUR }
    expect(confidenceOf(aCase({ demands: demands(28), span }))).toMatchObject({
      level: 'too-little-data',
      reasons: [{ kind: 'demands' }, { kind: 'short-coverage', coveredMs: 50 * HOUR }],
    })
  })

  it('is low where one demand makes up more than half, and says its share', () => {
    const one = demand({ feeMsat: 250 * SAT * 28 * 4 })
    const { level, reasons } = confidenceOf(aCase({ demands: [...demands(28), one] }))
    expect(level).toBe('low')
    expect(reasons).toContainEqual({ kind: 'one-demand', sharePct: 80 })
  })

  it('says the honest range where most is above a million sat', () => {
    const whales = demands(28, { wantedMsat: 3_000_000 * SAT, feeMsat: 100 * SAT, chance: 0.25 })
    const { level, reasons } = confidenceOf(aCase({ demands: whales }))
    expect(level).toBe('medium')
    expect(reasons).toContainEqual({
      kind: 'large-amounts',
      sharePct: 100,
      lowMsat: 350_000n,
      highMsat: 1_960_000n,
    })
  })

  it('is low where it exceeds ten times what the channel earned', () => {
    const earning = (earnedMsat: bigint) => ({
      settled: 3,
      failedDownstream: 9,
      volumeMsat: 1_000_000n,
      earnedMsat,
    })
    // 28 demands of 250 sat with a chance of 0.4: 2,800 sat.
    const far = confidenceOf(aCase({ demands: demands(28), outgoing: earning(200_000n) }))
    expect(far.level).toBe('low')
    expect(far.reasons).toContainEqual({ kind: 'far-above-earned', timesEarned: 14 })
    expect(confidenceOf(aCase({ demands: demands(28), outgoing: earning(280_000n) })).level).toBe(
      'high',
    )
    expect(
      confidenceOf(aCase({ demands: demands(28), outgoing: earning(0n) })).reasons,
    ).toContainEqual({ kind: 'far-above-earned', timesEarned: undefined })
  })

  it('says how many demands are only counted any more', () => {
    const { level, reasons } = confidenceOf(aCase({ demands: demands(28), foldedDemands: 90 }))
    expect(level).toBe('medium')
    expect(reasons).toContainEqual({ kind: 'folded', demands: 90 })
  })

  it('judges the other classes where no balance lacked', () => {
    const offline = demands(28, { failure: 'UNKNOWN_NEXT_PEER' })
    expect(confidenceOf(aCase({ demands: offline })).level).toBe('high')
  })
})

describe(asSureAsItsParts, () => {
  const part = (count: number, level: ConfidenceLevel) => ({
    missed: { liquidity: missedOf(demands(count)) },
    confidence: { level, reasons: [] },
  })
  const sure: Confidence = { level: 'high', reasons: [] }

  it('makes a node no surer than the channel that is most of it, and says how much that is', () => {
    expect(asSureAsItsParts(sure, [part(3, 'high'), part(22, 'low')])).toEqual({
      level: 'low',
      reasons: [{ kind: 'one-channel', sharePct: 88 }],
    })
  })

  it('leaves a figure where that channel has too little data', () => {
    expect(asSureAsItsParts(sure, [part(4, 'too-little-data')]).level).toBe('low')
  })

  it('stays as it is where no channel is most of it, or that one is as sure', () => {
    const alike = [part(5, 'low'), part(5, 'low')]
    for (const parts of [[], alike, [part(9, 'high'), part(1, 'low')]]) {
      expect(asSureAsItsParts(sure, parts)).toBe(sure)
    }
    const low: Confidence = { level: 'too-little-data', reasons: [] }
    expect(asSureAsItsParts(low, [part(9, 'low')])).toBe(low)
  })
})
