import { describe, expect, it } from 'vitest'
import type { SettledForward } from '../../src/lightning/htlc.ts'
import { createLog } from '../../src/log.ts'
import { EarnedDays } from '../../src/stats/earned-days.ts'
import { PairSums, sortPairs } from '../../src/stats/pairs.ts'
import { historyOf } from '../../src/wiring/history.ts'
import { ALICE, BOB, CAROL, channel } from '../support/events.ts'
import { manualClock } from '../support/manual-clock.ts'
import { Story } from '../support/story.ts'

const NOW = Date.parse('2026-11-21T13:05:00Z')

function forward(changes: Partial<SettledForward> = {}): SettledForward {
  return {
    at: NOW - 60_000,
    incoming: ALICE,
    outgoing: BOB,
    incomingMsat: 1_000_210_001n,
    outgoingMsat: 1_000_000_000n,
    incomingHtlcId: undefined,
    ...changes,
  }
}

/** LND's history of some pages; `asked` are the questions that reached it. */
function setUp(pages: readonly (readonly SettledForward[])[], pageMs = 0) {
  const clock = manualClock(NOW)
  const asked: number[] = []
  const trouble: { state: 'listening' | 'locked'; error: Error | undefined } = {
    state: 'listening',
    error: undefined,
  }
  const lnd = {
    status: () => ({ state: trouble.state, since: 0, detail: '', reconnects: 0 }),
    async *forwards(from: number) {
      asked.push(from)
      if (trouble.error) throw trouble.error
      for (const page of pages) {
        if (pageMs > 0) await clock.sleep(pageMs)
        yield page
      }
    },
  }
  const { memory } = new Story([channel(ALICE), channel(BOB, { aliases: ['16000000x0x7'] })])
  const history = historyOf({ lnd, memory, clock, log: createLog('silent', []) })
  return { clock, asked, trouble, pairs: () => history('pairs', 1, () => new PairSums()) }
}

describe(historyOf, () => {
  it('sums every page, exactly, and takes other ids of a channel for its own', async () => {
    const { pairs } = setUp([[forward()], [forward({ outgoing: '16000000x0x7', at: NOW })]])
    const told = await pairs()
    if (told.kind !== 'told') throw new Error(told.kind)
    expect(told.sum.pairs()).toEqual([
      {
        incoming: ALICE,
        outgoing: BOB,
        forwards: 2,
        volumeMsat: 2_000_000_000n,
        earnedMsat: 420_002n,
        lastAt: NOW,
      },
    ])
  })

  it('answers the same question from memory for half a minute, also while it is being read', async () => {
    const { pairs, asked, clock } = setUp([[forward()]])
    const [one, other] = await Promise.all([pairs(), pairs()])
    expect(one).toBe(other)
    await pairs()
    expect(asked).toHaveLength(1)
    await clock.advance(30_000)
    await pairs()
    expect(asked).toHaveLength(2)
  })

  it('gives up a list that takes too long rather than showing part of it', async () => {
    const { pairs, clock } = setUp([[forward()], [forward()], [forward()]], 15_000)
    const told = pairs()
    await clock.advance(60_000)
    expect(await told).toEqual({ kind: 'slow' })
  })

  it('does not ask an LND that is away, and asks again after an error', async () => {
    const { pairs, asked, trouble } = setUp([[forward()]])
    trouble.state = 'locked'
    expect(await pairs()).toEqual({ kind: 'away' })
    expect(asked).toEqual([])
    trouble.state = 'listening'
    trouble.error = new Error('deadline exceeded')
    expect(await pairs()).toEqual({ kind: 'away' })
    trouble.error = undefined
    expect(await pairs()).toMatchObject({ kind: 'told' })
  })
})

describe(PairSums, () => {
  it('counts what it has no room to tell apart', () => {
    const sums = new PairSums(1)
    sums.add(forward())
    sums.add(forward({ outgoing: CAROL }))
    expect(sums.pairs()).toHaveLength(1)
    expect(sums).toMatchObject({ forwards: 2, unpaired: 1, earnedMsat: 420_002n })
  })

  it('is sorted by what is asked for, the newest first among equals', () => {
    const sums = new PairSums()
    sums.add(forward({ at: 1, outgoing: CAROL }))
    sums.add(forward({ at: 2 }))
    sums.add(forward({ at: 3, incoming: CAROL, incomingMsat: 1_000_000_001n }))
    const orders = (['recent', 'earned', 'volume'] as const).map((order) =>
      sortPairs(sums.pairs(), order, undefined).map(({ lastAt }) => lastAt),
    )
    expect(orders).toEqual([
      [3, 2, 1],
      [2, 1, 3],
      [3, 2, 1],
    ])
    expect(sortPairs(sums.pairs(), 'recent', ALICE).map(({ lastAt }) => lastAt)).toEqual([2, 1])
  })
})

describe(EarnedDays, () => {
  it('sums by the day that a calendar gives, in whatever order forwards come', () => {
    const days = new EarnedDays((at) => new Date(at).toISOString().slice(0, 10))
    for (const at of ['2026-11-20T23:59:59Z', '2026-11-21T00:00:00Z', '2026-11-20T01:00:00Z']) {
      days.add(forward({ at: Date.parse(at) }))
    }
    expect(days.of('2026-11-20')).toMatchObject({ forwards: 2, earnedMsat: 420_002n })
    expect(days.of('2026-11-21')).toMatchObject({ forwards: 1 })
    expect(days.of('2026-11-22')).toMatchObject({ forwards: 0, earnedMsat: 0n })
  })
})
