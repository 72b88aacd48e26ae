import { dayOf } from './alerts/day-estimate.ts'
import { DayFigures } from './alerts/estimates.ts'
import { rankChannels } from './analyzer/ranking.ts'
import { startBot, type TelegramBot } from './bot/bot.ts'
import { createPairingCode } from './bot/pairing.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Config, secretsOf } from './config.ts'
import { openDrawing } from './drawing/drawing.ts'
import { createPinger, type Pinger } from './http/ping.ts'
import { Analyst } from './jobs/analyst.ts'
import { startJobs } from './jobs/jobs.ts'
import { connectLnd } from './lnd/lnd.ts'
import { startMonitor } from './lnd/monitor.ts'
import { connectLndManage } from './lnd-manage/lnd-manage.ts'
import { createLog, type Log } from './log.ts'
import { type LiveVariables, type Reloading, reloader } from './reload.ts'
import { findChannels } from './stats/find-channels.ts'
import type { Memory } from './stats/memory.ts'
import { channelView, memoryStatus, nodeView } from './stats/memory-views.ts'
import { channelStands } from './stats/stands.ts'
import type { MemoryViews } from './stats/views.ts'
import { keepMemory, loadMemory } from './store/memory-keeper.ts'
import { openStore } from './store/open-store.ts'
import { VERSION } from './version.ts'
import { openAlerting } from './wiring/alerting.ts'
import { chartViews } from './wiring/charting.ts'
import { chatExport } from './wiring/chat-export.ts'
import { type Digesting, openDigesting } from './wiring/digesting.ts'
import { historyOf } from './wiring/history.ts'
import { jobsOf, measureSize } from './wiring/jobs.ts'
import { openSpikes } from './wiring/spiking.ts'
import { isWell, openHttp, type Watched } from './wiring/watched.ts'

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
  // Before any event: it must miss none.
  const spikes = await openSpikes(memory, store, clock.now())
  await using lnd = connectLnd(config.lnd, { clock, log })
  await using monitor = startMonitor({
    lnd,
    memory,
    clock,
    log,
    onNode: (info) => store.claim(info.pubkey),
  })
  await using lndManage = config.lndManageUrl
    ? connectLndManage(config.lndManageUrl, { clock, log })
    : undefined
  const analyst = new Analyst({
    memory,
    clock,
    pastCostPpm: (scid) => lndManage?.rebalanceCostPpm(scid),
    documents: store,
    save: () => saver.flush(),
  })
  await analyst.load()
  await using alerting = await openAlerting({
    documents: store,
    memory,
    lnd: () => lnd.status(),
    node: () => monitor.node(),
    clock,
    log,
    spikes,
    estimates: new DayFigures(
      memory,
      dayOf(() => analyst.last),
    ),
  })
  const views = viewsOf(memory)
  const charts = chartViews({ memory, store, saver })
  const digesting = openDigesting({
    ...{ memory, views, charts, analyst, alerting, store, saver, clock, log },
    usualMinute: config.digestAt,
  })
  await using drawing = openDrawing()
  const startedAt = clock.now()
  const size = await measureSize(store)
  await using bot = await startBot(
    { ...config.telegram, timeZone: config.timeZone },
    {
      clock,
      log,
      memory: views,
      analyzer: analyst.views,
      lnd: () => lnd.status(),
      node: () => monitor.node(),
      history: historyOf({ lnd, memory, clock, log }),
      exportFiles: chatExport({
        memory,
        analyzer: analyst.views,
        store,
        save: () => saver.flush(),
        clock,
      }),
      stands: () => channelStands(memory),
      documents: store,
      alerts: alerting.ports,
      digests: digesting.ports,
      charts,
      draw: (svg) => drawing.draw(svg),
      ...(lndManage && { managed: (scid, pubkey) => lndManage.report(scid, pubkey) }),
      facts: () => ({
        programVersion: VERSION,
        nodeVersion: process.version,
        startedAt,
        storeBytes: size.bytes(),
        savedAt: saver.lastSavedAt(),
        saveFailing:
          saver.failingSince() === undefined && alerting.saver.failingSince() === undefined
            ? undefined
            : 'the store cannot be written to; see the log',
      }),
    },
  )
  const parts = { memory, analyst, lnd, monitor, bot, saver, alerting, clock }
  const watched = { ...parts, startedAt, storeBytes: size.bytes }
  await using _http = config.http && (await openHttp(config.http, watched, log))
  const pinger = createPinger({ url: config.pingUrl, isWell: () => isWell(watched), log })
  const { ping } = pinger
  const jobs = jobsOf({ ...watched, store, size, lndManage, digest: digesting.job(bot), ping, log })
  await using _jobs = startJobs(jobs, log)
  await using _watch = alerting.watch(bot)
  const live = liveVariables(watched, digesting, pinger, log)
  using _reload = reloading?.onWish(reloader(reloading, live, log))
  await offerPairing(bot, store, clock)
  analyst.analyse().catch((error: unknown) => log.error({ err: error }, 'the analysis failed'))
  log.info({ version: VERSION, node: process.version }, 'missed-sats is running')
  await Promise.race([aborted(signal), monitor.done, bot.done])
}

/** What takes effect without a restart; .env.example and the README list the same. */
function liveVariables(
  { memory, bot }: Watched,
  digesting: Digesting,
  pinger: Pinger,
  log: Log,
): LiveVariables {
  return {
    DIGEST_AT: ({ digestAt }) => digesting.setUsualMinute(digestAt),
    LOG_LEVEL: ({ logLevel }) => {
      log.level = logLevel
    },
    PING_URL: ({ pingUrl }) => pinger.setUrl(pingUrl),
    RETENTION_DAYS: ({ retentionDays }) => memory.ledger.retain(retentionDays),
    TIME_ZONE: ({ timeZone }) => bot.setTimeZone(timeZone),
  }
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
