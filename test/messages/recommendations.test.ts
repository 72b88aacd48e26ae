import { describe, expect, it } from 'vitest'
import {
  RECOMMENDATION_TYPES,
  type Recommendation,
  type RestReason,
} from '../../src/analyzer/views.ts'
import { confidenceText } from '../../src/messages/estimate.ts'
import { join, toPlainText } from '../../src/messages/html.ts'
import { recommendationBlock, recommendationText } from '../../src/messages/recommendations.ts'
import { RECOMMENDATIONS } from '../support/fake-analyzer.ts'
import { expectValid } from '../support/telegram-html.ts'
import { READING } from './support.ts'

const REASONS: readonly RestReason[] = [
  'no-refusals',
  'served',
  'downstream',
  'probes',
  'one-whale',
  'not-worth-it',
  'closed',
  'fee-just-changed',
  'transient',
  'peer-was-away',
  'stale-policies',
  'node-trouble',
  'same-peer',
  'max-follows-balance',
]

const [REBALANCE] = RECOMMENDATIONS
if (REBALANCE?.type !== 'rebalance_in') throw new Error('the first is a rebalance')

function figuresOf(one: Recommendation): string {
  return recommendationText(one, READING).figures.join('\n')
}

describe(recommendationBlock, () => {
  it('has words for each kind and each reason to rest', async () => {
    const rests = REASONS.map((reason): Recommendation => ({ type: 'leave_alone', reason }))
    const all = [...RECOMMENDATIONS, ...rests]
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(RECOMMENDATION_TYPES))
    const blocks = all.map((one) => recommendationBlock(one, undefined, READING))
    for (const text of blocks) expectValid({ text, buttons: [] })
    await expect(join(blocks, '\n\n').markup).toMatchFileSnapshot('snapshots/recommendations.html')
  })

  it('names what not to do, where something suggests itself', () => {
    const said = RECOMMENDATION_TYPES.map((avoid) =>
      toPlainText(
        recommendationBlock({ type: 'wait', reason: 'served', until: undefined }, avoid, READING),
      ),
    )
    expect(said[RECOMMENDATION_TYPES.indexOf('lower_fee')]).toMatch(/\nDon't lower the fee/)
    expect(said[RECOMMENDATION_TYPES.indexOf('rebalance_in')]).toMatch(/\nDon't move sats in/)
    expect(said[RECOMMENDATION_TYPES.indexOf('leave_alone')]).not.toMatch(/Don't/)
  })

  it('has actions that fit a line of a phone', () => {
    for (const one of RECOMMENDATIONS) {
      expect(recommendationText(one, READING).action.length).toBeLessThanOrEqual(42)
    }
  })
})

describe('a rebalance', () => {
  it('tells the refill curve in words, and where it bends', () => {
    expect(figuresOf(REBALANCE)).toMatch(
      /250k ≈ 120, 500k ≈ 210, 1M ≈ 380, 2M ≈ 400\.\nBeyond, it bends: 2M adds only ≈ 22 sat more/,
    )
    const flat = REBALANCE.curve.map((point) => ({ ...point, gain: REBALANCE.gain }))
    expect(figuresOf({ ...REBALANCE, curve: flat })).toMatch(/2M adds nothing more/)
  })

  it('says nothing of a bend where the whole curve is recommended, or none is known', () => {
    expect(figuresOf({ ...REBALANCE, amountMsat: 2_000_000_000n })).not.toMatch(/bends/)
    expect(figuresOf({ ...REBALANCE, curve: [] })).not.toMatch(/By sats moved/)
  })

  it('says what it may cost, what it cost before, and from where', () => {
    expect(figuresOf(REBALANCE)).toMatch(/Worth up to 180 sat of cost/)
    const dear = { ...REBALANCE, amountMsat: 9_750_000_000n, maxPpm: 570 }
    expect(figuresOf(dear)).toMatch(/Worth up to 5,500 sat of cost/)
    expect(figuresOf(REBALANCE)).toMatch(/cost 95 ppm before\./)
    expect(figuresOf({ ...REBALANCE, pastCostPpm: 400 })).toMatch(
      /400 ppm before, more than this pays/,
    )
    expect(figuresOf({ ...REBALANCE, pastCostPpm: undefined })).not.toMatch(/before/)
    expect(figuresOf({ ...REBALANCE, sources: [] })).toMatch(/No channel of yours lies idle/)
  })
})

describe('raising max_htlc', () => {
  it('does not name a limit that is not known', () => {
    const [one] = RECOMMENDATIONS.filter(({ type }) => type === 'raise_max_htlc')
    if (one?.type !== 'raise_max_htlc') throw new Error('none')
    const { action } = recommendationText({ ...one, fromMsat: undefined }, READING)
    expect(action).toBe('Raise max_htlc to 4M sat')
  })
})

describe('what not to do', () => {
  it('is to lower a fee of which payers used an older one', () => {
    const stale: Recommendation = { type: 'leave_alone', reason: 'stale-policies' }
    const block = String(recommendationBlock(stale, 'lower_fee', READING))
    expect(block).toMatch(/used your older one/)
    expect(block).not.toMatch(/no refusal here/)
  })
})

describe('waiting', () => {
  it('says until when, on the clock of the chat', () => {
    const until = Date.parse('2026-11-21T14:30:00Z')
    const { action } = recommendationText({ type: 'wait', reason: 'transient', until }, READING)
    expect(action).toBe('Wait until 15:30: short for a moment')
    const open = recommendationText(
      { type: 'wait', reason: 'transient', until: undefined },
      READING,
    )
    expect(open.action).toBe('Wait: short for a moment')
  })
})

describe(confidenceText, () => {
  it('says how sure and why', () => {
    expect(
      confidenceText({
        level: 'low',
        reasons: [
          { kind: 'demands', demands: 1, days: 1 },
          { kind: 'one-demand', sharePct: 80 },
        ],
      }),
    ).toBe('Not sure: 1 demand on 1 calendar day; one payment makes up 80 %.')
    expect(
      confidenceText({
        level: 'too-little-data',
        reasons: [{ kind: 'short-coverage', coveredMs: 26 * 3_600_000 }],
      }),
    ).toBe('Too little data to say: only 1 d 2 h observed.')
    const unearned = { kind: 'far-above-earned', timesEarned: undefined } as const
    expect(confidenceText({ level: 'low', reasons: [unearned] })).toBe(
      'Not sure: the channel earned nothing so far.',
    )
    expect(confidenceText({ level: 'high', reasons: [] })).toBe('Quite sure.')
  })
})
