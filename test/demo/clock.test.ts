import { describe, expect, it } from 'vitest'
import { createDemoClock } from '../../src/demo/clock.ts'

const START = Date.UTC(2026, 10, 22)

describe(createDemoClock, () => {
  it('stands still until it is moved', () => {
    let real = 0
    const clock = createDemoClock(START, () => real)
    real = 5_000

    expect(clock.now()).toBe(START)
    expect(clock.monotonic()).toBe(0)
  })

  it('wakes those who slept when it is set forward past their time', async () => {
    const clock = createDemoClock(START)
    const slept = clock.sleep(3_600_000)
    clock.jumpTo(START + 7_200_000)
    await slept

    expect(clock.now()).toBe(START + 7_200_000)
  })

  it('never goes back', () => {
    const clock = createDemoClock(START)
    clock.jumpTo(START - 1)

    expect(clock.now()).toBe(START)
  })

  it('runs a thousand times as fast as life, monotonic time too', async () => {
    let real = 0
    const clock = createDemoClock(START, () => real)
    clock.run(1_000)
    real = 60

    expect(clock.now()).toBe(START + 60_000)
    expect(clock.monotonic()).toBe(60_000)
  })

  it('ends a sleep when the signal aborts, and one that begins after it', async () => {
    const clock = createDemoClock(START)
    const controller = new AbortController()
    const slept = clock.sleep(3_600_000, controller.signal)
    controller.abort()
    await slept
    await clock.sleep(3_600_000, controller.signal)

    expect(clock.now()).toBe(START)
  })
})
