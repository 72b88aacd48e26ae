import { describe, expect, it, vi } from 'vitest'
import { Analyst } from '../../src/jobs/analyst.ts'
import { manualClock } from '../support/manual-clock.ts'
import { Story } from '../support/story.ts'

const MINUTE = 60_000

/** An analyst over a node of some demands, to whom each analysis seems to take so many ms. */
async function setUp(takesMs: number) {
  let uptime = 0
  const { memory } = new Story().refused({ at: 0, sat: 10_000 }).refused({ at: 4, sat: 50_000 })
  const clock = manualClock(Date.parse('2026-11-21T13:05:00Z'))
  const analyst = new Analyst({
    memory,
    clock,
    pastCostPpm: () => undefined,
    documents: { read: async () => undefined, write: async () => undefined },
    save: async () => undefined,
    uptimeMs: () => {
      uptime += takesMs
      return uptime
    },
  })
  await analyst.analyse()
  const rest = (ms: number) => {
    uptime += ms
  }
  return { analyst, clock, rest }
}

describe(Analyst, () => {
  it('answers from an analysis of now where that is quick', async () => {
    const { analyst, clock } = await setUp(1)
    await clock.advance(10 * MINUTE)
    await analyst.views.refresh()
    expect(analyst.last?.at).toBe(clock.now())
  })

  it('sees to a new one also where that is slow, once the last has long been made', async () => {
    const { analyst, clock, rest } = await setUp(1_000)
    await clock.advance(10 * MINUTE)
    rest(60_000)
    await analyst.views.refresh()
    await vi.waitUntil(() => analyst.last?.at === clock.now())
  })

  it('does not analyse without end where it takes long', async () => {
    const { analyst, clock } = await setUp(1_000)
    await clock.advance(10 * MINUTE)
    await analyst.views.refresh()
    await clock.advance(10 * MINUTE)
    expect(analyst.last?.at).toBeLessThan(clock.now() - 15 * MINUTE)
  })
})
