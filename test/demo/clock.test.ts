import { describe, expect, it } from 'vitest'
import { createDemoClock } from '../../src/demo/clock.ts'

const START = Date.UTC(2026, 10, 22)

describe(createDemoClock, () => {
  it('begins in the past and runs at the pace of life', () => {
    let real = 100
    const clock = createDemoClock(START, () => real)
    real += 5_000

    expect(clock.now()).toBe(START + 5_000)
    expect(clock.monotonic()).toBe(5_000)
  })

  it('is set forward without a deadline running out', () => {
    let real = 100
    const clock = createDemoClock(START, () => real)
    clock.jumpTo(START + 7_200_000)
    real += 10

    expect(clock.now()).toBe(START + 7_200_010)
    expect(clock.monotonic()).toBe(10)
  })

  it('never goes back', () => {
    const clock = createDemoClock(START, () => 0)
    clock.jumpTo(START - 1)

    expect(clock.now()).toBe(START)
  })

  it('runs a thousand times as fast as life when it is told to, from where it stands', () => {
    let real = 0
    const clock = createDemoClock(START, () => real)
    real = 500
    clock.runAt(1_000)
    real = 560

    expect(clock.now()).toBe(START + 60_500)
    expect(clock.monotonic()).toBe(60_500)
  })

  it('sleeps its own time', async () => {
    const clock = createDemoClock(START)
    clock.runAt(100_000)
    const before = performance.now()
    await clock.sleep(1_000_000)

    expect(clock.now()).toBeGreaterThanOrEqual(START + 1_000_000)
    expect(performance.now() - before).toBeLessThan(5_000)
  })

  it('wakes a sleeper early when the clock begins to run faster', async () => {
    const clock = createDemoClock(START)
    const slept = clock.sleep(1_000_000)
    clock.runAt(100_000)
    await slept

    expect(clock.now()).toBeGreaterThanOrEqual(START + 1_000_000)
  })

  it('ends a sleep when the signal aborts, and one that begins after it', async () => {
    const clock = createDemoClock(START)
    const controller = new AbortController()
    const slept = clock.sleep(3_600_000, controller.signal)
    controller.abort()
    await slept
    await clock.sleep(3_600_000, controller.signal)

    expect(clock.monotonic()).toBeLessThan(3_600_000)
  })
})
