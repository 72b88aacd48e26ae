import { describe, expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { Memory } from '../../src/stats/memory.ts'
import { nodeView } from '../../src/stats/memory-views.ts'
import type { Doc } from '../../src/store/documents.ts'
import { keepMemory, loadMemory } from '../../src/store/memory-keeper.ts'
import { HOUR, NOON, offered, settled } from '../support/events.ts'

const LIMITS = { maxChannels: 100, retentionDays: 400 }
const log = createLog('silent')

/** Documents in memory; every batch is a state that a kill -9 may leave behind. */
class Disk {
  readonly docs = new Map<string, unknown>()
  readonly states: Map<string, unknown>[] = []

  async read(key: string): Promise<unknown> {
    return this.docs.get(key)
  }

  async readAll(prefix: string): Promise<Map<string, unknown>> {
    return new Map([...this.docs].filter(([key]) => key.startsWith(prefix)))
  }

  async write(docs: readonly Doc[]): Promise<void> {
    for (const { key, value } of docs) {
      if (value === undefined) this.docs.delete(key)
      else this.docs.set(key, structuredClone(value))
    }
    this.states.push(new Map(this.docs))
  }
}

/** A clock that is set by hand and in which nobody wakes up by himself. */
function setClock(start: number) {
  const clock = {
    at: start,
    now: () => clock.at,
    monotonic: () => clock.at,
    async sleep(_ms: number, signal?: AbortSignal) {
      if (signal?.aborted !== false) return
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    },
  }
  return clock
}

describe(keepMemory, () => {
  it('leaves, whenever it is killed, a state from which every window empties', async () => {
    const disk = new Disk()
    const clock = setClock(NOON)
    const memory = new Memory(LIMITS, NOON)
    const saver = keepMemory(memory, disk, { clock, log })
    memory.record(offered(1), NOON)
    memory.record(settled(1), NOON)
    for (const hours of [0, 3, 30, 10 * 24, 32 * 24]) {
      clock.at = NOON + hours * HOUR
      await saver.flush()
      await saver.flush()
    }
    await saver[Symbol.asyncDispose]()
    expect(disk.states.length).toBeGreaterThanOrEqual(5)
    for (const state of disk.states) await expectEmptyAtLast(state)
  })
})

describe('RETENTION_DAYS', () => {
  it('is how long days are kept, from when it is changed, too', async () => {
    const disk = new Disk()
    const clock = setClock(NOON)
    const memory = new Memory(LIMITS, NOON)
    await using saver = keepMemory(memory, disk, { clock, log })
    const days = () => [...disk.docs.keys()].filter((key) => key.startsWith('stats:day:')).length
    for (let day = 0; day < 450; day++, clock.at += 24 * HOUR) {
      memory.record(offered(day, { at: clock.at }), clock.at)
      memory.record(settled(day, { at: clock.at }), clock.at)
      await saver.flush()
    }
    // What one batch finds to be over, the next deletes.
    await saver.flush()
    await saver.flush()
    expect(days()).toBe(400)
    memory.ledger.retain(60)
    await saver.flush()
    await saver.flush()
    expect(days()).toBe(60)
    expect(nodeView(memory, '30d', clock.at).forwards.settled).toBe(30)
  })
})

async function expectEmptyAtLast(state: Map<string, unknown>): Promise<void> {
  const disk = new Disk()
  for (const [key, value] of state) disk.docs.set(key, structuredClone(value))
  const now = NOON + 40 * 24 * HOUR
  const clock = setClock(now)
  const memory = await loadMemory(disk, LIMITS, now)
  {
    await using saver = keepMemory(memory, disk, { clock, log })
    await saver.flush()
    await saver.flush()
  }
  for (const window of ['1h', '24h', '7d', '30d'] as const) {
    expect(nodeView(memory, window, now).forwards.settled, window).toBe(0)
  }
}
