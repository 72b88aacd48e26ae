import { setImmediate as nextTurn } from 'node:timers/promises'
import { keyOf } from '../../src/alerts/alert.ts'
import type { AlertDesk } from '../../src/alerts/desk.ts'
import type { AlertRule } from '../../src/alerts/kind.ts'
import type { Mailbox } from '../../src/alerts/mailbox.ts'
import { nextStep } from '../../src/alerts/plan.ts'
import type { AlertKind, Reading, Subject } from '../../src/analyzer/reading.ts'
import { Outbox } from '../../src/bot/outbox.ts'
import { Reach } from '../../src/bot/reach.ts'
import { Sender } from '../../src/bot/sender.ts'
import { createLog } from '../../src/log.ts'
import { loadDesk } from '../../src/store/alert-keeper.ts'
import type { Documents } from '../../src/store/documents.ts'
import { type Saver, startSaving } from '../../src/store/saver.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'
import { Life } from './life.ts'
import { NOW, peerOf, RULES } from './support.ts'
import { TelegramWorld } from './telegram-world.ts'

const UNKNOWN = { localMsat: undefined, capacityMsat: undefined, missed: undefined }

const STEP_S = 5

export type DeliveryOptions = {
  documents: Documents
  chatIds: readonly number[]
  rules?: readonly AlertRule[]
}

/** Desk, outbox and sender, from a world of readings to a Telegram in memory. */
export class Delivery {
  readonly clock: ManualClock = manualClock(NOW)
  readonly telegram = new TelegramWorld(() => this.clock.monotonic())
  readonly world = new Map<string, Reading>()
  blind = new Set<AlertKind>()
  wallMs = 0
  timeZone = 'UTC'
  readonly dead = new Set<number>()
  desk!: AlertDesk
  life = new Life()
  readonly #options: DeliveryOptions
  #outbox!: Outbox
  #saver!: Saver
  #passedAt = 0

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  get now(): number {
    return this.clock.now() + this.wallMs
  }

  /** Starts the program over its documents, killing the one that runs. */
  async start(): Promise<void> {
    this.life.end()
    this.life = new Life()
    // A program that starts anew cannot know of a wait: it asks once, and is told again.
    this.telegram.limits.length = 0
    const { documents, chatIds, rules = RULES } = this.#options
    const clock = this.life.clock({ ...this.clock, now: () => this.now })
    const log = createLog('silent')
    const desk = await loadDesk(documents, rules, peerOf, this.now)
    for (const id of chatIds) this.#noteUnsure(id, desk.box(id))
    const disk = this.life.disk(documents)
    const saver = startSaving({
      clock,
      log,
      collect: () => desk.takeDocuments(this.now),
      write: (docs) => disk.write(docs),
      // What matters is saved when it is asked for: waits of the saver's own would be most of all.
      everyMs: 600_000,
    })
    const sender = new Sender(this.life.api(this.telegram.api()), clock, log, {
      onDead: async (id) => void this.dead.add(id),
      onMigrated: async () => undefined,
      onThreadGone: async () => undefined,
      onFatal: () => undefined,
    })
    const probe = () => this.telegram.probe()
    this.#outbox = new Outbox({
      clock,
      log,
      desk,
      save: () => saver.flush(),
      about: (subject: Subject) => ({ name: subject, ...UNKNOWN }),
      writeDigest: async () => {
        throw new Error('there are no digests here')
      },
      reach: new Reach({ clock, log, probe, random: () => 0 }, new AbortController().signal),
      recipient: (id) => ({
        timeZone: this.timeZone,
        threadId: undefined,
        isOpen: !this.dead.has(id),
      }),
      chatIds: () => chatIds,
      attempt: (id, compose) => sender.attempt(id, compose),
      onSent: async () => undefined,
    })
    this.desk = desk
    this.telegram.desk = desk
    this.#saver = saver
    this.#passedAt = this.clock.monotonic()
  }

  set(...readings: readonly Reading[]): void {
    for (const one of readings) this.world.set(keyOf(one), one)
  }

  clear(...readings: readonly Reading[]): void {
    for (const one of readings) this.world.delete(keyOf(one))
  }

  /** A chat that was given up lets the bot in again. */
  revive(chatId: number): void {
    this.telegram.blocked.delete(chatId)
    if (!this.dead.delete(chatId)) return
    this.desk.welcomeBack(chatId)
    this.#outbox.nudge([chatId])
  }

  async minutes(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.minute()
  }

  async minute(): Promise<void> {
    if (this.life.isOver) await this.start()
    const readings = [...this.world.values()]
    const elapsedMs = this.#elapsed()
    this.desk.observe({ now: this.now, elapsedMs, readings, blindKinds: this.blind })
    await this.tell()
    for (let half = 0; half < 2; half++) {
      await this.#advance(30)
      this.desk.pass(this.now, this.#elapsed())
      await this.tell()
    }
  }

  async tell(): Promise<void> {
    void this.#saver.flush().catch(() => undefined)
    this.#outbox.nudge()
    await this.#advance(0)
  }

  /** Whether a chat has nothing left to hear that it can hear now. */
  isDone(chatId: number): boolean {
    const box = this.desk.box(chatId)
    const context = { book: this.desk.book, now: this.now, timeZone: this.timeZone, peerOf }
    return nextStep(box, context).kind === 'idle'
  }

  /** Lets seconds pass, during which the clock stands still for as long as the disk takes. */
  async #advance(seconds: number): Promise<void> {
    for (let passed = 0; passed <= seconds; passed += STEP_S) {
      await this.clock.advance(passed === 0 ? 0 : 1_000 * STEP_S)
      while (this.life.writing > 0) {
        while (this.life.writing > 0) await nextTurn()
        await this.clock.advance(0)
      }
    }
  }

  /** What was under way when the last life ended may have arrived. */
  #noteUnsure(chatId: number, { letters }: Mailbox): void {
    for (const { id, state } of letters.values()) {
      if (state === 'unsure') this.telegram.noteUnsure(chatId, id)
    }
  }

  #elapsed(): number {
    const elapsed = this.clock.monotonic() - this.#passedAt
    this.#passedAt = this.clock.monotonic()
    return elapsed
  }
}
