import { describe, expect, it } from 'vitest'
import { scoreOf } from '../../../src/analyzer/spikes/guard.ts'
import type { Spikes } from '../../../src/analyzer/spikes/spikes.ts'
import { thresholds } from '../../../src/analyzer/spikes/thresholds.ts'
import type { HtlcEvent } from '../../../src/lightning/htlc.ts'
import { MINUTE } from '../../support/events.ts'
import { type Demand, pubkeyOf, Stage, scidOf } from './stage.ts'

const HOUR = 60
const DAY = 24 * HOUR
const SUBJECT = `channel:${scidOf(0)}` as const

/** One channel that refuses and accepts as many demands an hour. */
const at = (refused: number, accepted = refused): Demand => ({ [scidOf(0)]: { refused, accepted } })

/** A stage with one channel that has been watched for two days and a half at a rate. */
function watched(rate: number, seed = 1): Stage {
  const stage = new Stage([1], seed)
  stage.pass(2.5 * DAY, at(rate))
  return stage
}

// The numbers are those of the list of scenarios that alerts must pass.
describe('spikes of failures', () => {
  it('1: leave a quiet node alone', () => {
    const stage = new Stage(Array.from({ length: 40 }, () => 1))
    const rates = [0.01, 0.1, 0.5, 1, 2, 5, 10, 20]
    const demand = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => {
        const rate = rates[i % rates.length] ?? 1
        return [scidOf(i), { refused: rate, accepted: 2 * rate }]
      }),
    )
    stage.pass(5 * DAY, demand)
    expect(stage.rings).toEqual([])
  })

  it('2: ring once for twenty times the usual, within minutes, and are over once', () => {
    const stage = watched(100)
    const start = stage.minute
    stage.pass(30, at(2_000, 100))
    stage.pass(3 * HOUR, at(100))
    expect(stage.rings).toMatchObject([{ kind: 'spike.local', subject: SUBJECT }])
    expect((stage.rings[0]?.from ?? 0) - start).toBeLessThanOrEqual(5)
    expect((stage.rings[0]?.to ?? 0) - start - 30).toBeLessThanOrEqual(90)
  })

  it('say what failed, how much against the usual, and why', () => {
    const stage = watched(100)
    const [reading] = stage.pass(15, at(2_000, 100))
    expect(reading).toMatchObject({ severity: 'warn', level: 'fire' })
    expect(reading?.facts).toMatchObject({
      mainFailure: 'INSUFFICIENT_BALANCE',
      mainShare: 1,
      sensitivity: 'low',
      under: undefined,
      isNewLevel: false,
    })
    const facts = reading?.facts.kind === 'spike' ? reading.facts : undefined
    expect(facts?.failed).toBeGreaterThan(8 * (facts?.expected ?? Infinity))
    expect(facts?.attempts).toBeGreaterThanOrEqual(facts?.failed ?? Infinity)
  })

  it('3: do not ring for one sender who tries 300 times in ten minutes', () => {
    const stage = watched(1)
    const hammer = (): HtlcEvent =>
      stage.refusal({ outgoing: scidOf(0), incoming: scidOf(900), outgoingMsat: 70_000_417 })
    for (let i = 0; i < 10; i++) stage.tick(Array.from({ length: 30 }, hammer))
    stage.pass(HOUR, at(1))
    const { track } = stage.spikes.book.of(stage.own(0), 'local')
    expect(track.sum('attempts', track.minute - 80, track.minute)).toBeGreaterThanOrEqual(300)
    expect(stage.rings).toEqual([])
  })

  it('do not ring for one neighbour alone, whatever amounts it tries', () => {
    const stage = watched(1)
    const probe = (): HtlcEvent => stage.refusal({ outgoing: scidOf(0), incoming: scidOf(900) })
    for (let i = 0; i < 60; i++) stage.tick([probe(), probe(), probe()])
    expect(stage.rings).toEqual([])
  })

  it('4: do not ring when demand is four times as high and as much of it fails', () => {
    const stage = watched(30)
    stage.pass(2 * HOUR, at(120))
    stage.pass(HOUR, at(30))
    expect(stage.rings).toEqual([])
  })

  it('do not ring when demand is eight times as high for ten minutes', () => {
    for (const rate of [10, 100]) {
      const stage = watched(rate)
      stage.pass(10, at(8 * rate))
      stage.pass(HOUR, at(rate))
      expect(stage.rings).toEqual([])
    }
  })

  it('ring within ten minutes for twenty times the usual of ten an hour', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const stage = watched(10, seed)
      const start = stage.minute
      stage.pass(10, at(200, 10))
      expect(stage.rings).toMatchObject([{ kind: 'spike.local' }])
      expect((stage.rings[0]?.from ?? 0) - start).toBeLessThanOrEqual(10)
    }
  })

  it('ring for an incident every four days as they did for the first', () => {
    const stage = watched(10)
    const bar = () => scoreOf(stage.spikes.book.of(stage.own(0), 'local').track, 'count', 3.5)
    const before = bar()
    for (let incident = 1; incident <= 5; incident++) {
      stage.pass(30, at(200, 10))
      stage.pass(4 * DAY, at(10))
      expect(stage.rings).toHaveLength(incident)
    }
    expect(bar()).toBeLessThan(1.5 * before)
  })

  it('ring less and less for a burst that comes twice a day', () => {
    const stage = watched(10)
    const ringsOfWeek = () => {
      const before = stage.rings.length
      for (let i = 0; i < 14; i++) {
        stage.pass(20, at(200, 10))
        stage.pass(12 * HOUR - 20, at(10))
      }
      return stage.rings.length - before
    }
    const first = ringsOfWeek()
    expect(first).toBeGreaterThan(0)
    expect(ringsOfWeek()).toBeLessThan(first)
    expect(ringsOfWeek()).toBe(0)
  })

  it('5: hold through an incident of a day, which teaches the baseline nothing', () => {
    const stage = watched(100)
    const before = stage.usual(0)
    stage.pass(DAY, at(1_000, 100))
    stage.pass(12 * HOUR, at(100))
    expect(stage.rings).toHaveLength(1)
    expect(Math.abs(stage.usual(0) / before - 1)).toBeLessThan(0.1)
    stage.pass(HOUR, at(500, 100))
    expect(stage.rings).toHaveLength(2)
  })

  it('6: take what lasts for a day for the new usual, and do not ring for it again', () => {
    const stage = watched(20)
    stage.pass(DAY + 20, at(200, 20))
    const ended = stage.pass(HOUR, at(200, 20))
    expect(ended[0]).toMatchObject({ level: 'calm', facts: { isNewLevel: true } })
    stage.pass(3 * DAY, at(200, 20))
    expect(stage.rings).toHaveLength(1)
    expect(stage.usual(0)).toBeGreaterThan(150)
  })

  it('are taken for the usual at once when an operator says so', () => {
    const stage = watched(20)
    stage.pass(2 * HOUR, at(200, 20))
    expect(stage.rings).toMatchObject([{ to: undefined }])
    stage.spikes.acceptAsNormal('spike.local', SUBJECT)
    stage.pass(DAY, at(200, 20))
    expect(stage.rings).toHaveLength(1)
    expect(stage.rings[0]?.to).toBeDefined()
  })

  it('do not ring again for what is over when one more failure comes within the hour', () => {
    const stage = watched(0.5)
    stage.pass(4, at(700, 1))
    for (let i = 0; i < 120 && stage.rings[0]?.to === undefined; i++) stage.tick()
    expect(stage.rings).toMatchObject([{ to: expect.any(Number) }])
    for (let i = 0; i < 3; i++) stage.tick([stage.refusal({ outgoing: scidOf(0) })])
    expect(stage.rings).toHaveLength(1)
    stage.pass(4, at(700, 1))
    expect(stage.rings).toHaveLength(2)
  })

  it('7: do not end while the stream is down, and go on after it', () => {
    const stage = watched(100)
    stage.pass(20, at(2_000, 100))
    stage.lose()
    expect(new Set([...stage.pass(3 * HOUR)].map(({ level }) => level))).toEqual(
      new Set(['unknown']),
    )
    stage.regain()
    const [reading] = stage.pass(10, at(2_000, 100))
    expect(reading?.level).toBe('fire')
    stage.pass(3 * HOUR, at(100))
    expect(stage.rings).toHaveLength(1)
    expect(stage.rings[0]?.to).toBeDefined()
  })

  it('8: do not count what LND replays after a restart', () => {
    const stage = watched(5)
    const seen = Array.from({ length: 4 }, () =>
      Array.from({ length: 4 }, () => stage.refusal({ outgoing: scidOf(0) })),
    )
    for (const events of seen) stage.tick(events)
    const { track } = stage.spikes.book.of(stage.own(0), 'local')
    const begin = track.minute - 4
    const count = () => track.sum('attempts', begin, track.minute)
    const before = count()
    for (let i = 0; i < 31; i++) stage.tick(seen.flat().map((each) => ({ ...each, at: stage.now })))
    expect(count()).toBe(before)
  })

  it('9: are silent for the first 24 observed hours', () => {
    const stage = new Stage([1])
    stage.pass(20 * HOUR, at(50))
    stage.pass(2 * HOUR, at(2_000, 50))
    expect(stage.rings).toEqual([])
  })

  it('wait for 24 hours that were observed, not for a day of the calendar', () => {
    const stage = new Stage([1])
    stage.pass(12 * HOUR, at(50))
    stage.lose()
    stage.pass(2 * DAY)
    stage.regain()
    stage.pass(HOUR, at(2_000, 50))
    expect(stage.rings).toEqual([])
  })

  it('do not ring for refusals within the hour after our own fee changed', () => {
    const stage = watched(10)
    const own = stage.own(0)
    own.policyChanges.push({ at: stage.now, fee: 'raised' })
    const stale = () => stage.refusal({ outgoing: scidOf(0), wireFailure: 12, failureDetail: 1 })
    for (let i = 0; i < 59; i++) stage.tick([stale(), stale(), stale()])
    expect(stage.rings).toEqual([])
    for (let i = 0; i < 30; i++) stage.tick([stale(), stale(), stale()])
    expect(stage.rings).toHaveLength(1)
  })

  it('count what comes more than two minutes late for the usual alone', () => {
    const stage = watched(1)
    for (let i = 0; i < 20; i++) {
      const late = { outgoing: scidOf(0), at: stage.now - 5 * MINUTE }
      stage.tick(Array.from({ length: 5 }, () => stage.refusal(late)))
    }
    const before = stage.usual(0)
    stage.pass(HOUR, at(1))
    expect(stage.rings).toEqual([])
    expect(stage.usual(0)).toBeGreaterThan(before)
  })

  it('count a forward that was refused after all as refused, and not as accepted', () => {
    const stage = new Stage([1])
    const forward = stage.forward({ outgoing: scidOf(0) })
    const hung = { wireFailure: 15, failureDetail: 8, incomingMsat: 0, outgoingMsat: 0 }
    stage.tick([forward, { ...forward, kind: 'linkFail', ...hung }])
    const { track } = stage.spikes.book.of(stage.own(0), 'local')
    const counts = (['failed', 'passed', 'attempts'] as const).map((ring) =>
      track.sum(ring, 0, track.minute),
    )
    expect(counts).toEqual([1, 0, 1])
  })

  it('count no loops of senders, and no forward that LND lost in a restart', () => {
    const stage = new Stage([1])
    const own = { outgoing: scidOf(0) }
    stage.tick([
      stage.refusal({ ...own, failureDetail: 22 }),
      stage.refusal({ ...own, failureDetail: 7 }),
    ])
    expect(stage.spikes.book.of(stage.own(0), 'local').track.visitedAt).toBe(0)
  })

  it('ring on a channel that only refuses', () => {
    const stage = new Stage([1])
    stage.pass(2.5 * DAY, at(10, 0))
    stage.pass(30, at(200, 0))
    expect(stage.rings).toHaveLength(1)
  })

  it('ring when a channel that passed most refuses everything', () => {
    const stage = new Stage([1])
    stage.pass(2.5 * DAY, at(20, 80))
    stage.pass(30, at(100, 0))
    expect(stage.rings).toMatchObject([{ kind: 'spike.local' }])
  })
})

