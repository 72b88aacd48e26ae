import { describe, expect, it } from 'vitest'
import type { Scid } from '../../src/lightning/scid.ts'
import { createLog } from '../../src/log.ts'
import { Memory } from '../../src/stats/memory.ts'
import { channelView, nodeView } from '../../src/stats/memory-views.ts'
import { CHART_WINDOWS, type Series } from '../../src/stats/views.ts'
import { keepMemory } from '../../src/store/memory-keeper.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import type { Saver } from '../../src/store/saver.ts'
import { chartViews } from '../../src/wiring/charting.ts'
import {
  ALICE,
  BOB,
  CAROL,
  channel,
  DAY,
  HOUR,
  MINUTE,
  NOON,
  offered,
  refused,
  settled,
} from '../support/events.ts'
import { temporaryFolder } from '../support/folder.ts'
import { manualClock } from '../support/manual-clock.ts'

const log = createLog('silent')
const LIMITS = { maxChannels: 100, retentionDays: 400 }

type Node = AsyncDisposable & {
  memory: Memory
  store: Store
  saver: Saver
  clock: ReturnType<typeof manualClock>
  charts: ReturnType<typeof chartViews>
  /** Lets a refusal or a settled forward come at the clock's time. */
  refuse(): void
  settle(): void
}

