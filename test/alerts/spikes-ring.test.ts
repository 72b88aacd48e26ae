import { describe, expect, it } from 'vitest'
import type { Alert } from '../../src/alerts/alert.ts'
import { AlertBook } from '../../src/alerts/book.ts'
import { KINDS } from '../../src/alerts/kinds.ts'
import type { Subject } from '../../src/analyzer/reading.ts'
import { type Demand, Stage, scidOf } from '../analyzer/spikes/stage.ts'

const HALF_MINUTE = 30_000
const HOUR = 60
const DAY = 24 * HOUR
const CHANNEL: Subject = `channel:${scidOf(0)}`

const rates = (count: number, refused: number, from = 0): Demand =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [scidOf(from + i), { refused, accepted: 20 }]),
  )

/** The detector and the alerts on it, minute by minute as when live. */
class Joined {
  readonly stage: Stage
  readonly book = new AlertBook(KINDS, () => undefined)
  /** What a phone that hears all would have rung for, in order. */
  readonly rung: Subject[] = []
  readonly #told = new Map<string, number>()

  constructor(peers: readonly number[], seed?: number) {
    this.stage = new Stage(peers, seed)
  }

  pass(minutes: number, demand: Demand): void {
    for (let i = 0; i < minutes; i++) {
      const readings = this.stage.pass(1, demand)
      const { now } = this.stage
      this.book.observe({ now, elapsedMs: HALF_MINUTE, readings, blindKinds: new Set() })
      this.#ring()
      this.book.pass(now + HALF_MINUTE, HALF_MINUTE)
      this.#ring()
    }
  }

  of(subject: Subject): Alert | undefined {
    return [...this.book.all()].find((one) => one.subject === subject)
  }

  #ring(): void {
    for (const { id, subject, state, parent, aloneMs, rings, severity } of this.book.all()) {
      const isSilent = parent !== undefined || aloneMs !== undefined || severity === 'digest'
      if (state === 'resolved' || isSilent || (this.#told.get(id) ?? 0) >= rings) continue
      this.#told.set(id, rings)
      this.rung.push(subject)
    }
  }
}

describe('spikes, from the detector to the phone', () => {
  it('a node that fails everywhere rings for its channels', () => {
    const on = new Joined(Array.from({ length: 20 }, () => 1))
    on.pass(2 * DAY, rates(20, 10))
    on.pass(HOUR, rates(20, 100))
    expect(on.rung).toContain('node')
    expect(on.rung.length).toBeLessThanOrEqual(3)
    const parts = [...on.book.all()].filter(({ parent }) => parent === on.of('node')?.id)
    expect(parts.length).toBeGreaterThan(5)
  })

  it('a channel that later turns clearly worse than its node rings beside it', () => {
    const on = new Joined(Array.from({ length: 20 }, () => 1))
    on.pass(2 * DAY, rates(20, 10))
    on.pass(45, { ...rates(19, 60, 1), ...rates(1, 10) })
    expect(on.rung).toContain('node')
    expect(on.rung).not.toContain(CHANNEL)
    on.pass(90, { ...rates(19, 60, 1), ...rates(1, 900) })
    expect(on.rung).toContain(CHANNEL)
    expect(on.of(CHANNEL)?.parent).toBeUndefined()
  })

  it('a channel that later fails as its node does is a part of it', () => {
    const on = new Joined(Array.from({ length: 20 }, () => 1))
    on.pass(2 * DAY, rates(20, 10))
    on.pass(45, { ...rates(19, 100, 1), ...rates(1, 10) })
    on.pass(60, rates(20, 100))
    expect(on.of(CHANNEL)?.parent).toBe(on.of('node')?.id)
    expect(on.rung).not.toContain(CHANNEL)
  })

  it.each([1, 2, 3, 4])(
    'what the detector tells of rings, be it a minute long (seed %i)',
    (seed) => {
      const on = new Joined([1, 1, 1, 1], seed)
      on.pass(2 * DAY, rates(4, 2))
      for (let n = 0; n < 4; n++) {
        // Two at once wait for each other: they ring when all is quiet again.
        on.pass(1, { ...rates(4, 2), ...rates(2, 1_800, n % 3) })
        // So much later it is no flapping.
        on.pass(8 * HOUR, rates(4, 2))
      }
      const told = on.stage.rings.map(({ subject }) => subject)
      expect(told.length).toBeGreaterThan(0)
      expect(on.rung.filter((one) => told.includes(one))).toHaveLength(told.length)
      expect([...on.book.all()].map(({ state }) => state)).not.toContain('firing')
    },
  )

  it('is over when the detector says so, not half an hour later', () => {
    const on = new Joined([1])
    on.pass(2 * DAY, rates(1, 10))
    on.pass(10, rates(1, 400))
    on.pass(3 * HOUR, rates(1, 10))
    const ring = on.stage.rings.find(({ subject }) => subject === CHANNEL)
    const { resolvedAt = 0 } = on.of(CHANNEL) ?? {}
    expect(on.stage.now - resolvedAt).toBe((on.stage.minute - (ring?.to ?? 0)) * 60_000)
  })
})
