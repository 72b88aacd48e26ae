import type { TelegramBot } from '../bot/bot.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { type HealthFacts, problemsOf } from '../http/health.ts'
import type { HttpPorts } from '../http/routes.ts'
import type { HttpServer } from '../http/server.ts'
import type { Analyst } from '../jobs/analyst.ts'
import type { Lnd } from '../lnd/lnd.ts'
import type { Monitor } from '../lnd/monitor.ts'
import type { Log } from '../log.ts'
import type { Memory } from '../stats/memory.ts'
import type { Saver } from '../store/saver.ts'
import { VERSION } from '../version.ts'
import type { Alerting } from './alerting.ts'

/** What is asked for the health and the metrics of the program. */
export type Watched = {
  memory: Memory
  alerting: Alerting
  analyst: Analyst
  lnd: Lnd
  monitor: Monitor
  bot: TelegramBot
  saver: Saver
  clock: Clock
  startedAt: number
  storeBytes(): number
}

/** Whether every part is well now. */
export function isWell(watched: Watched): boolean {
  return problemsOf(healthOf(watched), watched.clock.now()).length === 0
}

function healthOf({ lnd, bot, saver, alerting, startedAt }: Watched): HealthFacts {
  return {
    lnd: lnd.status(),
    telegramDownSince: bot.downSince(),
    saveFailingSince: earlier(saver.failingSince(), alerting.saver.failingSince()),
    savedAt: Math.min(saver.lastSavedAt() ?? startedAt, alerting.saver.lastSavedAt() ?? startedAt),
  }
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

/**
 * Serves /healthz, /livez and /metrics. The library of the metrics takes 11 MB: it is loaded where
 * they are wanted alone.
 */
export async function openHttp(
  listen: NonNullable<Config['http']>,
  watched: Watched,
  log: Log,
): Promise<HttpServer> {
  const { serveHttp } = await import('../http/server.ts')
  const { routes } = await import('../http/routes.ts')
  return serveHttp(listen, routes(httpPortsOf(watched)), log)
}

function httpPortsOf(watched: Watched): HttpPorts {
  const { memory, analyst, lnd, monitor, bot, saver, alerting, clock, storeBytes } = watched
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
      alertsFiring: alerting.firing(),
      oldestUntoldMs: bot.delivery().oldestUnsentMs ?? 0,
      storeBytes: storeBytes(),
      savedAt: saver.lastSavedAt(),
      saveFailures: saver.failures(),
      unsaved: saver.unsaved(),
      analysedAt: analyst.last?.at,
      analysisMs: analyst.tookMs,
    }),
  }
}
