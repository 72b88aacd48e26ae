import { describe, expect, it } from 'vitest'
import { type Estimate, estimate, runToEnd } from '../../src/analyzer/estimate.ts'
import type { ChannelMissed, WindowDemand } from '../../src/analyzer/views.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { Memory } from '../../src/stats/memory.ts'
import { collectDocuments, RESTORED_PREFIXES } from '../../src/stats/memory-documents.ts'
import { restoreMemory } from '../../src/stats/restore-memory.ts'
import { ALICE, BOB, CAROL, channel, HOUR, NOON } from '../support/events.ts'
import { Story } from '../support/story.ts'

const HOUR_S = 3_600
const WEALTHY = 400_000_000_000n

/** A node whose neighbour ALICE can send whatever it wants. */
function wealthyStory(): Story {
  return new Story([
    channel(ALICE, { capacityMsat: WEALTHY, remoteMsat: WEALTHY - 10_000_000_000n }),
    channel(BOB),
    channel(CAROL),
  ])
}

/** Experience: of ten demands towards BOB an hour, so many settled. */
function withExperience(story: Story, settled: number, hours = 12): Story {
  for (let i = 0; i < hours * 10; i++) {
    const at = i * 360
    const sat = 20_000 + ((i * 7_919) % 180_000)
    story.forwarded({ at, sat, feeSat: 1 }, i % 10 < settled ? 'settled' : 'failed')
  }
  return story
}

function estimated(story: Story): Estimate {
  return runToEnd(estimate(story.memory, [{ name: 'all', from: 0 }], story.now))
}

function missedOn(story: Story, scid: Scid): ChannelMissed | undefined {
  const serial = story.memory.book.get(scid)?.serial ?? 0
  return estimated(story).spans.get('all')?.channels.get(serial)
}

function demandsOn(story: Story, scid: Scid): readonly WindowDemand[] {
  const serial = story.memory.book.get(scid)?.serial ?? 0
  return estimated(story).spans.get('all')?.demands.get(serial) ?? []
}

/** The memory as it is after a restart. */
function reopened(memory: Memory): Memory {
  const saved = collectDocuments(memory).filter(({ value }) => value !== undefined)
  const docs = new Map(saved.map(({ key, value }) => [key, value]))
  const again = new Memory({ maxChannels: 100, retentionDays: 400 }, NOON)
  for (const prefix of RESTORED_PREFIXES) {
    restoreMemory(again, prefix, new Map([...docs].filter(([key]) => key.startsWith(prefix))))
  }
  return again
}

