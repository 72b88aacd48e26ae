// How much memory the built program takes (tsx would add its own): LND's client, bot, jobs and
// store loaded, 10,000 channels known, 8 days of hours on 1,000 of them, then SECONDS of RATE
// events a second over all 10,000. Prints one line of JSON.
import { setTimeout as delay } from 'node:timers/promises'

const [task, url, rate = '1000', seconds = '20'] = process.argv.slice(2)
const CHANNELS = 10_000
const HOUR = 3_600_000
const load = (name) => import(`../../dist/${name}.js`)
const { systemClock } = await load('clock')
const { createLog } = await load('log')
const { openStore } = await load('store/open-store')
const { keepMemory, loadMemory } = await load('store/memory-keeper')
const log = createLog('error')
const scids = Array.from({ length: CHANNELS }, (_, i) => `${800_000 + i}x1x0`)
let htlcId = 0

function play(memory, clock, incoming, outgoing) {
  const forward = {
    kind: 'forward',
    role: 'forward',
    at: clock.now(),
    incoming,
    outgoing,
    incomingHtlcId: htlcId++,
    outgoingHtlcId: htlcId,
    incomingMsat: 100_001_000,
    outgoingMsat: 100_000_000,
    wireFailure: 0,
    failureDetail: 0,
    settled: false,
  }
  memory.record(forward, clock.now())
  memory.record({ ...forward, kind: 'settle' }, clock.now())
  const refused = { kind: 'linkFail', incomingHtlcId: htlcId++, wireFailure: 15, failureDetail: 6 }
  memory.record({ ...forward, ...refused }, clock.now())
}

function channelOf(scid, i) {
  const hex = i.toString(16).padStart(64, '0')
  return {
    scid,
    aliases: [],
    channelPoint: `${hex}:0`,
    peer: { pubkey: `02${hex}`, alias: `peer ${i}` },
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

/** Fills the store: hours of the past on 1,000 channels, and every channel once. */
async function fill() {
  const clock = {
    ...systemClock,
    at: Date.now() - 8 * 24 * HOUR,
    now: () => clock.at,
    sleep: never,
  }
  await withMemory(clock, async (memory, saver) => {
    memory.updateChannels(scids.map(channelOf), clock.now())
    for (let hour = 0; hour < 8 * 24; hour++) {
      clock.at += HOUR
      for (let i = 0; i < 1_000; i++) play(memory, clock, scids[i], scids[(i * 7 + hour) % 1_000])
      await saver.flush()
    }
    for (let i = 0; i < CHANNELS; i++) play(memory, clock, scids[i], scids[(i + 1) % CHANNELS])
  })
}

/** Loads the program on the filled store and lets events come. */
async function run() {
  for (const part of ['bot/bot', 'jobs/jobs', 'lnd/lnd', 'lnd/monitor']) await load(part)
  const { heapTrimmer } = await load('heap')
  const idleMb = process.memoryUsage().rss / 1e6
  const start = performance.now()
  await withMemory(systemClock, async (memory) => {
    const loadMs = performance.now() - start
    const trim = heapTrimmer(() => memory.eventCount, systemClock.monotonic)
    let peakMb = 0
    for (let tick = 0, n = 0; tick < Number(seconds) * 10; tick++) {
      for (let i = 0; i < Number(rate) / 30; i++, n++) {
        play(memory, systemClock, scids[(n * 7919) % CHANNELS], scids[(n * 104_729) % CHANNELS])
      }
      await delay(100)
      if (tick % 50 === 0) trim()
      peakMb = Math.max(peakMb, process.memoryUsage().rss / 1e6)
    }
    const rssMb = process.memoryUsage().rss / 1e6
    process.stdout.write(`${JSON.stringify({ idleMb, loadMs, rssMb, peakMb })}\n`)
  })
}

async function withMemory(clock, work) {
  const store = await openStore({ url, log, clock })
  const memory = await loadMemory(store, { maxChannels: CHANNELS, retentionDays: 400 }, clock.now())
  const saver = keepMemory(memory, store, { clock, log })
  await work(memory, saver)
  await saver[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
}

async function never(_ms, signal) {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

if (task === 'fill') await fill()
else await run()
