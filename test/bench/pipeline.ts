import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rankChannels } from '../../src/analyzer/ranking.ts'
import { systemClock as clock } from '../../src/clock.ts'
import type { Channel } from '../../src/lightning/channel.ts'
import { connectLnd } from '../../src/lnd/lnd.ts'
import { createLog } from '../../src/log.ts'
import { topMessage } from '../../src/messages/top.ts'
import { TOP_PAGE } from '../../src/messages/top-buttons.ts'
import type { Memory } from '../../src/stats/memory.ts'
import { memoryStatus, nodeView } from '../../src/stats/memory-views.ts'
import { WINDOWS, type Window } from '../../src/stats/views.ts'
import { keepMemory, loadMemory } from '../../src/store/memory-keeper.ts'
import { openStore } from '../../src/store/open-store.ts'
import { benchScids } from './events.ts'
import { Meter, readTask, report, type TopTimes } from './meter.ts'

// The program's own way of an event: its connection to LND and its reader, join, statistics, and
// the store that is written once a second. Only the chat is missing.
const { port, cert, channels } = readTask()
const log = createLog('error')
const folder = await mkdtemp(join(tmpdir(), 'missed-sats-bench-'))
const stop = new AbortController()
const meter = new Meter()
try {
  await using store = await openStore({ url: `sqlite://${folder}/bench.sqlite`, log, clock })
  const memory = await loadMemory(store, { maxChannels: 10_000, retentionDays: 400 }, clock.now())
  memory.updateChannels(benchScids(channels).map(channelOf), clock.now())
  await using saver = keepMemory(memory, store, { clock, log })
  // What a start writes once (every channel as LND lists it) is no part of an event.
  await saver.flush()
  await using lnd = connectLnd(
    {
      socket: `127.0.0.1:${port}`,
      serverName: 'localhost',
      proxy: undefined,
      readCertificate: async () => Buffer.from(cert),
      readMacaroon: async () => '00',
    },
    { clock, log },
  )
  const sink = {
    up: (at: number) => {
      meter.event()
      memory.streamUp(at)
    },
    event: (event: Parameters<Memory['record']>[0]) => {
      meter.event()
      memory.record(event, clock.now())
    },
    down: () => stop.abort(),
  }
  await lnd.follow(sink, stop.signal)
  const measured = meter.finish()
  report({ ...measured, topMs: timeTop(memory) })
} finally {
  await rm(folder, { recursive: true })
}

/** How long /top takes from question to message, in ms: the first time, and the median after it. */
function timeTop(memory: Memory): Record<string, TopTimes> {
  const now = clock.now()
  return Object.fromEntries(
    WINDOWS.map((window) => {
      const [first = 0, ...others] = Array.from({ length: 10 }, () => {
        const start = performance.now()
        renderTop(memory, window, now)
        return performance.now() - start
      })
      return [window, { first, median: others.sort((a, b) => a - b)[4] ?? 0 }]
    }),
  )
}

function renderTop(memory: Memory, window: Window, now: number): void {
  const question = {
    window,
    order: 'missed',
    family: undefined,
    offset: 0,
    limit: TOP_PAGE,
  } as const
  const data = {
    ranking: rankChannels(memory, question, now),
    node: nodeView(memory, window, now),
    status: memoryStatus(memory, now),
    lnd: { state: 'listening', since: now, detail: '', reconnects: 0 },
  } as const
  topMessage(data, { now, timeZone: 'UTC' })
}

function channelOf(scid: Channel['scid'], index: number): Channel {
  const number = index.toString(16)
  return {
    scid,
    aliases: [],
    channelPoint: `${number.padStart(64, '0')}:0`,
    peer: { pubkey: `02${number.padStart(64, '0')}`, alias: `peer ${index}` },
    active: true,
    private: false,
    initiator: true,
    capacityMsat: 5_000_000_000n,
    localMsat: 2_000_000_000n,
    remoteMsat: 2_900_000_000n,
    unsettledMsat: 0n,
    localReserveMsat: 50_000_000n,
    remoteReserveMsat: 50_000_000n,
    commitFeeMsat: 3_000_000n,
    commitWeight: 1_116,
    feePerKw: 2_500,
    maxPendingMsat: 4_950_000_000n,
    maxPendingHtlcs: 483,
    pendingHtlcs: [],
  }
}
