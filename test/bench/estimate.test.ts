import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { OUTGOING } from '../../src/stats/account.ts'
import { ALL } from '../../src/stats/cells.ts'
import { sideView } from '../../src/stats/memory-views.ts'
import { ESTIMATORS, METHOD, NAIVE } from './estimate/estimators.ts'
import { quantile, spearman } from './estimate/figures.ts'
import { KINDS } from './estimate/kinds.ts'
import { listen } from './estimate/listen.ts'
import type { NodeKind } from './estimate/node-kind.ts'
import { beginPeriod, isHeard, type Period, START } from './estimate/period.ts'
import { feesTowards, truthOf } from './estimate/truth.ts'
import { judge } from './estimate/verdict.ts'

vi.setConfig({ testTimeout: 60_000 })

const DAY = 86_400_000
const WEEK_END = START + 7 * DAY
const SMALL = kindOf('small node')
// The quickest to play that have all behaviours between them.
const QUICK = [
  'calm',
  'multi-part-heavy',
  'offline peers',
  'small node',
  'hard-avoiding senders',
].map(kindOf)

describe(beginPeriod, () => {
  it('plays the same days from the same seed, byte for byte, and others from another', () => {
    for (const kind of QUICK) {
      const [one, again, other] = [play(kind, 7), play(kind, 7), play(kind, 8)]

      expect(JSON.stringify(again.attempts)).toBe(JSON.stringify(one.attempts))
      expect(again.world.channels()).toEqual(one.world.channels())
      expect(JSON.stringify(other.attempts)).not.toBe(JSON.stringify(one.attempts))
    }
  })

  it('neither makes nor loses a single msat, whatever the kind of node', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.nat(), (kind, seed) => {
        for (const channel of play(kind, seed).world.channels()) {
          const { capacityMsat, localMsat, remoteMsat, unsettledMsat, commitFeeMsat } = channel
          const lost = capacityMsat - localMsat - remoteMsat - unsettledMsat - commitFeeMsat
          // Three of them are rounded down to whole sats, as LND shows them.
          expect(lost >= 0n && lost <= 2_000n).toBe(true)
          expect(localMsat >= 0n && remoteMsat >= 0n).toBe(true)
        }
      }),
      { numRuns: 12 },
    )
  })

  it('refuses nothing for lack of balance where there is plenty, and changes no fate', () => {
    for (const kind of QUICK) {
      const asItIs = play(kind, 3)
      const { name, scids } = mostRefused(asItIs)
      const ample = play(kind, 3, scids)
      const before = new Map(asItIs.attempts.map((attempt) => [attempt.key, attempt]))
      const both = ample.attempts.flatMap((after) => {
        const was = before.get(after.key)
        return was ? [{ was, after }] : []
      })
      const decided = both.filter(({ was, after }) => isDecided(was) && isDecided(after))

      expect(ample.attempts.some((one) => one.to === name && lacksBalance(one))).toBe(false)
      // Others fail with a sibling, or die where their neighbour has spent its balance.
      const changed = decided.filter(({ was, after }) => was.outcome !== after.outcome)
      expect(decided.length).toBeGreaterThan(100)
      expect(changed.length).toBeLessThan(0.02 * decided.length)
    }
  })
})

describe(truthOf, () => {
  it('is what payments towards the peer earn more, as far as somebody listens', () => {
    const heard = missedBy(SMALL)
    const unheard = missedBy({
      ...SMALL,
      pauses: () => [{ from: START, to: START + 8 * DAY }],
    })

    expect([...heard.values()].reduce((sum, missed) => sum + missed, 0)).toBeGreaterThan(0)
    expect([...unheard.keys()]).toEqual([...heard.keys()])
    expect([...unheard.values()].every((missed) => missed === 0)).toBe(true)
  })

  it('is exactly nothing towards a peer that was never refused for lack of balance', () => {
    let peers = 0
    for (const kind of QUICK) {
      const asItIs = play(kind, 4)
      const lacking = new Set(asItIs.attempts.filter(lacksBalance).map(({ to }) => to))
      const fine = asItIs.world.peers().filter(({ name }) => !lacking.has(name))
      for (const peer of fine) {
        const ample = play(kind, 4, channelsWith(asItIs, peer.name))
        expect(feesTowards(ample, peer.name)).toBe(feesTowards(asItIs, peer.name))
        peers++
      }
    }
    expect(peers).toBeGreaterThan(10)
  })
})