/** A node with three channels over a real store, which listens from noon on. */
async function node(): Promise<Node> {
  const folder = await temporaryFolder()
  const clock = manualClock(NOON)
  const store = await openStore({ url: `sqlite://${folder.path}/bot.sqlite`, log, clock })
  const memory = new Memory(LIMITS, NOON)
  memory.streamUp(NOON)
  memory.updateChannels([channel(ALICE), channel(BOB), channel(CAROL)], NOON)
  const saver = keepMemory(memory, store, { clock, log })
  let id = 0
  return {
    memory,
    store,
    saver,
    clock,
    charts: chartViews({ memory, store, saver }),
    refuse() {
      memory.record(refused(id++, { at: clock.now() }), clock.now())
    },
    settle() {
      memory.record(offered(id, { at: clock.now() }), clock.now())
      memory.record(settled(id++, { at: clock.now() }), clock.now())
    },
    async [Symbol.asyncDispose]() {
      await saver[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function sumOf({ buckets }: Series) {
  return {
    settled: buckets.reduce((sum, one) => sum + one.settled, 0),
    earnedMsat: buckets.reduce((sum, one) => sum + one.earnedMsat, 0n),
    refused: buckets.reduce((sum, one) => sum + one.refusedForBalance + one.refusedOtherwise, 0),
  }
}

describe(chartViews, () => {
  it('has each hour where it belongs, the running one too', async () => {
    await using it = await node()
    it.refuse()
    it.settle()
    await it.clock.advance(2 * HOUR + 10 * MINUTE)
    it.settle()
    it.settle()
    const { buckets, span } = await it.charts.node('24h', it.clock.now())
    expect([span.from, buckets.length]).toEqual([NOON - 22 * HOUR, 25])
    const busy = buckets.filter((one) => one.settled + one.refusedForBalance > 0)
    const none = { refusedOtherwise: 0 }
    expect(busy).toEqual([
      {
        from: NOON,
        to: NOON + HOUR,
        settled: 1,
        earnedMsat: 100_000n,
        refusedForBalance: 1,
        ...none,
      },
      {
        from: NOON + 2 * HOUR,
        to: NOON + 2 * HOUR + 10 * MINUTE,
        settled: 2,
        earnedMsat: 200_000n,
        refusedForBalance: 0,
        ...none,
      },
    ])
  })

  it('adds up to what /top says of the same window, for weeks', async () => {
    await using it = await node()
    for (let step = 0; step < 40; step++) {
      if (step % 3 !== 1) it.settle()
      if (step % 2 === 0) it.refuse()
      await it.clock.advance(step % 5 === 0 ? 3 * DAY : 47 * MINUTE)
      await it.saver.flush()
    }
    const now = it.clock.now()
    for (const window of CHART_WINDOWS) {
      const series = await it.charts.node(window, now)
      const { forwards, span } = nodeView(it.memory, window, now)
      const attempts = forwards.refused.reduce((sum, one) => sum + one.attempts, 0)
      const { settled, earnedMsat } = forwards
      expect(sumOf(series)).toEqual({ settled, earnedMsat, refused: attempts })
      expect(series.span).toEqual(span)
      const ends = series.buckets.map(({ to }) => to)
      expect(series.buckets.map(({ from }) => from)).toEqual([span.from, ...ends.slice(0, -1)])
      expect(ends.at(-1)).toBe(now)
      const bob = await it.charts.channel(BOB, window, now)
      const { outgoing } = channelView(it.memory, BOB, window, now) ?? {}
      expect(bob && sumOf(bob.series).settled).toBe(outgoing?.settled)
    }
  })

  it('tells lack of balance from other reasons, and a channel asked for from one that asked', async () => {
    await using it = await node()
    it.refuse()
    it.memory.record(refused(90, { at: NOON, wireFailure: 12, failureDetail: 5 }), NOON)
    const now = it.clock.now()
    const of = async (scid: Scid) => {
      const found = await it.charts.channel(scid, '24h', now)
      return found?.series.buckets.at(-1)
    }
    expect(await of(BOB)).toMatchObject({ refusedForBalance: 1, refusedOtherwise: 1 })
    expect(await of(ALICE)).toMatchObject({ refusedForBalance: 0, refusedOtherwise: 0 })
    expect(await it.charts.channel('1x1x1', '24h', now)).toBeUndefined()
  })

  it('says when nobody listened', async () => {
    await using it = await node()
    await it.clock.advance(HOUR)
    it.memory.streamDown(it.clock.now())
    await it.clock.advance(20 * MINUTE)
    it.memory.streamUp(it.clock.now())
    const { uncovered, span } = await it.charts.node('24h', it.clock.now())
    expect(uncovered).toEqual([
      { from: span.from, to: NOON },
      { from: NOON + HOUR, to: NOON + HOUR + 20 * MINUTE },
    ])
  })

  it('draws a balance from the last look before the window up to now', async () => {
    await using it = await node()
    const list = async (localMsat: bigint) => {
      const remoteMsat = 5_000_000_000n - localMsat
      it.memory.updateChannels(
        [channel(ALICE), channel(BOB, { localMsat, remoteMsat }), channel(CAROL)],
        it.clock.now(),
      )
      await it.clock.advance(13 * HOUR)
    }
    for (const sat of [4_000_000n, 3_000_000n, 2_000_000n]) await list(sat * 1000n)
    const now = it.clock.now()
    const found = await it.charts.channel(BOB, '24h', now)
    const from = found?.series.span.from ?? 0
    expect(found?.balances).toEqual({
      capacityMsat: 5_000_000_000n,
      points: [
        { at: from, localMsat: 3_000_000_000n },
        { at: NOON + 26 * HOUR, localMsat: 2_000_000_000n },
        { at: now, localMsat: 2_000_000_000n },
      ],
    })
  })

  it('reads again when an hour ends while it reads', async () => {
    await using it = await node()
    it.settle()
    await it.clock.advance(59 * MINUTE)
    let reads = 0
    const store: Pick<Store, 'readMember'> = {
      async readMember(question) {
        const read = await it.store.readMember(question)
        if (reads++ === 0) {
          await it.clock.advance(2 * MINUTE)
          it.settle()
        }
        return read
      },
    }
    const { memory, saver } = it
    const charts = chartViews({ memory, store, saver })
    const series = await charts.node('24h', it.clock.now())
    expect(sumOf(series).settled).toBe(2)
    expect(reads).toBe(2)
  })
})
