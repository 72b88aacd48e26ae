import type { AlertDesk } from '../alerts/desk.ts'
import type { DigestPost } from '../alerts/digest-box.ts'
import type { Subject } from '../analyzer/reading.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { SubjectFacts } from '../messages/alerts/alert-text.ts'
import type { Reading } from '../messages/format.ts'
import type { Message } from '../messages/message.ts'
import type { Job } from './job.ts'
import type { Outcome } from './outcome.ts'
import type { Reach } from './reach.ts'

/** Writes the digest that is due in a chat. */
export type DigestWriter = (chatId: number, post: DigestPost, reading: Reading) => Promise<Message>

/** A chat as the outbox sees it. */
export type Recipient = {
  timeZone: string
  threadId: number | undefined
  /** Whether it takes messages now, as far as is known. */
  isOpen: boolean
}

/** What the outbox is told, and whom it asks. */
export type OutboxDeps = {
  clock: Clock
  log: Log
  desk: AlertDesk
  /** Resolves when everything about alerts is on disk. */
  save(): Promise<void>
  about(subject: Subject): SubjectFacts
  /** Writes a digest as it is now. */
  writeDigest: DigestWriter
  reach: Reach
  recipient(chatId: number): Recipient | undefined
  chatIds(): readonly number[]
  /** See `Sender.attempt`. */
  attempt(chatId: number, compose: () => Promise<Job | undefined>): Promise<Outcome | undefined>
  /** A message arrived in the chat. */
  onSent(chatId: number): Promise<void>
}
