import type { AlertDesk } from '../alerts/desk.ts'
import type { DueDigest } from '../alerts/digest-schedule.ts'
import type { AnalyzerViews } from '../analyzer/answers.ts'
import type { Digest, DigestPeriod } from '../analyzer/digest.ts'
import type { Sensitivity, Subject } from '../analyzer/reading.ts'
import type { Clock } from '../clock.ts'
import type { NodeInfo } from '../lightning/channel.ts'
import type { SettledForward } from '../lightning/htlc.ts'
import type { Managed } from '../lightning/managed-channel.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Log } from '../log.ts'
import type { SubjectFacts } from '../messages/alerts/alert-text.ts'
import type { ExportFile, ExportQuestion } from '../messages/export.ts'
import type { ProgramFacts, SparseChannel } from '../messages/status.ts'
import type { ChannelStand, ChartViews, MemoryViews } from '../stats/views.ts'
import type { Draw } from './uploads.ts'

/** What the bot is told by the configuration. */
export type BotConfig = {
  token: string
  /** Chats that may talk to the bot without pairing; groups are negative. */
  chatIds: readonly number[]
  /** Undefined: Telegram's own servers. */
  apiRoot: string | undefined
  /** An http: or socks5h: URL that leads to Telegram. */
  proxy: string | undefined
  /** The IANA zone of chats that have not chosen one. */
  timeZone: string
}

/** A document to write; a value of undefined deletes it. */
export type ChatDocument = { key: string; value: unknown }

/** What the bot needs of the store; its keys begin with `chat:`, or are `pairing`; a chat that
 * moves takes those of its alerts along. */
export type ChatDocuments = {
  read(key: string): Promise<unknown>
  /** All documents whose key begins with the prefix, by key. */
  readAll(prefix: string): Promise<Map<string, unknown>>
  /** All of it or none, on disk when it resolves. */
  write(documents: readonly ChatDocument[]): Promise<void>
}

/** What the bot needs to tell of alerts. */
export type AlertPorts = {
  desk: AlertDesk
  /** Resolves when all that the desk holds is on disk. */
  save(): Promise<void>
  /** What is known of a subject now, for the text of its alerts. */
  about(subject: Subject): SubjectFacts
  /** Alerts a week to expect at a sensitivity, from the node's own history; undefined without one. */
  predictedPerWeek(sensitivity: Sensitivity): number | undefined
  /** The open channels in which no spike can be told from chance. */
  sparse(): readonly SparseChannel[]
}

/** What LND's history of settled forwards came to, when (epoch ms), or why it was not told. */
export type HistoryAnswer<S> =
  | { kind: 'told'; sum: S; at: number }
  | { kind: 'away' }
  | { kind: 'slow' }

/**
 * Sums what LND itself lists as settled since a time (epoch ms). The same key within half a minute
 * gets the same sum.
 */
export type SumHistory = <S extends { add(forward: SettledForward): void }>(
  key: string,
  from: number,
  begin: () => S,
) => Promise<HistoryAnswer<S>>

/** What the bot needs for digests. */
export type DigestPorts = {
  /** Makes the figures of a period up to now. */
  make(period: DigestPeriod): Promise<Digest>
  /** Returns the figures of a digest that is due: those of its hour, as long as they are kept. */
  of(due: DueDigest): Promise<Digest>
  /** The minute of the day for chats that have chosen none. */
  usualMinute(): number
}

/** What the bot asks of the rest of the program. */
export type BotPorts = {
  clock: Clock
  log: Log
  memory: MemoryViews
  analyzer: AnalyzerViews
  lnd(): LndStatus
  /** Undefined until LND was reached once. */
  node(): NodeInfo | undefined
  facts(): ProgramFacts
  /** What lnd-manage says of a channel and its peer, within seconds; absent where there is none. */
  managed?(scid: Scid, pubkey: string | undefined): Promise<Managed | undefined>
  history: SumHistory
  /** Every open channel, as LND last listed it. */
  stands(): readonly ChannelStand[]
  /** Writes what is remembered into files: see `chatExport`. */
  exportFiles(question: ExportQuestion): Promise<readonly ExportFile[]>
  documents: ChatDocuments
  alerts: AlertPorts
  digests: DigestPorts
  charts: ChartViews
  /** Draws a picture; where it fails the text goes alone. */
  draw: Draw
}
