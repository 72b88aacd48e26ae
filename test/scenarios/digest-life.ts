import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Api, GrammyError, HttpError } from 'grammy'
import type { AlertDesk } from '../../src/alerts/desk.ts'
import { localTimeAt } from '../../src/alerts/local-clock.ts'
import type { Preferences } from '../../src/alerts/preferences.ts'
import { Outbox } from '../../src/bot/outbox.ts'
import { Reach } from '../../src/bot/reach.ts'
import { Sender } from '../../src/bot/sender.ts'
import { digestRound } from '../../src/jobs/digests.ts'
import { createLog } from '../../src/log.ts'
import { digestMessage } from '../../src/messages/digest/digest.ts'
import { timeOfDay } from '../../src/messages/format.ts'
import { loadDesk } from '../../src/store/alert-keeper.ts'
import type { Documents } from '../../src/store/documents.ts'
import { type Saver, startSaving } from '../../src/store/saver.ts'
import { Life } from '../alerts/life.ts'
import { FACTS, FakeDocuments } from '../bot/support.ts'
import { digestOfDay } from '../support/digests.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'

export const CHAT = 77

export type CallOutcome = 'ok' | 'lost-reply' | 'lost-call' | 'refused' | 'blocked' | 'unreadable'

/** A digest that arrived: when on the clock of its chat, and its first lines. */
export type Arrived = {
  chatId: number
  at: string
  text: string
  isLoud: boolean
  parseMode: string
}

const MINUTE_MS = 60_000
const ROUND_MS = 10_000
const UNKNOWN = { localMsat: undefined, capacityMsat: undefined, missed: undefined }

/** From the clock that queues digests to a Telegram that takes them, over lives and steps of time. */
export class DigestLife {
  readonly clock: ManualClock
  readonly zones = new Map<number, string>([[CHAT, 'Europe/Berlin']])
  readonly dead = new Set<number>()
  readonly arrived: Arrived[] = []
  readonly life = { now: new Life() }
  readonly documents: Documents
  outcomes: CallOutcome[] = []
  isOut = false
  wallMs = 0
  usualMinute = 8 * 60
  listeningSince: number | undefined = 0
  isCaughtUp = true
  /** How often figures were made. */
  made = 0
  desk!: AlertDesk
  #outbox!: Outbox
  #saver!: Saver
  #round!: () => Promise<void>
  #steadyAt = 0
  #isUp = false

  /** `from` is UTC, as `2026-11-21T05:00Z`. */
  constructor(from: string, documents: Documents = new FakeDocuments()) {
    this.clock = manualClock(Date.parse(from))
    this.documents = documents
  }

  get now(): number {
    return this.clock.now() + this.wallMs
  }

  /** What the clock of the chat shows. */
  shown(chatId = CHAT): string {
    const { date, minute } = localTimeAt(this.now, this.zones.get(chatId) ?? 'UTC')
    return `${date} ${timeOfDay(minute)}`
  }

