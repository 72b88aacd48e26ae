import { describe, expect, it } from 'vitest'
import { dayOf } from '../../src/alerts/day-estimate.ts'
import { DayFigures } from '../../src/alerts/estimates.ts'
import { analyse } from '../../src/analyzer/analysis.ts'
import { runToEnd } from '../../src/analyzer/estimate.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { Memory } from '../../src/stats/memory.ts'
import {
  ALICE,
  BOB,
  CAROL,
  channel,
  HOUR,
  MINUTE,
  NOON,
  offered,
  refused,
  settled,
} from '../support/events.ts'

const OFFLINE = { wireFailure: 18, failureDetail: 1 }

/** A memory that listens since noon or before, with three channels of three peers. */
function listening(since = NOON): Memory {
  const memory = new Memory({ maxChannels: 100, retentionDays: 400 }, since)
  memory.streamUp(since)
  const peers = [ALICE, BOB, CAROL].map((scid, i) =>
    channel(scid, { peer: { pubkey: `02${String(i).repeat(64)}`, alias: `peer ${i}` } }),
  )
  memory.updateChannels(peers, since)
  return memory
}

/** Demands for a channel, each of another amount, one a minute from a time on. */
function refuse(memory: Memory, outgoing: Scid, count: number, from: number, more = {}): void {
  for (let i = 0; i < count; i++) {
    const at = from + i * MINUTE
    const outgoingMsat = Math.round(100_000_000 * 1.3 ** i)
    const amounts = { outgoingMsat, incomingMsat: outgoingMsat + 100_000 }
    memory.record(refused(1_000 + memory.eventCount, { at, outgoing, ...amounts, ...more }), at)
  }
}

function figuresOf(memory: Memory, now: number): DayFigures {
  const analysis = runToEnd(analyse(memory, now, () => undefined))
  return new DayFigures(
    memory,
    dayOf(() => analysis),
  )
}

describe(DayFigures, () => {
  it('counts demands of the last hour by what they lacked, those that go on and those that ended', () => {
    const memory = listening()
    const figures = new DayFigures(memory, () => undefined)
    refuse(memory, CAROL, 3, NOON)
    refuse(memory, CAROL, 4, NOON + HOUR)
    refuse(memory, CAROL, 2, NOON + 80 * MINUTE, OFFLINE)
    const now = NOON + 90 * MINUTE
    memory.demands.tick(now)
    expect(figures.refused(CAROL, now)).toEqual({ balance: 4, away: 2 })
    expect(figures.refused(ALICE, now)).toEqual({ balance: 0, away: 0 })
  })

  it('counts a buyer who tries again and again once', () => {
    const memory = listening()
    const figures = new DayFigures(memory, () => undefined)
    for (let i = 0; i < 20; i++) refuse(memory, CAROL, 1, NOON + i * 2_000)
    expect(figures.refused(CAROL, NOON + 5 * MINUTE)).toEqual({ balance: 1, away: 0 })
  })

  it('knows of a channel what it missed and earned within a day', () => {
    const memory = listening(NOON - 72 * HOUR)
    memory.record(offered(1, { outgoing: CAROL }), NOON)
    memory.record(settled(1, { at: NOON + MINUTE, outgoing: CAROL }), NOON + MINUTE)
    refuse(memory, CAROL, 6, NOON + 10 * MINUTE)
    const now = NOON + HOUR
    memory.demands.tick(now)
    const figures = figuresOf(memory, now)
    const inputs = figures.revenue(now) ?? []
    const carol = inputs.find(({ subject }) => subject === `channel:${CAROL}`)
    expect(carol?.missed.expectedMsat).toBeGreaterThan(0n)
    expect(carol).toMatchObject({ earnedMsat: 100_000n, isKnown: true })
    expect(figures.missed(`channel:${CAROL}`)).toEqual(carol?.missed)
    expect(figures.missed(`peer:02${'2'.repeat(64)}`)?.expectedMsat).toBeGreaterThan(0n)
    expect(figures.missed(`channel:${ALICE}`)).toBeUndefined()
  })

  it.each([
    ['fewer than 72 hours were listened to', NOON - 70 * HOUR, 6],
    ['there were fewer than five demands', NOON - 72 * HOUR, 4],
  ])('says that it is too little where %s, and gives no figure to a spike', (_, since, count) => {
    const memory = listening(since)
    refuse(memory, CAROL, count, NOON + 10 * MINUTE)
    const now = NOON + HOUR
    memory.demands.tick(now)
    const figures = figuresOf(memory, now)
    const inputs = figures.revenue(now) ?? []
    const carol = inputs.find(({ subject }) => subject === `channel:${CAROL}`)
    expect(carol?.missed.expectedMsat).toBeGreaterThan(0n)
    expect(carol?.isKnown).toBe(false)
    expect(figures.missed(`channel:${CAROL}`)).toBeUndefined()
    expect(figures.missed(`peer:02${'2'.repeat(64)}`)).toBeUndefined()
  })

  it('knows nothing before the first analysis, nor by one that is hours old', () => {
    const memory = listening()
    expect(
      new DayFigures(
        memory,
        dayOf(() => undefined),
      ).revenue(NOON),
    ).toBeUndefined()
    const figures = figuresOf(memory, NOON)
    expect(figures.revenue(NOON + HOUR)).toBeDefined()
    expect(figures.revenue(NOON + 3 * HOUR)).toBeUndefined()
  })
})
