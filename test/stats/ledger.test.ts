import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Account, OUTGOING, SIDE_WIDTH } from '../../src/stats/account.ts'
import { W1H, W7D, W24H, W30D } from '../../src/stats/cells.ts'
import { Ledger } from '../../src/stats/ledger.ts'
import { BUCKETS, bucketStart } from '../../src/stats/windows.ts'
import { DAY, HOUR, MINUTE, NOON } from '../support/events.ts'

/** Keeps closed parts as the store does, and takes due ones out of their windows. */
class Keeper {
  readonly parts = new Map<string, unknown>()
  readonly ledger: Ledger

  constructor(ledger: Ledger) {
    this.ledger = ledger
  }

  tick(now: number): void {
    this.ledger.advance(now)
    for (const { key, rows } of this.ledger.takeClosed()) this.parts.set(key, rows)
    for (let due = this.ledger.due(now); due.length > 0; due = this.ledger.due(now)) {
      for (const bucket of due) {
        const read = new Map([...this.parts].filter(([key]) => key.startsWith(bucket.prefix)))
        for (const key of this.ledger.settle(bucket, read)) this.parts.delete(key)
      }
    }
  }
}

const WINDOWS = [
  { column: W1H, ms: HOUR, bucket: BUCKETS[0].ms },
  { column: W24H, ms: DAY, bucket: BUCKETS[1].ms },
  { column: W7D, ms: 7 * DAY, bucket: BUCKETS[1].ms },
  { column: W30D, ms: 30 * DAY, bucket: BUCKETS[2].ms },
]

// A step forward in time, and a post that lies some way behind it (late events, filled gaps).
const steps = fc.array(
  fc.record({
    forward: fc.oneof(
      fc.integer({ min: 0, max: 10 * MINUTE }),
      fc.integer({ min: 0, max: 5 * HOUR }),
      fc.integer({ min: 0, max: 9 * DAY }),
    ),
    behind: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 20 * MINUTE }),
      fc.integer({ min: 0, max: 29 * DAY }),
    ),
    amount: fc.integer({ min: 1, max: 1_000_000_000 }),
  }),
  { maxLength: 40 },
)

describe(Ledger, () => {
  it('has in each window exactly what was posted since the window began', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const ledger = new Ledger(NOON, 400)
        const keeper = new Keeper(ledger)
        const account = new Account('800000x1x0', 0)
        ledger.open(account)
        const posts: { at: number; amount: number }[] = []
        let now = NOON
        for (const { forward, behind, amount } of all) {
          now += forward
          keeper.tick(now)
          const at = now - behind
          ledger.post(account, OUTGOING, [amount], at)
          posts.push({ at, amount })
        }
        keeper.tick(now)
        for (const { column, ms, bucket } of WINDOWS) {
          const from = bucketStart(now - ms, bucket)
          const expected = posts
            .filter(({ at }) => at >= from)
            .reduce((sum, { amount }) => sum + amount, 0)
          expect(ledger.sums(account, OUTGOING, column)[0]).toBe(expected)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('goes on with the same figures after it was saved and read back', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const played = play(before, undefined)
        const straight = play(after, played)
        const saved = save(play(before, undefined))
        const resumed = play(after, saved)
        expect(figures(resumed)).toEqual(figures(straight))
      }),
      { numRuns: 100 },
    )
  })

  it('is exact for sums up to 2^53 msat', () => {
    const ledger = new Ledger(NOON, 400)
    const account = new Account('800000x1x0', 0)
    ledger.open(account)
    ledger.post(account, OUTGOING, [Number.MAX_SAFE_INTEGER - 1], NOON)
    ledger.post(account, OUTGOING, [1], NOON)
    expect(ledger.sums(account, OUTGOING, W1H)[0]).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('gives the cells of a closed account back', () => {
    const ledger = new Ledger(NOON, 400)
    const first = new Account('800000x1x0', 0)
    ledger.open(first)
    ledger.post(first, OUTGOING, [5], NOON)
    const [before] = first.groups
    ledger.close(first)
    const second = new Account('800000x2x0', 0)
    ledger.open(second)
    ledger.post(second, OUTGOING, [7], NOON)
    expect(second.groups[0]?.base).toBe(before?.base)
    expect(ledger.sums(second, OUTGOING, W1H)).toEqual([7, ...new Array(SIDE_WIDTH - 1).fill(0)])
  })
})

type Played = { ledger: Ledger; keeper: Keeper; account: Account; now: number }
type Step = { forward: number; behind: number; amount: number }

function start(): Played {
  const ledger = new Ledger(NOON, 400)
  const account = new Account('800000x1x0', 0)
  ledger.open(account)
  return { ledger, keeper: new Keeper(ledger), account, now: NOON }
}

function play(all: readonly Step[], from: Played | undefined): Played {
  const played = from ?? start()
  for (const { forward, behind, amount } of all) {
    played.now += forward
    played.keeper.tick(played.now)
    played.ledger.post(played.account, OUTGOING, [amount], played.now - behind)
  }
  played.keeper.tick(played.now)
  return played
}

function save(played: Played): Played {
  const again = start()
  const text = JSON.stringify({
    state: played.ledger.state(),
    running: played.ledger.runningRows(played.account),
    totals: played.ledger.totalRows(played.account),
  })
  const { state, running, totals } = JSON.parse(text)
  again.ledger.restoreState(state)
  again.ledger.restore(again.account, running, totals)
  for (const [key, rows] of played.keeper.parts) again.keeper.parts.set(key, rows)
  return { ...again, now: played.now }
}

function figures({ ledger, account }: Played): number[] {
  return WINDOWS.map(({ column }) => ledger.sums(account, OUTGOING, column)[0] ?? 0)
}
