import { describe, expect, it, vi } from 'vitest'
import { trafficWithRush } from '../../src/demo/traffic-demo.ts'
import { createWorld } from '../../src/demo/world.ts'
import { ReplayAlerts } from '../../src/replay/replay-alerts.ts'
import { Memory } from '../../src/stats/memory.ts'

vi.setConfig({ testTimeout: 60_000 })

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEP = 5 * MINUTE
// Two minutes of life at the demo's pace.
const LIFE = 80 * MINUTE
const ROASTER = 'channel:870100x512x0'

describe('the rush of the demo', () => {
  it.each([3, 9, 15, 21])('rings once and is over within two minutes of life, at %i h UTC', (hour) => {
    const present = Date.UTC(2026, 10, 26) + hour * HOUR
    const rung = ringsOfDemo(present).filter(({ subject }) => subject === ROASTER)
    const spikes = rung.filter(({ kind }) => kind === 'spike.local')

    expect(spikes).toHaveLength(1)
    const [{ firedAt = 0, resolvedAt = Infinity } = {}] = spikes
    expect(firedAt).toBeGreaterThan(present + 2 * MINUTE)
    expect(firedAt).toBeLessThan(present + 8 * MINUTE)
    expect(resolvedAt).toBeLessThan(present + LIFE)
  })
})

function ringsOfDemo(present: number) {
  const from = present - 4 * DAY
  const world = createWorld({ seed: 1, startAt: from, traffic: trafficWithRush(present) })
  const memory = new Memory({ maxChannels: 100, retentionDays: 400 }, from)
  memory.streamUp(from)
  memory.updateChannels(world.channels(), from)
  const alerts = new ReplayAlerts(memory, from, present + LIFE)
  for (let now = from; now < present + LIFE; now += STEP) {
    for (const event of world.advance(now)) {
      alerts.passTo(event.at)
      memory.record(event, event.at)
    }
    memory.updateChannels(world.channels(), now)
  }
  return alerts.all()
}
