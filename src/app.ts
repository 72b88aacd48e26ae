import type { AnalyzerViews } from './analyzer/answers.ts'
import { rankChannels } from './analyzer/ranking.ts'
import { startBot, type TelegramBot } from './bot/bot.ts'
import { createPairingCode } from './bot/pairing.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Config, secretsOf } from './config.ts'
import { heapTrimmer } from './heap.ts'
import { type HealthFacts, problemsOf } from './http/health.ts'
import { createPinger, type Pinger } from './http/ping.ts'
import type { HttpPorts } from './http/routes.ts'
import type { HttpServer } from './http/server.ts'
import { type Job, startJobs } from './jobs/jobs.ts'
import { connectLnd, type Lnd } from './lnd/lnd.ts'
import { type Monitor, startMonitor } from './lnd/monitor.ts'
import { createLog, type Log } from './log.ts'
import { type LiveVariables, type Reloading, reloader } from './reload.ts'
import { findChannels } from './stats/find-channels.ts'
import type { Memory } from './stats/memory.ts'
import { channelView, memoryStatus, nodeView } from './stats/memory-views.ts'
import type { MemoryViews } from './stats/views.ts'
import { keepMemory, loadMemory } from './store/memory-keeper.ts'
import { openStore } from './store/open-store.ts'
import type { Saver } from './store/saver.ts'
import { VERSION } from './version.ts'

/**
 * Runs the program until the signal aborts: opens the parts, introduces them to each other and
 * waits. What is opened last is closed first, so that the memory is saved after everything that
 * changes it has stopped, and the store is closed last. Without `reloading` the configuration stays
 * as it is.
 * @throws StoreError, TelegramError or whatever else must end the program; never for trouble with
 *   LND or a network that may come back.
 */
export async function run(
  config: Config,
  signal: AbortSignal,
  clock: Clock = systemClock,
  reloading?: Reloading,
): Promise<void> {
  const log = createLog(config.logLevel, secretsOf(config))
  await using store = await openStore({ url: config.databaseUrl, log, clock })
  const memory = await loadMemory(store, config, clock.now())
  await using saver = keepMemory(memory, store, { clock, log })
  await using lnd = connectLnd(config.lnd, { clock, log })
  await using monitor = startMonitor({
    lnd,
    memory,
    clock,
    log,
    onNode: (info) => store.claim(info.pubkey),
  })
  const startedAt = clock.now()
  let storeBytes = await store.sizeBytes()
  await using bot = await startBot(
    { ...config.telegram, timeZone: config.timeZone },
    {
      clock,
      log,
      memory: viewsOf(memory),
      analyzer: NOT_ANALYSED,
      lnd: () => lnd.status(),
      node: () => monitor.node(),
      documents: store,
      facts: () => ({
        programVersion: VERSION,
        nodeVersion: process.version,
        startedAt,
        storeBytes,
        savedAt: saver.lastSavedAt(),
        saveFailing: saver.healthy() ? undefined : 'the store cannot be written to; see the log',
      }),
    },
  )
  const parts = { memory, lnd, monitor, bot, saver, clock, startedAt, storeBytes: () => storeBytes }
  await using _http = config.http && (await openHttp(config.http, parts, log))
  const isWell = () => problemsOf(healthOf(parts), clock.now()).length === 0
  const pinger = createPinger({ url: config.pingUrl, isWell, log })
  const measureStore = async () => {
    storeBytes = await store.sizeBytes()
  }
  const jobs: Job[] = [
    ...jobsOf(memory, monitor, clock, log),
    { name: 'measure the store', when: '* * * * *', run: measureStore },
    { name: 'give space back', when: '41 * * * *', run: () => store.giveBack() },
    { name: 'ping', when: '* * * * *', run: pinger.ping },
  ]
  await using _jobs = startJobs(jobs, log)
  using _reload = reloading?.onWish(reloader(reloading, liveVariables(parts, pinger, log), log))
  await offerPairing(bot, store, clock)
  log.info({ version: VERSION, node: process.version }, 'missed-sats is running')
  await Promise.race([aborted(signal), monitor.done, bot.done])
}

/** What is asked for the health and the metrics of the program. */
type Watched = {
  memory: Memory
  lnd: Lnd
  monitor: Monitor
  bot: TelegramBot
  saver: Saver
  clock: Clock
  startedAt: number
  storeBytes(): number
}