describe('failures downstream', () => {
  it('go to the digest', () => {
    const stage = new Stage([1])
    const play = (minutes: number, failing: number) => {
      let readings = stage.tick()
      for (let i = 0; i < minutes; i++) {
        const forwards = stage.draw(at(0, 120))
        const ends = forwards.map(
          (forward, n): HtlcEvent => ({
            ...forward,
            kind: n < failing * forwards.length ? 'forwardFail' : 'settle',
          }),
        )
        readings = stage.tick([...forwards, ...ends])
      }
      return readings
    }
    play(2 * DAY, 0.2)
    const readings = play(30, 1)
    expect(readings).toMatchObject([
      { kind: 'spike.downstream', severity: 'digest', subject: SUBJECT },
    ])
  })
})

describe('peers and the node', () => {
  const rates = (count: number, refused: number, accepted: number, from = 0): Demand =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [scidOf(from + i), { refused, accepted }]),
    )

  it('a peer whose channels all fail rings for them', () => {
    const stage = new Stage([3, 1, 1, 1, 1])
    stage.pass(2 * DAY, rates(7, 10, 20))
    stage.pass(60, { ...rates(7, 10, 20), ...rates(3, 100, 20) })
    const peer = stage.rings.find(({ kind }) => kind === 'spike.peer')
    expect(peer?.subject).toBe(`peer:${pubkeyOf(0)}`)
    expect(stage.rings.length).toBeLessThanOrEqual(2)
  })

  it('one channel of a peer rings for itself', () => {
    const stage = new Stage([3, 1, 1, 1, 1])
    stage.pass(2 * DAY, rates(7, 10, 20))
    stage.pass(60, { ...rates(7, 10, 20), ...rates(1, 200, 20) })
    expect(stage.rings).toMatchObject([{ kind: 'spike.local', subject: SUBJECT }])
  })

  it('a node that fails everywhere rings once for all, and its channels are told as parts', () => {
    const stage = new Stage(Array.from({ length: 20 }, () => 1))
    stage.pass(2 * DAY, rates(20, 10, 20))
    const readings = stage.pass(60, rates(20, 100, 5))
    expect(stage.rings.map(({ kind }) => kind)).toContain('spike.node')
    expect(stage.rings.length).toBeLessThanOrEqual(3)
    const parts = readings.filter(({ facts }) => facts.kind === 'spike' && facts.under === 'node')
    expect(parts.length).toBeGreaterThan(5)
  })
})

