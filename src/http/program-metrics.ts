import type { NodeInfo } from '../lightning/channel.ts'
import { LND_STATES, type LndStatus } from '../lightning/node-status.ts'
import type { TelegramStatus } from '../messages/status.ts'
import type { Memory } from '../stats/memory.ts'
import { PARTS } from './health.ts'
import { by, counter, gauge, type Metric } from './metric.ts'

/** What the program says of itself; times are epoch ms. */
export type ProgramState = {
  version: string
  /** The parts that are not well. */
  unwell: ReadonlySet<string>
  lnd: LndStatus
  /** Undefined until LND was reached once. */
  node: NodeInfo | undefined
  telegram: TelegramStatus
  /** Messages that wait for their turn. */
  waiting: number
  /** Alerts that fire now, by kind. */
  alertsFiring: Readonly<Record<string, number>>
  /** How long the oldest alert that should have rung has not been told, in ms; 0 when none waits. */
  oldestUntoldMs: number
  storeBytes: number
  savedAt: number | undefined
  saveFailures: number
  /** Documents that are not on disk yet although their time has come. */
  unsaved: number
  /** The last analysis, and how long it took; undefined before the first. */
  analysedAt: number | undefined
  analysisMs: number | undefined
}

/** The program itself: its parts, its queues, its process. */
export function programMetrics(state: ProgramState, memory: Memory): readonly Metric[] {
  return [
    gauge('missed_sats_build_info', 'The running version.', [
      { labels: { version: state.version, node: process.version }, value: 1 },
    ]),
    gauge(
      'missed_sats_healthy',
      'Whether a part is well: 1 or 0, as /healthz judges.',
      PARTS.map((part) => ({ labels: { part }, value: state.unwell.has(part) ? 0 : 1 })),
    ),
    ...lndMetrics(state),
    ...telegramMetrics(state),
    ...alertMetrics(state),
    ...storeMetrics(state),
    ...analysisMetrics(state),
    ...bookMetrics(memory),
    ...processMetrics(),
  ]
}

function lndMetrics({ lnd, node }: ProgramState): readonly Metric[] {
  const info = node && { pubkey: node.pubkey, version: node.version, network: node.network }
  return [
    gauge(
      'missed_sats_lnd_state',
      'The state of the connection to LND: 1 for the present one, 0 for all others.',
      LND_STATES.map((state) => ({ labels: { state }, value: state === lnd.state ? 1 : 0 })),
    ),
    gauge(
      'missed_sats_lnd_state_since_timestamp_seconds',
      'Since when the connection to LND is in its state.',
      lnd.since / 1000,
    ),
    counter(
      'missed_sats_lnd_reconnects_total',
      'How often the event stream was opened again.',
      lnd.reconnects,
    ),
    gauge('missed_sats_lnd_info', 'The node watched.', info && [{ labels: info, value: 1 }]),
  ]
}

function telegramMetrics({ telegram, waiting }: ProgramState): readonly Metric[] {
  const { chats, deadChats, droppedReplies } = telegram
  return [
    gauge(
      'missed_sats_telegram_chats',
      'Chats that may ask, by whether the bot can write to them.',
      by('state', { reachable: chats - deadChats, closed: deadChats }),
    ),
    gauge('missed_sats_telegram_messages_waiting', 'Messages that wait for their turn.', waiting),
    counter(
      'missed_sats_telegram_replies_dropped_total',
      'Replies given up because Telegram asked to wait too long.',
      droppedReplies,
    ),
  ]
}

function alertMetrics({ alertsFiring, oldestUntoldMs }: ProgramState): readonly Metric[] {
  return [
    gauge(
      'missed_sats_alerts_firing',
      'Alerts that fire now, by kind; muted ones and parts of others included.',
      by('kind', alertsFiring),
    ),
    gauge(
      'missed_sats_alerts_oldest_untold_seconds',
      'How long the oldest alert that should have rung waits to be told.',
      oldestUntoldMs / 1000,
    ),
  ]
}

function storeMetrics(state: ProgramState): readonly Metric[] {
  const { storeBytes, savedAt, saveFailures, unsaved } = state
  return [
    gauge('missed_sats_store_size_bytes', 'The database on disk.', storeBytes),
    gauge(
      'missed_sats_store_last_save_timestamp_seconds',
      'When the memory was last saved.',
      inSeconds(savedAt),
    ),
    gauge(
      'missed_sats_store_failed_saves',
      'Attempts to save that failed since the last that succeeded.',
      saveFailures,
    ),
    gauge('missed_sats_store_unsaved_documents', 'Documents that wait for the disk.', unsaved),
  ]
}

function analysisMetrics({ analysedAt, analysisMs }: ProgramState): readonly Metric[] {
  return [
    gauge(
      'missed_sats_analysis_timestamp_seconds',
      'When the memory was last analysed.',
      inSeconds(analysedAt),
    ),
    gauge(
      'missed_sats_analysis_duration_seconds',
      'How long the last analysis took, in slices.',
      inSeconds(analysisMs),
    ),
  ]
}

function bookMetrics({ book }: Memory): readonly Metric[] {
  return [
    gauge(
      'missed_sats_channels',
      'Channels remembered, by state.',
      by('state', { open: book.openCount, closed: book.closedCount }),
    ),
    gauge('missed_sats_channels_limit', 'How many can be remembered.', book.capacity),
    counter(
      'missed_sats_channels_evicted_total',
      'Channels forgotten for lack of room.',
      book.evicted,
    ),
  ]
}

/** Under the names that Prometheus gives to all processes. */
function processMetrics(): readonly Metric[] {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const { active } = performance.eventLoopUtilization()
  return [
    gauge('process_resident_memory_bytes', 'Resident memory.', rss),
    gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use.', heapUsed),
    counter('process_cpu_seconds_total', 'Processor time.', (user + system) / 1e6),
    counter(
      'nodejs_eventloop_active_seconds_total',
      'Time in which the event loop was busy.',
      active / 1000,
    ),
    gauge('process_start_time_seconds', 'When the process started.', performance.timeOrigin / 1000),
  ]
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000
}
