import { describe, expect, it } from 'vitest'
import type { Channel, NodeInfo } from '../../src/lightning/channel.ts'
import type { SettledForward } from '../../src/lightning/htlc.ts'
import type { StreamSink } from '../../src/lnd/follow.ts'
import { type MonitoredLnd, startMonitor } from '../../src/lnd/monitor.ts'
import { createLog } from '../../src/log.ts'
import { Memory } from '../../src/stats/memory.ts'
import { memoryStatus, nodeView } from '../../src/stats/memory-views.ts'
import { ALICE, BOB, channel, MINUTE, NOON, offered, settled } from '../support/events.ts'
import { manualClock } from '../support/manual-clock.ts'

const INFO: NodeInfo = {
  pubkey: `02${'ab'.repeat(32)}`,
  alias: 'router',
  version: '0.20.0-beta',
  network: 'mainnet',
  blockHeight: 900_000,
  syncedToChain: true,
  syncedToGraph: true,
}
const PAST: SettledForward = {
  at: NOON - MINUTE,
  incoming: ALICE,
  outgoing: BOB,
  incomingMsat: 100_100_000n,
  outgoingMsat: 100_000_000n,
  incomingHtlcId: 1,
}

/** An LND that says what the test tells it to. */
class ScriptedLnd implements MonitoredLnd {
  sink: StreamSink | undefined
  listed: readonly Channel[] = [channel(ALICE), channel(BOB)]
  history: readonly SettledForward[] = []
  failures = new Map<string, number>()

  async follow(sink: StreamSink, signal: AbortSignal): Promise<void> {
    this.sink = sink
    await aborted(signal)
  }

  async channelEvents(_onChange: () => void, signal: AbortSignal): Promise<void> {
    await aborted(signal)
  }

  async channels(): Promise<readonly Channel[]> {
    this.#failing('channels')
    return this.listed
  }

  async policies(): Promise<[]> {
    return []
  }

  async *forwards(): AsyncGenerator<readonly SettledForward[]> {
    this.#failing('forwards')
    yield this.history
  }

  #failing(call: string): void {
    const left = this.failures.get(call) ?? 0
    this.failures.set(call, left - 1)
    if (left > 0) throw new Error(`${call}: deadline exceeded`)
  }
}

function monitored(onNode: (info: NodeInfo) => Promise<void> = async () => undefined) {
  const lnd = new ScriptedLnd()
  const clock = manualClock(NOON)
  const memory = new Memory({ maxChannels: 100, retentionDays: 400 }, NOON)
  const monitor = startMonitor({ lnd, memory, clock, log: createLog('silent'), onNode })
  return { lnd, memory, monitor }
}

describe(startMonitor, () => {
  it('lists the channels and fills the past when the stream comes up', async () => {
    const { lnd, memory, monitor } = monitored()
    await using _ = monitor
    lnd.history = [PAST]
    await lnd.sink?.node?.(INFO)
    lnd.sink?.up(NOON)
    await monitor.refreshChannels()
    expect(monitor.node()).toEqual(INFO)
    expect(memoryStatus(memory, NOON).openChannels).toBe(2)
    expect(nodeView(memory, '24h', NOON).forwards.settled).toBe(1)
    expect(memory.coverage.gaps).toEqual([])
  })

  it('fills a gap later that LND did not answer for at first', async () => {
    const { lnd, memory, monitor } = monitored()
    await using _ = monitor
    lnd.history = [PAST]
    lnd.failures.set('forwards', 2)
    lnd.sink?.up(NOON)
    await monitor.refreshChannels()
    expect(memory.coverage.gaps).toHaveLength(1)
    await monitor.refreshChannels()
    expect(memory.coverage.gaps).toEqual([])
    expect(nodeView(memory, '24h', NOON).forwards.settled).toBe(1)
  })

  it('counts nothing of a node that is not the one of the store, and ends', async () => {
    const { lnd, monitor } = monitored(() => Promise.reject(new Error('another node')))
    await using _ = monitor
    await expect(lnd.sink?.node?.(INFO)).rejects.toThrow('another node')
    await expect(monitor.done).rejects.toThrow('another node')
    expect(monitor.node()).toBeUndefined()
  })

  it('closes no channel when LND does not answer or lists none once', async () => {
    const { lnd, memory, monitor } = monitored()
    await using _ = monitor
    lnd.sink?.up(NOON)
    await monitor.refreshChannels()
    lnd.failures.set('channels', 1)
    await monitor.refreshChannels()
    lnd.listed = []
    await monitor.refreshChannels()
    expect(memoryStatus(memory, NOON).openChannels).toBe(2)
    await monitor.refreshChannels()
    expect(memoryStatus(memory, NOON).openChannels).toBe(0)
  })

  it('hands events on and ends the coverage when it is disposed', async () => {
    const { lnd, memory, monitor } = monitored()
    lnd.sink?.up(NOON)
    lnd.sink?.event(offered(7))
    lnd.sink?.event(settled(7))
    await monitor[Symbol.asyncDispose]()
    expect(nodeView(memory, '1h', NOON).forwards.settled).toBe(1)
    expect(memory.coverage.isUp).toBe(false)
  })
})

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