describe(listen, () => {
  it('counts every refusal and every fee that the world knows of', () => {
    const week = beginWeek(SMALL, 6)
    const memory = listen(week)
    const node = sideView(memory, memory.node, OUTGOING, ALL, 0)
    const settled = week.attempts.filter(({ outcome }) => outcome === 'settled')
    const refused = week.attempts.filter((one) => one.to !== 'nobody' && lacksBalance(one))
    const heard = node.refused.find(({ failure }) => failure === 'INSUFFICIENT_BALANCE')

    expect(node.settled).toBe(settled.length)
    expect(Number(node.earnedMsat)).toBe(settled.reduce((sum, { feeMsat }) => sum + feeMsat, 0))
    expect(heard?.attempts).toBe(refused.length)
  })

  it('hears no refusal during a pause, but learns afterwards what settled', () => {
    const week = beginWeek(kindOf('stream gaps'), 6)
    const memory = listen(week)
    const node = sideView(memory, memory.node, OUTGOING, ALL, 0)
    const settled = week.attempts.filter(({ outcome }) => outcome === 'settled')
    const refused = week.attempts.filter(lacksBalance)
    const heard = node.refused.find(({ failure }) => failure === 'INSUFFICIENT_BALANCE')
    const silent = week.pauses.reduce((sum, { from, to }) => sum + to - from, 0)

    expect(memory.coverage.coveredMs(START, week.endAt)).toBe(7 * DAY - silent)
    expect(node.settled).toBe(settled.length)
    expect(heard?.attempts).toBe(refused.filter(({ at }) => isHeard(week, at)).length)
    expect(heard?.attempts).toBeLessThan(refused.length)
  })
})

describe('the estimate', () => {
  const estimate = ESTIMATORS.get(METHOD)
  const naive = ESTIMATORS.get(NAIVE)

  it('is nothing where balance never lacks', () => {
    const all = new Set(SMALL.draw(7).channels.map(({ scid }) => scid))
    const memory = listen(beginPeriod(SMALL, 7, 7, all))

    expect(naive?.(memory, WEEK_END).sum.expected).toBeGreaterThan(0)
    expect(estimate?.(memory, WEEK_END).sum).toEqual({ expected: 0, low: 0, high: 0 })
  })

  it('comes near the truth over some weeks, of which the naive sum is many times more', () => {
    const sums = { truth: 0, estimate: 0, naive: 0 }
    for (let seed = 10; seed < 13; seed++) {
      const week = beginWeek(SMALL, seed)
      const memory = listen(week)
      sums.estimate += estimate?.(memory, WEEK_END).sum.expected ?? 0
      sums.naive += naive?.(memory, WEEK_END).sum.expected ?? 0
      for (const missed of truthOf(week).values()) sums.truth += missed
    }

    expect(sums.estimate / sums.truth).toBeGreaterThan(0.6)
    expect(sums.estimate / sums.truth).toBeLessThan(1.7)
    expect(sums.naive / sums.truth).toBeGreaterThan(5)
  })
})

describe(judge, () => {
  const TRUTH = new Map([
    ['a', 100],
    ['b', 50],
    ['c', 0],
  ])

  it('compares the sums, and the ranks of the peers', () => {
    const peers = new Map([
      ['a', 300],
      ['b', 10],
      ['c', 20],
    ])
    const sum = { expected: 300, low: 100, high: 400 }

    expect(judge(TRUTH, { peers, sum })).toEqual({ ratio: 2, isCovered: true, spearman: 0.5 })
  })

  it('has no ratio where nothing was missed', () => {
    const nothing = { expected: 0, low: 0, high: 0 }

    expect(judge(new Map(), { peers: new Map(), sum: nothing })).toEqual({
      ratio: undefined,
      isCovered: true,
      spearman: undefined,
    })
  })
})

describe('figures', () => {
  it('takes quantiles between two values in proportion', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([7], 0.9)).toBe(7)
    expect(quantile([], 0.5)).toBeNaN()
  })

  it('correlates ranks, not values, and shares the rank of equal ones', () => {
    const growing = [1, 2, 3, 4].map((x) => [x, x ** 9] as const)
    const tied = [
      [1, 1],
      [1, 2],
      [2, 3],
    ] as const

    expect(spearman(growing)).toBeCloseTo(1)
    expect(spearman(growing.map(([x, y]) => [x, -y]))).toBeCloseTo(-1)
    expect(spearman(tied)).toBeCloseTo(Math.sqrt(3) / 2)
    expect(
      spearman([
        [1, 1],
        [1, 2],
      ]),
    ).toBeUndefined()
  })
})

type Attempt = Period['attempts'][number]

function kindOf(name: string): NodeKind {
  const kind = KINDS.find((one) => one.name === name)
  if (!kind) throw new Error(`no kind of node is called ${name}`)
  return kind
}

function beginWeek(kind: NodeKind, seed: number): Period {
  return beginPeriod(kind, seed, 7)
}

function missedBy(kind: NodeKind) {
  const week = beginWeek(kind, 5)
  week.world.advance(week.endAt)
  return truthOf(week)
}

// Two days: enough for channels to run dry.
function play(kind: NodeKind, seed: number, ample?: ReturnType<typeof channelsWith>): Period {
  const days = beginPeriod(kind, seed, 2, ample)
  days.world.advance(days.endAt)
  return days
}

function lacksBalance({ refusal }: Attempt): boolean {
  return refusal?.detail === 6
}

function isDecided({ outcome }: Attempt): boolean {
  return outcome === 'settled' || outcome === 'failed'
}

function channelsWith({ world }: Period, name: string) {
  const ours = world.channels().filter(({ peer }) => peer.alias === name)
  return new Set(ours.map(({ scid }) => scid))
}

function mostRefused(week: Period) {
  const counts = new Map<string, number>()
  for (const { to } of week.attempts.filter(lacksBalance)) counts.set(to, (counts.get(to) ?? 0) + 1)
  const [name] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? ['']
  return { name, scids: channelsWith(week, name) }
}
