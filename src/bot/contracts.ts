import type { AlertDesk } from '../alerts/desk.ts'
import type { AnalyzerViews } from '../analyzer/answers.ts'
import type { Sensitivity, Subject } from '../analyzer/reading.ts'
import type { Clock } from '../clock.ts'
import type { NodeInfo } from '../lightning/channel.ts'
import type { Managed } from '../lightning/managed-channel.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Log } from '../log.ts'
import type { SubjectFacts } from '../messages/alerts/alert-text.ts'
import type { ProgramFacts, SparseChannel } from '../messages/status.ts'
import type { MemoryViews } from '../stats/views.ts'
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
  documents: ChatDocuments
  alerts: AlertPorts
  /** Draws a picture; without it the text goes alone. */
  draw?: Draw
}
