import { describe, expect, it } from 'vitest'
import { runToEnd } from '../../src/analyzer/estimate.ts'
import { afterFailures, anyOfTicks, patienceOf } from '../../src/analyzer/patience.ts'
import { findTimers } from '../../src/analyzer/timers.ts'

const MINUTE = 60_000

type Tick = { at: number; fromPeer: number; peer: number; amountMsat: number }

function ticks(minutes: readonly number[], given: Partial<Tick> = {}): Tick[] {
  return minutes.map((minute) => ({
    at: minute * MINUTE,
    fromPeer: 1,
    peer: 2,
    amountMsat: 500_000_000,
    ...given,
  }))
}

function timersOf(...all: readonly Tick[][]): number[] {
  const sorted = all.flat().sort((a, b) => a.at - b.at)
  const columns = {
    size: sorted.length,
    at: Float64Array.from(sorted, ({ at }) => at),
    amountMsat: Float64Array.from(sorted, ({ amountMsat }) => amountMsat),
    fromPeer: Uint32Array.from(sorted, ({ fromPeer }) => fromPeer),
    peer: Uint32Array.from(sorted, ({ peer }) => peer),
  }
  const order = Uint32Array.from(sorted.keys())
  return runToEnd(findTimers(columns, order)).map((timer) => timer.length)
}

describe(findTimers, () => {
  it('finds a rebalancer that tries every ten minutes, give or take', () => {
    expect(timersOf(ticks([0, 10, 20.3, 30, 39.8]))).toEqual([5])
  })

  it('finds it where a tick is left out, or is for half the amount', () => {
    expect(timersOf(ticks([0, 10, 30, 40]))).toEqual([4])
    expect(timersOf(ticks([0, 10, 30]), ticks([20], { amountMsat: 250_000_000 }))).toEqual([4])
  })

  it('takes two tries, or tries at odd times, for no timer', () => {
    expect(timersOf(ticks([0, 10]))).toEqual([])
    expect(timersOf(ticks([0, 10, 26]))).toEqual([])
    expect(timersOf(ticks([0, 100, 200]))).toEqual([])
    expect(timersOf(ticks([0, 1, 2, 3]))).toEqual([])
  })

  it('keeps neighbours, peers and amounts apart', () => {
    const mixed = [
      ticks([0, 20]),
      ticks([10], { fromPeer: 3 }),
      ticks([30], { peer: 4 }),
      ticks([40], { amountMsat: 510_000_000 }),
    ]
    expect(timersOf(...mixed)).toEqual([])
  })

  it('finds two timers that run at the same time', () => {
    const other = ticks([3, 18, 33, 48], { amountMsat: 300_000_000 })
    expect(timersOf(ticks([0, 10, 20, 30]), other)).toEqual([4, 4])
  })
})

describe(patienceOf, () => {
  const tries = (settled: boolean, n: number) =>
    Array.from({ length: n }, () => ({ chance: 0.4, before: 5, settled }))

  it('is about two without any experience', () => {
    expect(patienceOf([])).toBeCloseTo(2, 0)
  })

  it('grows where timers get through after many failures, and shrinks where they do not', () => {
    expect(patienceOf(tries(true, 20))).toBeGreaterThan(5)
    expect(patienceOf(tries(false, 60))).toBeLessThan(1)
  })

  it('leaves the first try its whole chance, and later ones less', () => {
    expect(afterFailures(0.4, 0, 2)).toBe(0.4)
    expect(afterFailures(0.4, 2, 2)).toBeCloseTo(0.2)
    expect(anyOfTicks(0.4, 1, 0, 2)).toBeCloseTo(0.4)
    expect(anyOfTicks(0.4, 3, 0, 2)).toBeCloseTo(1 - 0.6 * (1 - 0.8 / 3) * 0.8)
  })
})