  /** Starts the program over its documents, killing the one that runs. */
  async start(): Promise<this> {
    this.life.now.end()
    const life = new Life()
    this.life.now = life
    const clock = life.clock({ ...this.clock, now: () => this.now })
    const log = createLog('silent')
    const desk = await loadDesk(this.documents, [], () => undefined, this.now)
    const disk = life.disk(this.documents)
    const collect = () => desk.takeDocuments(this.now)
    const write = (docs: Parameters<Documents['write']>[0]) => disk.write(docs)
    const saver = startSaving({ clock, log, collect, write, everyMs: 600_000 })
    const sender = new Sender(life.api(this.#api()), clock, log, {
      onDead: async (id) => void this.dead.add(id),
      onMigrated: async () => undefined,
      onThreadGone: async () => undefined,
      onFatal: () => undefined,
    })
    const probe = async () => {
      if (this.isOut) throw network('ECONNREFUSED')
    }
    const kept = new Map<string, number>()
    this.#outbox = new Outbox({
      ...{ clock, log, desk, save: () => saver.flush() },
      about: (subject) => ({ name: subject, ...UNKNOWN }),
      writeDigest: async (_chatId, post, reading) => {
        const at = kept.get(post.date + post.period) ?? this.now
        return digestMessage(
          {
            digest: digestOfDay(at, { period: post.period }),
            alerts: { firing: [], passed: 0 },
            lnd: FACTS.lnd(),
            sending: { lateMs: reading.now - post.dueAt, isRepeat: post.isRepeat },
          },
          reading,
        )
      },
      reach: new Reach({ clock, log, probe, random: () => 0 }, new AbortController().signal),
      recipient: (id) => {
        const timeZone = this.zones.get(id)
        const isOpen = !this.dead.has(id)
        return timeZone === undefined ? undefined : { timeZone, threadId: undefined, isOpen }
      },
      chatIds: () => [...this.zones.keys()],
      attempt: (id, compose) => sender.attempt(id, compose),
      onSent: async () => undefined,
    })
    this.#round = digestRound({
      ...{ clock, desk, save: () => saver.flush() },
      chats: () => [...this.zones].map(([id, timeZone]) => ({ id, timeZone })),
      usualMinute: () => this.usualMinute,
      listeningSince: () => this.listeningSince,
      isCaughtUp: () => this.isCaughtUp,
      keep: async (due) => {
        this.made += 1
        kept.set(due.date + due.period, this.now)
      },
      tell: (ids) => this.#outbox.nudge(ids),
    })
    ;[this.desk, this.#saver, this.#isUp] = [desk, saver, true]
    this.#steadyAt = this.clock.monotonic()
    return this
  }

  /** The program is killed and stays away. */
  kill(): void {
    this.life.now.end()
    this.#isUp = false
  }

  /** Changes what a chat wants. */
  async prefer(change: Partial<Preferences>, chatId = CHAT): Promise<void> {
    const box = this.desk.box(chatId)
    box.change({ preferences: { ...box.state.preferences, ...change } })
    await this.#saver.flush()
  }

  /** The chat lets the bot in again. */
  revive(chatId = CHAT): void {
    if (!this.dead.delete(chatId)) return
    this.desk.welcomeBack(chatId)
    this.#outbox.nudge([chatId])
  }

  /** Lets time pass, starting the program again where it was killed by itself; the job runs as ever. */
  async minutes(count: number): Promise<this> {
    for (let left = count * MINUTE_MS; left > 0; ) {
      const stepMs = Math.min(left, this.#pace())
      await this.#turn(stepMs)
      left -= stepMs
    }
    return this
  }

  hours(count: number): Promise<this> {
    return this.minutes(60 * count)
  }

  days(count: number): Promise<this> {
    return this.hours(24 * count)
  }

  /** When digests arrived, on the clock of their chat. */
  times(chatId = CHAT): readonly string[] {
    return this.arrived.filter((one) => one.chatId === chatId).map(({ at }) => at)
  }

  async #turn(stepMs: number): Promise<void> {
    if (this.#isUp && this.life.now.isOver) await this.start()
    if (this.#isUp) {
      const steady = this.clock.monotonic()
      this.desk.pass(this.now, steady - this.#steadyAt)
      this.#steadyAt = steady
      void this.#round().catch(() => undefined)
      await this.#settle()
      this.#outbox.nudge()
    }
    await this.clock.advance(stepMs)
    await this.#settle()
  }

  /** The clock stands still for as long as the disk takes. */
  async #settle(): Promise<void> {
    await this.clock.advance(0)
    while (this.life.now.writing > 0) {
      while (this.life.now.writing > 0) await nextTurn()
      await this.clock.advance(0)
    }
  }

  /** The hours between digests go by in larger steps, which hit whole five minutes. */
  #pace(): number {
    const away = [...this.zones.values()].map((zone) => {
      const minutes = (this.usualMinute - localTimeAt(this.now, zone).minute + 1_440) % 1_440
      return minutes > 1_435 ? 0 : minutes
    })
    const minutes = Math.min(...away)
    const isWhole = this.now % (5 * MINUTE_MS) === 0
    return minutes <= 1 ? ROUND_MS : minutes > 5 && isWhole ? 5 * MINUTE_MS : MINUTE_MS
  }

  #api(): Api {
    const sendMessage = async (payload: Payload) => this.#take(payload)
    return { raw: { sendMessage, editMessageText: sendMessage } } as unknown as Api
  }

  #take(payload: Payload): { message_id: number } {
    const outcome = this.isOut ? 'refused' : (this.outcomes.shift() ?? 'ok')
    if (outcome === 'refused') throw network('ECONNREFUSED')
    if (outcome === 'lost-call') throw network('ECONNRESET')
    if (outcome === 'blocked') throw refusal(403, 'Forbidden: bot was blocked by the user')
    if (outcome === 'unreadable') throw refusal(400, "Bad Request: can't parse entities")
    const { chat_id: chatId, text, disable_notification, parse_mode = '' } = payload
    const isLoud = disable_notification !== true
    this.arrived.push({ chatId, at: this.shown(chatId), text, isLoud, parseMode: parse_mode })
    if (outcome === 'lost-reply') throw network('ECONNRESET')
    return { message_id: this.arrived.length }
  }
}

type Payload = {
  chat_id: number
  text: string
  parse_mode?: string
  disable_notification?: boolean
}

function network(code: string): HttpError {
  return new HttpError('Network request failed', Object.assign(new Error(code), { code }))
}

function refusal(code: number, description: string): GrammyError {
  const answer = { ok: false as const, error_code: code, description }
  return new GrammyError('Call failed', answer, 'sendMessage', {})
}