describe('what /status and /sensitivity ask', () => {
  it('a channel is sparse until it has been watched for a day and fails often enough', () => {
    const stage = new Stage([1, 1])
    expect(stage.spikes.isSparse(stage.own(0))).toBe(true)
    const demand = { ...at(5), [scidOf(1)]: { refused: 0.02, accepted: 1 } }
    stage.pass(3 * DAY, demand)
    expect([0, 1].map((i) => stage.spikes.isSparse(stage.own(i)))).toEqual([false, true])
  })

  it('a more sensitive setting predicts more spikes, of the history there is', () => {
    const stage = new Stage([1])
    expect(stage.spikes.predictedPerWeek('normal')).toBeUndefined()
    stage.pass(2 * DAY, at(5, 10))
    for (let i = 0; i < 4; i++) {
      stage.pass(30, at(25, 10))
      stage.pass(8 * HOUR, at(5, 10))
    }
    const [low, normal, high] = (['low', 'normal', 'high'] as const).map((sensitivity) =>
      stage.spikes.predictedPerWeek(sensitivity),
    )
    expect(low).toBeGreaterThan(0)
    expect(normal).toBeGreaterThanOrEqual(low ?? Infinity)
    expect(high).toBeGreaterThan(normal ?? Infinity)
  })

  it('an incident is among the spikes to expect, though it says nothing of the usual', () => {
    const stage = watched(10)
    const before = stage.spikes.predictedPerWeek('normal') ?? Infinity
    stage.pass(30, at(200, 10))
    stage.pass(4.5 * DAY, at(10))
    expect(stage.spikes.predictedPerWeek('normal')).toBeGreaterThan(before + 0.5)
  })

  it('a more sensitive setting is told sooner', () => {
    const ringsAfter = (sensitivity: Spikes['sensitivity']) => {
      const stage = watched(10, 3)
      stage.spikes.sensitivity = sensitivity
      stage.pass(40, at(90, 10))
      return stage.rings[0]?.from ?? Infinity
    }
    expect(ringsAfter('high')).toBeLessThan(ringsAfter('low'))
  })

  it('thresholds follow the number of channels and the budget', () => {
    expect(thresholds(500, 'normal').count).toBeCloseTo(7.06, 2)
    expect(thresholds(500, 'normal').ratio).toBeCloseTo(5.4, 2)
    expect(thresholds(100, 'normal').count).toBeCloseTo(6.36, 2)
    expect(thresholds(500, 'high').count).toBeLessThan(thresholds(500, 'low').count - 1)
  })
})
