import { describe, expect, it } from 'vitest'
import { type DigestParts, digestOf, isQuietDigest } from '../../src/analyzer/digest.ts'
import { emptyingChannels } from '../../src/analyzer/emptying.ts'
import { Outflow } from '../../src/stats/outflow.ts'
import { BOB, CAROL, channel, DAY, HOUR, MINUTE, NOON } from '../support/events.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { AWKWARD_CHANNELS, FakeMemory } from '../support/fake-memory.ts'
import { Story } from '../support/story.ts'

function parts(change: Partial<DigestParts> = {}): DigestParts {
  const memory = new FakeMemory(AWKWARD_CHANNELS, NOON - 30 * DAY)
  const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOON)
  return {
    period: 'day',
    now: NOON,
    node: memory.node('24h', NOON),
    day: memory.node('24h', NOON),
    before: undefined,
    series: undefined,
    isFilling: false,
    status: memory.status(NOON),
    opportunities: analyzer.opportunities('24h'),
    explanation: analyzer.explain(undefined, '24h'),
    channel: (scid) => memory.channel(scid, '24h', NOON),
    emptying: [],
    ...change,
  }
}

describe(digestOf, () => {
  it('names the three channels that missed most, each with the reason for it', () => {
    const { top } = digestOf(parts())
    expect(top.map(({ alias, failure }) => [alias, failure])).toEqual([
      ['alice', 'INSUFFICIENT_BALANCE'],
      ['<b>bob & "sons"</b>', 'FEE_INSUFFICIENT'],
      ['🕊️ born to be free 🕊️', 'UNKNOWN_NEXT_PEER'],
    ])
    const missed = top.map((one) => one.missed?.expectedMsat ?? 0n)
    expect([...missed].sort((a, b) => Number(b - a))).toEqual(missed)
  })

  it('advises at most three steps, and none to wait or to leave things alone', () => {
    const { actions } = digestOf(parts())
    expect(actions).toHaveLength(3)
    for (const { recommendation } of actions) {
      expect(['wait', 'leave_alone', 'too_little_data']).not.toContain(recommendation.type)
    }
    const all = parts().opportunities
    const rest = all?.rows.filter(({ recommendation }) => 'reason' in recommendation) ?? []
    expect(rest.length).toBeGreaterThan(0)
    const opportunities = all && { ...all, rows: rest }
    expect(digestOf(parts({ opportunities })).actions).toEqual([])
  })

  it('gives no figure of what was missed where there is too little data', () => {
    const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOON)
    analyzer.isTooLittle = true
    const digest = digestOf(
      parts({
        opportunities: analyzer.opportunities('24h'),
        explanation: analyzer.explain(undefined, '24h'),
      }),
    )
    expect(digest.refused).toMatchObject({ attempts: 363, demands: 45, missed: undefined })
    for (const { missed } of digest.top) expect(missed).toBeUndefined()
  })

  it('says for how long it was blind, since it first listened', () => {
    const node = (coveredMs: number) => {
      const view = new FakeMemory([], NOON).node('24h', NOON)
      return { ...view, span: { from: NOON - DAY, to: NOON, coveredMs } }
    }
    const of = (coveredMs: number, listeningSince: number) =>
      digestOf(parts({ node: node(coveredMs), status: { listeningSince } }))
    expect(of(DAY - 14 * MINUTE, NOON - 9 * DAY)).toMatchObject({
      blindMs: 14 * MINUTE,
      listeningSince: undefined,
    })
    // What was before the first start is not blind: it is said in other words.
    expect(of(9 * HOUR, NOON - 9 * HOUR)).toMatchObject({
      blindMs: 0,
      listeningSince: NOON - 9 * HOUR,
    })
  })

  it('counts the same attempts as its chart, though the analysis is older', () => {
    const { node, refused } = { ...parts(), ...digestOf(parts()) }
    const counted = node.forwards.refused.reduce((sum, { attempts }) => sum + attempts, 0)
    expect(counted).toBeGreaterThan(0)
    expect(refused?.attempts).toBe(counted)
  })

  it('is quiet with nothing refused, nothing to do and nothing running out', () => {
    const still = new FakeAnalyzer([], NOON)
    const node = new FakeMemory([], NOON - 30 * DAY).node('24h', NOON)
    const quiet = digestOf(parts({ node, opportunities: still.opportunities('24h') }))
    expect(isQuietDigest(quiet)).toBe(true)
    expect(isQuietDigest(digestOf(parts()))).toBe(false)
    const emptying = [{ scid: BOB, alias: 'bob', localMsat: 1n, emptyInMs: HOUR }]
    expect(isQuietDigest({ ...quiet, emptying })).toBe(false)
  })
})

describe(emptyingChannels, () => {
  const { memory } = new Story()
  // 2.45M sat can be sent on each of them.
  const spendable = 2_450_000_000

  /** Hours in which a channel sends out so many msat an hour net. */
  function flowing(perHour: Partial<Record<string, number>>, hours = 12): Outflow {
    const outflow = new Outflow()
    for (let minute = 0; minute <= hours * 60; minute++) {
      const at = (scid: string) => spendable * 4 - ((perHour[scid] ?? 0) / 60) * minute
      outflow.look(new Map([BOB, CAROL].map((scid) => [scid, at(scid)])), MINUTE)
    }
    return outflow
  }

  it('names what will be empty within a day at the present outflow, the first one first', () => {
    const found = emptyingChannels(memory, flowing({ [BOB]: 150_000_000, [CAROL]: 400_000_000 }))
    expect(found.map(({ scid }) => scid)).toEqual([CAROL, BOB])
    // 2.45M at 0.4M an hour; the long memory has not seen all of it yet.
    const hours = (found[0]?.emptyInMs ?? 0) / HOUR
    expect(hours).toBeGreaterThan(6.1)
    expect(hours).toBeLessThan(7.5)
  })

  it('leaves out what lasts longer, flows in, or flowed out in a burst alone', () => {
    expect(emptyingChannels(memory, flowing({ [BOB]: 60_000_000 }))).toEqual([])
    expect(emptyingChannels(memory, flowing({ [BOB]: -300_000_000 }))).toEqual([])
    const burst = flowing({})
    for (const scid of [BOB]) {
      for (let i = 1; i <= 6; i++) burst.look(new Map([[scid, spendable * 4 - i * 5e7]]), MINUTE)
    }
    expect(emptyingChannels(memory, burst)).toEqual([])
  })

  it('leaves out what is empty already', () => {
    const story = new Story([channel(BOB, { localMsat: 60_000_000n })])
    expect(emptyingChannels(story.memory, flowing({ [BOB]: 300_000_000 }))).toEqual([])
  })
})