function healthOf({ lnd, bot, saver, startedAt }: Watched): HealthFacts {
  return {
    lnd: lnd.status(),
    telegramDownSince: bot.downSince(),
    saveFailingSince: saver.failingSince(),
    savedAt: saver.lastSavedAt() ?? startedAt,
  }
}

/** The library of the metrics takes 11 MB: it is loaded where they are wanted alone. */
async function openHttp(
  listen: NonNullable<Config['http']>,
  watched: Watched,
  log: Log,
): Promise<HttpServer> {
  const { serveHttp } = await import('./http/server.ts')
  const { routes } = await import('./http/routes.ts')
  return serveHttp(listen, routes(httpPortsOf(watched)), log)
}

function httpPortsOf(watched: Watched): HttpPorts {
  const { memory, lnd, monitor, bot, saver, clock, storeBytes } = watched
  return {
    now: () => clock.now(),
    memory,
    health: () => healthOf(watched),
    state: () => ({
      version: VERSION,
      lnd: lnd.status(),
      node: monitor.node(),
      telegram: bot.status(),
      waiting: bot.waiting(),
      storeBytes: storeBytes(),
      savedAt: saver.lastSavedAt(),
      saveFailures: saver.failures(),
      unsaved: saver.unsaved(),
    }),
  }
}

/** What takes effect without a restart; .env.example and the README list the same. */
function liveVariables({ memory, bot }: Watched, pinger: Pinger, log: Log): LiveVariables {
  return {
    LOG_LEVEL: ({ logLevel }) => {
      log.level = logLevel
    },
    PING_URL: ({ pingUrl }) => pinger.setUrl(pingUrl),
    RETENTION_DAYS: ({ retentionDays }) => memory.ledger.retain(retentionDays),
    TIME_ZONE: ({ timeZone }) => bot.setTimeZone(timeZone),
  }
}

// Until there is an analysis the chat shows what was refused, and says that the rest is to come.
const NOT_ANALYSED: AnalyzerViews = {
  opportunities: () => undefined,
  demands: () => undefined,
  demand: () => undefined,
  explain: () => undefined,
  track: () => ({
    given: 0,
    running: 0,
    n: 0,
    medianRatio: undefined,
    insideShare: undefined,
    results: [],
  }),
  ignore: () => Promise.resolve(),
  given: () => undefined,
  done: () => Promise.resolve(false),
}

/** What the bot may ask of the memory. */
export function viewsOf(memory: Memory): MemoryViews {
  return {
    rank: (question, now) => rankChannels(memory, question, now),
    channel: (scid, window, now) => channelView(memory, scid, window, now),
    node: (window, now) => nodeView(memory, window, now),
    status: (now) => memoryStatus(memory, now),
    find: (text) => findChannels(memory, text),
  }
}

function jobsOf(memory: Memory, monitor: Monitor, clock: Clock, log: Log): Job[] {
  const events = () => memory.eventCount
  return [
    { name: 'list channels', when: '* * * * *', run: () => monitor.refreshChannels() },
    { name: 'read policies', when: '17 */6 * * *', run: () => monitor.refreshPolicies() },
    {
      name: 'keep the heap small',
      when: '*/5 * * * * *',
      run: heapTrimmer(events, clock.monotonic),
    },
    { name: 'heartbeat', when: '*/30 * * * * *', run: () => memory.heartbeat(clock.now()) },
    {
      name: 'clean up closed channels',
      when: '23 * * * *',
      run: cleanerOf(memory, clock, log),
    },
  ]
}

function cleanerOf(memory: Memory, clock: Clock, log: Log): () => void {
  let known = memory.book.evicted
  return () => {
    const removed = memory.book.cleanUp(clock.now())
    const { evicted, capacity } = memory.book
    if (removed > 0) log.info({ removed }, 'removed channels closed more than 90 days ago')
    if (evicted > known)
      log.warn({ evicted: evicted - known, capacity }, 'evicted channels: MAX_CHANNELS is reached')
    known = evicted
  }
}

async function offerPairing(
  bot: TelegramBot,
  store: Parameters<typeof createPairingCode>[0],
  clock: Clock,
): Promise<void> {
  if (bot.chatIds().length > 0) return
  const code = await createPairingCode(store, clock.now())
  process.stdout.write(
    `No chat is paired yet. Send this to the bot within 15 minutes:\n\n  /start ${code}\n\n`,
  )
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
