import { describe, expect, it } from 'vitest'
import { type Habits, USUAL_HABITS } from '../../src/demo/traffic-habits.ts'
import type { Rebalancer, TrafficPlan } from '../../src/demo/traffic-plan.ts'
import { createWorld } from '../../src/demo/world.ts'
import { type ChannelSpec, pubkeyOf, USUAL_CHANNEL } from '../../src/demo/world-channels.ts'
import type { Attempt } from '../../src/demo/world-stage.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const START = Date.UTC(2026, 10, 22)

// Whoever gets through to us gets through to the end, but for amounts beyond a million sat.
const SURE: Habits['reach'] = [
  [1, 1],
  [1_000_000, 1],
  [1_000_001, 0],
]

describe('the public of a simulated node', () => {
  it('searches for the largest amount that passes, and pays it', () => {
    const attempts = play({
      wants: [['search', 1]],
      reach: SURE,
      paysFoundShare: 1,
    })
    const steps = byPayment(attempts).filter((tries) => tries.length === 7)

    expect(steps.length).toBeGreaterThan(20)
    for (const tries of steps) {
      const reached = tries.slice(0, 6).filter(({ outgoingMsat }) => outgoingMsat <= 1_000_000_000)
      const [first] = tries
      expect(tries[1]?.outgoingMsat).toBeCloseTo((first?.outgoingMsat ?? 0) * factor(first), -1)
      expect(tries[6]).toMatchObject({ outcome: 'settled' })
      expect(tries[6]?.outgoingMsat).toBe(Math.max(...reached.map((one) => one.outgoingMsat)))
    }
  })

  it('pays in equal or unequal parts that settle together or not at all', () => {
    const multiPart = { share: 1, leastMsat: 0, mostParts: 6 }
    const equal = byPayment(play({ ...ONLY_PAY, multiPart: { ...multiPart, unevenShare: 0 } }))
    const uneven = byPayment(play({ ...ONLY_PAY, multiPart: { ...multiPart, unevenShare: 1 } }))

    expect(equal.every(spreadOf(1.003))).toBe(true)
    expect(uneven.some(spreadOf(1.2))).toBe(true)
    expect(uneven.every(spreadOf(1.003))).toBe(false)
    for (const parts of uneven) expect(new Set(parts.map(({ outcome }) => outcome)).size).toBe(1)
  })

  it('never gets through to a recipient who is not there', () => {
    const attempts = play({ ...ONLY_PAY, hopelessShare: 1 })

    expect(attempts.length).toBeGreaterThan(100)
    expect(attempts.some(({ outcome }) => outcome === 'settled')).toBe(false)
  })
})

describe('a rebalancer', () => {
  const BOT: Rebalancer = {
    name: 'bot',
    from: 'source',
    to: 'sink',
    amountMsat: 400_000_000,
    everyMs: 10 * MINUTE,
    campaignMs: 3 * DAY,
    luck: 0,
    repeats: 0,
    halvings: 0,
  }

  it('tries the same amount on a timer until it gives up', () => {
    const ticks = play({}, [BOT])

    expect(new Set(ticks.map(({ outgoingMsat }) => outgoingMsat))).toEqual(new Set([400_000_000]))
    expect(ticks).toHaveLength(40)
    for (const [i, { at }] of ticks.slice(1).entries()) {
      expect(at - (ticks[i]?.at ?? 0)).toBeGreaterThan(9.9 * MINUTE)
    }
  })

  it('stops once it has got through, or goes for another round', () => {
    expect(play({}, [{ ...BOT, luck: 1 }])).toHaveLength(1)
    expect(play({}, [{ ...BOT, luck: 1, repeats: 1 }])).toHaveLength(40)
  })

  it('tries half as much after a failure, where it is of that kind', () => {
    const amounts = play({}, [{ ...BOT, halvings: 2 }]).map(({ outgoingMsat }) => outgoingMsat)

    expect(amounts.slice(0, 4)).toEqual([400_000_000, 200_000_000, 100_000_000, 100_000_000])
  })
})

const ONLY_PAY: Partial<Habits> = { wants: [['payment', 1]], reach: SURE, attempts: [[1, 1]] }

// Two days of a node with one source and one sink, both with plenty; without bots 100 come a day.
function play(habits: Partial<Habits>, rebalancers: readonly Rebalancer[] = []): Attempt[] {
  const traffic: TrafficPlan = {
    flows: [
      {
        from: [['source', 1]],
        to: 'sink',
        perDay: rebalancers.length > 0 ? 0 : 100,
        medianSat: 60_000,
        sigma: 0.5,
      },
    ],
    habits: { ...USUAL_HABITS, ...habits },
    rebalancers,
    own: {
      sendsPerDay: 0,
      receivesPerDay: 0,
      payees: [],
      rebalances: { perDay: 0, medianSat: 0, ways: [] },
      refill: undefined,
    },
    noise: { neighbours: [], invoiceProbesPerDay: 0, garbagePerDay: 0 },
  }
  const attempts: Attempt[] = []
  const world = createWorld({
    seed: 3,
    startAt: START,
    channels: [channel('source', 0.01), channel('sink', 0.99)],
    traffic,
    trace: (attempt) => attempts.push(attempt),
  })
  world.advance(START + 2 * DAY)
  return attempts.filter(({ refusal }) => refusal === undefined)
}

function channel(name: string, localShare: number): ChannelSpec {
  return {
    ...USUAL_CHANNEL,
    scid: `${name === 'sink' ? 870_000 : 860_000}x1x0`,
    peer: { name, pubkey: pubkeyOf(3, name), alias: name, outages: undefined },
    capacitySat: 500_000_000,
    localSat: Math.floor(500_000_000 * localShare),
  }
}

// The attempts of each payment in the order in which they ended.
function byPayment(attempts: readonly Attempt[]): Attempt[][] {
  const payments = new Map<string, Attempt[]>()
  for (const attempt of attempts) {
    const payment = attempt.key.split('/').slice(0, 2).join('/')
    payments.set(payment, [...(payments.get(payment) ?? []), attempt])
  }
  return [...payments.values()]
}

// The second step of a search: halfway up after a success, halfway down after a failure.
function factor(first: Attempt | undefined): number {
  return (first?.outgoingMsat ?? 0) <= 1_000_000_000 ? 1.5 : 0.5
}

function spreadOf(most: number): (parts: readonly Attempt[]) => boolean {
  return (parts) => {
    const amounts = parts.map(({ outgoingMsat }) => outgoingMsat)
    return Math.max(...amounts) <= most * Math.min(...amounts)
  }
}