describe(estimate, () => {
  it('finds nothing missed where nothing was refused', () => {
    const { spans, trials } = estimated(withExperience(wealthyStory(), 5))
    expect(spans.get('all')?.node).toEqual({ expectedMsat: 0n, lowMsat: 0n, highMsat: 0n })
    expect(trials).toBe(120)
  })

  it('expects of a demand its fee times the share of such that settle here', () => {
    const story = withExperience(wealthyStory(), 6)
    story.refused({ at: 13 * HOUR_S, sat: 80_000, feeSat: 100 })
    const missed = missedOn(story, BOB)?.liquidity
    expect(Number(missed?.expectedMsat) / 1000).toBeGreaterThan(45)
    expect(Number(missed?.expectedMsat) / 1000).toBeLessThan(75)
    // One demand settles or does not: its interval reaches from nothing to the whole fee.
    expect(missed?.lowMsat).toBe(0n)
    expect(Number(missed?.highMsat) / 1000).toBeGreaterThan(90)
  })

  it('counts a buyer who tried nine times once, where naive sums count nine fees', () => {
    const story = withExperience(wealthyStory(), 6)
    for (let i = 0; i < 9; i++) story.refused({ at: 13 * HOUR_S + i * 6, sat: 80_000, feeSat: 100 })
    expect(demandsOn(story, BOB)).toHaveLength(1)
    expect(Number(missedOn(story, BOB)?.liquidity.expectedMsat)).toBeLessThan(75_000)
  })

  it('missed nothing of a payment that a parallel channel served, or that was probed and then paid', () => {
    const bob = channel(BOB)
    const parallel: Scid = '830000x1x1'
    const story = new Story([
      channel(ALICE, { capacityMsat: WEALTHY, remoteMsat: WEALTHY - 10_000_000_000n }),
      bob,
      channel(parallel, { peer: bob.peer }),
    ])
    withExperience(story, 6)
      .refused({ at: 13 * HOUR_S, sat: 80_000, feeSat: 100 })
      .forwarded({ at: 13 * HOUR_S + 4, sat: 80_000, feeSat: 100, to: parallel }, 'settled')
      .refused({ at: 14 * HOUR_S, sat: 999_900 })
      .forwarded({ at: 14 * HOUR_S + 4, sat: 999_900 }, 'settled')
    expect(missedOn(story, BOB)?.liquidity.expectedMsat).toBe(0n)
  })

  it('expects less of what failed further on before we refused it', () => {
    const once = withExperience(wealthyStory(), 6).refused({ at: 13 * HOUR_S, sat: 80_000 })
    const after = withExperience(wealthyStory(), 6)
    for (let i = 0; i < 4; i++) after.forwarded({ at: 13 * HOUR_S + i * 5, sat: 80_000 }, 'failed')
    after.refused({ at: 13 * HOUR_S + 25, sat: 80_000 })
    const [plain] = demandsOn(once, BOB)
    const [failing] = demandsOn(after, BOB)
    expect(failing?.demand.chance).toBeLessThan((plain?.demand.chance ?? 0) / 2)
  })

  it('takes a rebalancer on a timer for one loss, and for none once it got through', () => {
    const story = withExperience(wealthyStory(), 6)
    for (let i = 0; i < 12; i++)
      story.refused({ at: 13 * HOUR_S + i * 900, sat: 500_000, feeSat: 250 })
    const [timer, ...others] = demandsOn(story, BOB)
    expect(others).toEqual([])
    expect(timer?.demand).toMatchObject({ kind: 'timer', attempts: 12, feeMsat: 250_000 })
    expect(Number(missedOn(story, BOB)?.liquidity.expectedMsat)).toBeLessThan(300_000)
    story.forwarded({ at: 13 * HOUR_S + 12 * 900, sat: 500_000, feeSat: 250 }, 'settled')
    expect(missedOn(story, BOB)?.liquidity.expectedMsat ?? 0n).toBe(0n)
  })

  it('credits no more inflow than the neighbour had on its side', () => {
    const poor = new Story([
      channel(ALICE, { localMsat: 4_700_000_000n, remoteMsat: 300_000_000n }),
      channel(BOB),
      channel(CAROL),
    ])
    withExperience(poor, 8, 2)
    const rich = withExperience(wealthyStory(), 8, 2)
    for (const story of [poor, rich]) {
      for (let i = 0; i < 30; i++) {
        story.refused({
          at: 3 * HOUR_S + i * 97 + (i % 7) * 11,
          sat: 150_000 + i * 9_001,
          feeSat: 100,
        })
      }
    }
    const [few, many] = [poor, rich].map((story) =>
      Number(missedOn(story, BOB)?.liquidity.expectedMsat),
    )
    expect(few).toBeLessThan((many ?? 0) / 2)
  })

  it('keeps other classes apart, and leaves out fee refusals within an hour of an own change', () => {
    const fee = { wireFailure: 12, failureDetail: 1 }
    const story = withExperience(wealthyStory(), 6)
      .refused({ at: 13 * HOUR_S, sat: 80_000 }, fee)
      .refused({ at: 16 * HOUR_S, sat: 90_000 }, fee)
    expect(missedOn(story, BOB)).toMatchObject({ liquidityDemands: 0, otherDemands: 2 })
    expect(missedOn(story, BOB)?.liquidity.expectedMsat).toBe(0n)
    const bob = story.memory.book.get(BOB)
    bob?.policyChanges.push({ at: NOON + 12.5 * HOUR, fee: 'raised' })
    expect(missedOn(story, BOB)).toMatchObject({ otherDemands: 1 })
    expect(demandsOn(story, BOB).map(({ demand }) => demand.leftOut)).toEqual([
      'policy-change',
      undefined,
    ])
  })

  it('leaves out circular routes, interrupted forwards and what has no amounts', () => {
    const story = withExperience(wealthyStory(), 6)
      .refused({ at: 13 * HOUR_S, sat: 80_000 }, { failureDetail: 22 })
      .refused({ at: 14 * HOUR_S, sat: 80_000 }, { failureDetail: 7 })
      .refused({ at: 15 * HOUR_S, sat: 0 }, { failureDetail: 8 })
    expect(missedOn(story, BOB)).toBeUndefined()
  })

  it('takes a demand out that the operator said to ignore, and puts it back', () => {
    const story = withExperience(wealthyStory(), 6)
    story.refused({ at: 13 * HOUR_S, sat: 80_000 }).until(14 * HOUR_S)
    const before = missedOn(story, BOB)
    const [demand] = demandsOn(story, BOB)
    const id = demand?.demand.id ?? -1
    story.memory.demands.log.setIgnored(id, true)
    expect(missedOn(story, BOB)?.liquidity.expectedMsat).toBe(0n)
    story.memory.demands.log.setIgnored(id, false)
    expect(missedOn(story, BOB)).toEqual(before)
  })

  it('has a timer that still runs in every window, and forgives it what settled long before', () => {
    const story = withExperience(wealthyStory(), 6)
    story.forwarded({ at: 13 * HOUR_S, sat: 500_000, feeSat: 250 }, 'settled')
    const start = 13 * HOUR_S + 900
    for (let i = 0; i < 4 * 96; i++)
      story.refused({ at: start + i * 900, sat: 500_000, feeSat: 250 })
    const day = { name: '24h', from: story.now - 24 * HOUR } as const
    const found = runToEnd(estimate(story.memory, [day], story.now)).spans.get('24h')
    const [timer, ...others] = [...(found?.demands.values() ?? [])].flat()
    expect(others).toEqual([])
    expect(timer?.demand.kind).toBe('timer')
    expect(timer?.demand.attempts).toBeGreaterThan(90)
    expect(Number(found?.node.expectedMsat)).toBeGreaterThan(50_000)
  })

  it('counts a buyer once who was refused for two reasons of one figure', () => {
    const tooLarge = { failureDetail: 5 }
    const once = withExperience(wealthyStory(), 6).refused({ at: 13 * HOUR_S, sat: 3_000_000 })
    const twice = withExperience(wealthyStory(), 6)
      .refused({ at: 13 * HOUR_S, sat: 3_000_000 })
      .refused({ at: 13 * HOUR_S + 4, sat: 3_000_000 }, tooLarge)
    expect(missedOn(twice, BOB)).toEqual(missedOn(once, BOB))
  })

  it('takes a forward on its way, or one whose end is unknown, for no experience', () => {
    const story = withExperience(wealthyStory(), 6).refused({ at: 13 * HOUR_S, sat: 80_000 })
    const before = estimated(story)
    for (let i = 0; i < 10; i++) story.forwarded({ at: 14 * HOUR_S + i, sat: 60_000 + i * 3_000 })
    expect(estimated(story).trials).toBe(before.trials)
    story.memory.circuits.inFlight.reconcile(story.memory.book)
    story.memory.circuits.inFlight.reconcile(story.memory.book)
    expect(estimated(story).trials).toBe(before.trials)
  })

  it('caps inflow after a restart as before, also while LND lists nothing', () => {
    const story = new Story([
      channel(ALICE, { localMsat: 4_400_000_000n, remoteMsat: 600_000_000n }),
      channel(BOB),
      channel(CAROL),
    ])
    withExperience(story, 8, 1)
    for (let i = 0; i < 30; i++)
      story.refused({ at: 3 * HOUR_S + i * 97, sat: 150_000 + i * 9_001 })
    const again = reopened(story.memory)
    const [before, after] = [story.memory, again].map(
      (memory) =>
        runToEnd(estimate(memory, [{ name: 'all', from: 0 }], story.now)).spans.get('all')?.node,
    )
    expect(after).toEqual(before)
  })

  it('adds what is left of demands that the memory had no room for', () => {
    const story = withExperience(wealthyStory(), 6).refused({ at: 13 * HOUR_S, sat: 80_000 })
    const before = missedOn(story, BOB)?.liquidity
    const [row] = story.demands()
    for (let i = 0; i < 4; i++) {
      if (row) story.memory.demands.log.folded.add({ ...row, expected: 20_000, variance: 1e8 })
    }
    const after = missedOn(story, BOB)
    expect(Number(after?.liquidity.expectedMsat)).toBe(Number(before?.expectedMsat) + 80_000)
    expect(Number(after?.liquidity.highMsat)).toBeGreaterThan(Number(before?.highMsat) + 60_000)
    expect(after?.liquidity.lowMsat).toBeLessThan(after?.liquidity.expectedMsat ?? 0n)
    expect(after?.liquidityDemands).toBe(1)
  })

  it('says the same of the same memory, to the msat', () => {
    const story = withExperience(wealthyStory(), 4)
    for (let i = 0; i < 20; i++)
      story.refused({ at: 13 * HOUR_S + i * 200, sat: 30_000 + i * 5_000 })
    const { spans } = estimated(story)
    expect(estimated(story).spans).toEqual(spans)
    const { node } = spans.get('all') ?? {}
    expect(Number(node?.lowMsat)).toBeLessThan(Number(node?.expectedMsat))
    expect(Number(node?.highMsat)).toBeGreaterThan(Number(node?.expectedMsat))
  })

  it('counts in a window what began in it, and learns from all that is remembered', () => {
    const story = withExperience(wealthyStory(), 6)
    story.refused({ at: 13 * HOUR_S, sat: 80_000 }).refused({ at: 40 * HOUR_S, sat: 90_000 })
    const spans = [
      { name: '24h', from: story.now - 24 * HOUR },
      { name: '7d', from: story.now - 168 * HOUR },
    ] as const
    const { trials, ...result } = runToEnd(estimate(story.memory, spans, story.now))
    expect(trials).toBe(120)
    const serial = story.memory.book.get(BOB)?.serial ?? 0
    const demands = spans.map(({ name }) => result.spans.get(name)?.demands.get(serial)?.length)
    expect(demands).toEqual([1, 2])
  })
})
