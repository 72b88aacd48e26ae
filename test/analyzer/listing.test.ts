import { describe, expect, it } from 'vitest'
import { isMainlyLiquidity, listOpportunities, mainMissed } from '../../src/analyzer/listing.ts'
import type { ChannelMissed, Opportunity } from '../../src/analyzer/views.ts'
import { FakeAnalyzer, missed } from '../support/fake-analyzer.ts'
import { AWKWARD_CHANNELS } from '../support/fake-memory.ts'

const [model] = new FakeAnalyzer(AWKWARD_CHANNELS, 0).opportunities('7d')?.rows ?? []
const ALL = { demands: 0, expectedMsat: 0n }
const HUNDRED = 100_000n

function figures(liquidity: number, other: number, demands = 3): ChannelMissed {
  return {
    liquidity: missed(liquidity, 0, 2 * liquidity),
    other: missed(other, 0, 2 * other),
    liquidityDemands: liquidity > 0 ? demands : 0,
    otherDemands: other > 0 ? demands : 0,
  }
}

function opportunity(changes: Partial<Opportunity>): Opportunity {
  if (model === undefined) throw new Error('no model')
  return { ...model, ...changes }
}

function list(rows: readonly Opportunity[], least = ALL, offset = 0) {
  const { rows: shown, ...rest } = listOpportunities(rows, { least, offset, limit: 2 })
  return { ...rest, aliases: shown.map(({ alias }) => alias) }
}

const small = opportunity({ alias: 'small', missed: figures(10, 0) })
const large = opportunity({ alias: 'large', missed: figures(300, 5) })
const offline = opportunity({ alias: 'offline', missed: figures(0, 120, 1) })
const calm = opportunity({ alias: 'calm', missed: figures(0, 0), refusedAttempts: 0 })

describe(listOpportunities, () => {
  it('ranks by the larger of the two figures, whose sum means nothing', () => {
    expect(list([small, calm, offline, large])).toEqual({
      total: 3,
      hidden: 0,
      offset: 0,
      aliases: ['large', 'offline'],
    })
    expect(list([small, calm, offline, large], ALL, 2).aliases).toEqual(['small'])
  })

  it('ends at the last page however far a button asks', () => {
    expect(list([small, offline, large], ALL, 40)).toMatchObject({ offset: 2, aliases: ['small'] })
    expect(list([], ALL, 40)).toMatchObject({ offset: 0, total: 0, aliases: [] })
  })

  it('keeps off what is below the least and counts it', () => {
    const rows = [small, calm, offline, large]
    expect(list(rows, { demands: 2, expectedMsat: 0n })).toMatchObject({ total: 2, hidden: 1 })
    expect(list(rows, { demands: 0, expectedMsat: HUNDRED })).toMatchObject({ total: 2, hidden: 1 })
  })

  it('does not hide a channel by a figure that it would not show', () => {
    const young = opportunity({
      alias: 'young',
      missed: figures(10, 0),
      confidence: { level: 'too-little-data', reasons: [] },
    })
    expect(list([young], { demands: 3, expectedMsat: HUNDRED }).aliases).toEqual(['young'])
    expect(list([young], { demands: 4, expectedMsat: HUNDRED })).toMatchObject({ hidden: 1 })
  })

  it('ranks equal figures by attempts', () => {
    const busy = opportunity({ alias: 'busy', missed: figures(10, 0), refusedAttempts: 9_000 })
    expect(list([small, busy]).aliases).toEqual(['busy', 'small'])
  })
})

describe(mainMissed, () => {
  it('is of balance unless something else cost more', () => {
    expect(isMainlyLiquidity(figures(10, 9))).toBe(true)
    expect(isMainlyLiquidity(figures(9, 10))).toBe(false)
    expect(mainMissed(figures(9, 10))).toEqual(missed(10, 0, 20))
  })

  it('goes by the demands when neither cost anything', () => {
    const worthless = { ...figures(0, 0), otherDemands: 4 }
    expect(isMainlyLiquidity(worthless)).toBe(false)
    expect(isMainlyLiquidity({ ...worthless, liquidityDemands: 1 })).toBe(true)
    expect(isMainlyLiquidity(figures(0, 0))).toBe(true)
  })
})
