import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../../src/analyzer/reading.ts'
import { scoreOf } from '../../../src/analyzer/spikes/score.ts'
import { collectSpikeDocuments } from '../../../src/analyzer/spikes/spike-documents.ts'
import { Track } from '../../../src/analyzer/spikes/track.ts'
import type { HtlcEvent } from '../../../src/lightning/htlc.ts'
import { type Demand, NEIGHBOURS, Stage, scidOf } from './stage.ts'

const DAY = 24 * 60
const QUIET: Demand = {
  [scidOf(0)]: { refused: 30, accepted: 30 },
  [scidOf(1)]: { refused: 5, accepted: 10 },
}
const SPIKE: Demand = {
  [scidOf(0)]: { refused: 600, accepted: 30 },
  [scidOf(1)]: { refused: 100, accepted: 10 },
}

/** What `change` makes of each minute's events of a spike and its end; the readings minute by minute. */
function read(
  seed: number,
  change: (events: HtlcEvent[], minute: number, stage: Stage) => readonly HtlcEvent[],
): Reading[][] {
  const stage = new Stage([2, 1], seed)
  stage.pass(1.2 * DAY, QUIET)
  return Array.from({ length: 100 }, (_, minute) => {
    const events = stage.draw(minute < 30 ? SPIKE : QUIET)
    return stage.tick(change(events, minute, stage))
  })
}

/**
 * Buyers that are plainly different: each by the next neighbour, with amounts 3.5 % apart (20 1/3 of
 * them to a doubling, so that none is near to another's half or quarter), the same again after 13
 * minutes.
 */
function apart(events: HtlcEvent[], minute: number): HtlcEvent[] {
  return byTime(events).map((each, i) => {
    const outgoingMsat = Math.round(1e6 * 2 ** (((minute * 31 + i) % 400) / (20 + 1 / 3)))
    return { ...each, incoming: NEIGHBOURS[(minute * 5 + i) % NEIGHBOURS.length], outgoingMsat }
  })
}

const byTime = (events: HtlcEvent[]) => events.sort((a, b) => a.at - b.at)
const seeds = fc.integer({ min: 1, max: 1_000 })
const FEW = { numRuns: 4 }

describe('the detector', () => {
  it('reads the same whatever the order of events within a minute', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const usual = read(seed, apart)
        expect(usual.flat().length).toBeGreaterThan(0)
        const reversed = read(seed, (events, minute) => apart(events, minute).reverse())
        expect(reversed).toEqual(usual)
      }),
      FEW,
    )
  })

  it('reads the same when events are told again', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const refusals = (events: HtlcEvent[]) => events.filter(({ kind }) => kind === 'linkFail')
        const usual = read(seed, byTime)
        expect(read(seed, (events) => [...byTime(events), ...refusals(events)])).toEqual(usual)
      }),
      FEW,
    )
  })

  it('reads the same however often it is asked, and whatever parts a minute comes in', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const usual = read(seed, byTime)
        const asked = read(seed, (events, _, stage) => {
          byTime(events)
          for (const each of events.splice(0, events.length / 2)) {
            stage.memory.record(each, each.at)
            stage.spikes.readings(each.at)
          }
          return events
        })
        expect(asked).toEqual(usual)
      }),
      FEW,
    )
  })

  it('reads the same after it was saved and put back, in the middle of a spike', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 90 }), (seed, when) => {
        const kept = new Map<string, unknown>()
        const save = (stage: Stage) => {
          for (const { key, value } of collectSpikeDocuments(stage.spikes)) {
            if (value === undefined) kept.delete(key)
            else kept.set(key, JSON.parse(JSON.stringify(value)))
          }
        }
        const restarted = read(seed, (events, minute, stage) => {
          save(stage)
          if (minute === when) stage.restart(kept)
          return byTime(events)
        })
        expect(restarted.map(sorted)).toEqual(read(seed, byTime).map(sorted))
      }),
      FEW,
    )
  })

  it('reads the same after a gap whether or not it was asked in it', () => {
    const readAfter = (isAsked: boolean) => {
      const stage = new Stage([2, 1], 5)
      stage.pass(1.2 * DAY, QUIET)
      stage.pass(10, SPIKE)
      stage.lose()
      for (let i = 0; i < 180; i++) {
        if (isAsked) stage.tick()
        else stage.skip()
      }
      stage.regain()
      return Array.from({ length: 60 }, () => stage.pass(1, SPIKE))
    }
    expect(readAfter(true)).toEqual(readAfter(false))
  })

  it('remembers no more of ten times the events', () => {
    const sizeAfter = (factor: number) => {
      const stage = new Stage([2, 1])
      const busy = { [scidOf(0)]: { refused: 60 * factor, accepted: 60 * factor } }
      stage.pass(200, busy)
      stage.pass(20)
      return collectSpikeDocuments(stage.spikes)
        .filter(({ key }) => key.startsWith('spikes:series:'))
        .map(({ value }) => JSON.stringify(value).length)
        .reduce((sum, size) => sum + size, 0)
    }
    expect(sizeAfter(100) / sizeAfter(10)).toBeLessThan(1.3)
  })

  it('scores more failures no lower, and always with a number', () => {
    const count = fc.integer({ min: 0, max: 60_000 })
    const usual = fc.double({ min: -9, max: 3, noNaN: true })
    fc.assert(
      fc.property(count, count, usual, fc.integer({ min: 0, max: 500 }), (a, b, rate, passed) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((failed) => {
          const track = new Track(1_000)
          track.failed = 10 ** rate * track.exposure
          track.passed = 2 * track.exposure
          track.add('failed', 1_000, failed)
          track.add('passed', 1_000, passed)
          return scoreOf(track, 1_000, [5, 15, 60]).count
        })
        expect(Number.isFinite(more)).toBe(true)
        expect(more).toBeGreaterThanOrEqual((less ?? 0) - 1e-7)
      }),
    )
  })
})

function sorted(readings: readonly Reading[]): Reading[] {
  return [...readings].sort((a, b) =>
    `${a.kind}${a.subject}`.localeCompare(`${b.kind}${b.subject}`),
  )
}
