import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DestinationStream } from 'pino'
import { keyOf } from '../../src/alerts/alert.ts'
import type { AlertDesk } from '../../src/alerts/desk.ts'
import type { AlertRule } from '../../src/alerts/kind.ts'
import { nextStep } from '../../src/alerts/plan.ts'
import type { AlertKind, Reading, Subject } from '../../src/analyzer/reading.ts'
import { startBot, type TelegramBot } from '../../src/bot/bot.ts'
import { createLog } from '../../src/log.ts'
import { keepDesk, loadDesk } from '../../src/store/alert-keeper.ts'
import { openStore, type Store, type StoreOptions } from '../../src/store/open-store.ts'
import type { Saver } from '../../src/store/saver.ts'
import { NOW, peerOf, RULES } from '../alerts/support.ts'
import { FACTS, fakeDigests, OWNER, TOKEN } from '../bot/support.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { FakeMemory } from '../support/fake-memory.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'

export type ProgramOptions = {
  apiUrl: string
  file: string
  start?: number
  chatIds?: readonly number[]
  timeZone?: string
  rules?: readonly AlertRule[]
  store?: Partial<StoreOptions>
  nameOf?(subject: Subject): string
  /** Puts itself between the program and its file. */
  wrap?(store: Store): Store
}

const UNKNOWN = { localMsat: undefined, capacityMsat: undefined, missed: undefined }
const PER_WEEK = { low: 0.2, normal: 1.1, high: 6 }

/** The program as far as alerts go, without LND: a world to look at, a SQLite file, the bot. */
export class AlertProgram implements AsyncDisposable {
  readonly clock: ManualClock
  readonly world = new Map<string, Reading>()
  blind = new Set<AlertKind>()
  /** Added to the clock on the wall, which may step while the other goes on. */
  wallMs = 0
  /** Chats in which nothing can be said now: they are not waited for. */
  readonly stuck = new Set<number>()
  store!: Store
  desk!: AlertDesk
  bot!: TelegramBot
  readonly #options: ProgramOptions
  readonly #lines: string[] = []
  #saver!: Saver
  #passedAt = 0

  private constructor(options: ProgramOptions) {
    this.#options = options
    this.clock = manualClock(options.start ?? NOW)
  }

  static async start(options: ProgramOptions): Promise<AlertProgram> {
    const program = new AlertProgram(options)
    await program.start()
    return program
  }

  get now(): number {
    return this.clock.now() + this.wallMs
  }

  get healthy(): boolean {
    return this.#saver.healthy()
  }

  /** Starts it over its file. */
  async start(): Promise<void> {
    const stream: DestinationStream = { write: (line) => void this.#lines.push(line) }
    const log = createLog('trace', [], stream)
    const clock = { ...this.clock, now: () => this.now }
    const { file, rules = RULES, wrap = (store: Store) => store, apiUrl } = this.#options
    const { chatIds = [OWNER], timeZone = 'UTC', nameOf = String } = this.#options
    const url = `sqlite://${file}`
    this.store = wrap(await openStore({ url, log, clock, ...this.#options.store }))
    this.desk = await loadDesk(this.store, rules, peerOf, this.now)
    this.#saver = keepDesk(this.desk, this.store, { clock, log })
    this.#passedAt = this.clock.monotonic()
    const alerts = {
      desk: this.desk,
      save: () => this.#saver.flush(),
      about: (subject: Subject) => ({ name: nameOf(subject), ...UNKNOWN }),
      predictedPerWeek: (sensitivity: keyof typeof PER_WEEK) => PER_WEEK[sensitivity],
      sparse: () => [],
    }
    const config = { token: TOKEN, chatIds, apiRoot: apiUrl, proxy: undefined, timeZone }
    const memory = new FakeMemory([], NOW)
    const analyzer = new FakeAnalyzer([], NOW)
    const digests = fakeDigests(memory, analyzer, clock)
    const ports = { clock, log, memory, analyzer, ...FACTS, documents: this.store, alerts, digests }
    this.bot = await startBot(config, ports)
  }

  async stop(): Promise<void> {
    const done = this.bot[Symbol.asyncDispose]()
    await this.clock.advance(5_000)
    await done
    await this.#saver[Symbol.asyncDispose]()
    await this.store[Symbol.asyncDispose]()
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
    await this.ready()
  }

  /** Waits for the first answer of Telegram. */
  async ready(): Promise<void> {
    await this.until(() => this.bot.status().username !== undefined)
    await this.calm()
  }

  set(...readings: readonly Reading[]): void {
    for (const one of readings) this.world.set(keyOf(one), one)
  }

  clear(...readings: readonly Reading[]): void {
    for (const one of readings) this.world.delete(keyOf(one))
  }

  /** Looks at the world once. */
  async look(): Promise<void> {
    const readings = [...this.world.values()]
    const elapsedMs = this.#elapsed()
    this.desk.observe({ now: this.now, elapsedMs, readings, blindKinds: this.blind })
    await this.#tell()
    await this.calm()
  }

  /** Goes through minutes: a look at each, time passing between. */
  async minutes(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const from = this.clock.monotonic()
      await this.look()
      for (let third = 1; third <= 3; third++) {
        await this.clock.advance(Math.max(0, from + third * 20_000 - this.clock.monotonic()))
        await this.pass()
        await this.calm()
      }
    }
  }

  async pass(): Promise<void> {
    this.desk.pass(this.now, this.#elapsed())
    await this.#tell()
  }

  /** Lets the clock run until nothing is left to say, or only what waits for Telegram. */
  async calm(): Promise<void> {
    for (let turn = 0; turn < 8; turn++) await nextTurn()
    for (let tries = 0; tries < 1_000; tries++) {
      if (await inNoTime(() => this.#isCalm())) return
      await this.clock.advance(250)
      if (this.clock.monotonic() - this.#passedAt >= 10_000) await this.pass()
    }
  }

  /** Waits until it is so, letting the clock run. */
  async until(condition: () => unknown): Promise<void> {
    for (let tries = 0; tries < 3_000; tries++) {
      if (await inNoTime(condition)) return
      await this.clock.advance(100)
    }
    throw new Error('it did not come to be')
  }

  logged(): string {
    return this.#lines.join('')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #isCalm(): boolean {
    const { book } = this.desk
    return this.bot.chatIds().every((id) => {
      if (this.stuck.has(id)) return true
      const box = this.desk.box(id)
      if ([...box.letters.values()].some(({ state }) => state === 'sending')) return false
      const timeZone = this.#options.timeZone ?? 'UTC'
      return nextStep(box, { book, now: this.now, timeZone, peerOf }).kind === 'idle'
    })
  }

  async #tell(): Promise<void> {
    await this.#saver.flush().catch(() => undefined)
    this.bot.tellAlerts()
  }

  #elapsed(): number {
    const elapsed = this.clock.monotonic() - this.#passedAt
    this.#passedAt = this.clock.monotonic()
    return elapsed
  }
}

// Sockets and files answer within a few ms of real time, while the clock of the test stands still.
const REAL_MS = 4

/** Returns whether it comes to be without the clock going on. */
async function inNoTime(condition: () => unknown): Promise<boolean> {
  const end = performance.now() + REAL_MS
  while (!condition()) {
    if (performance.now() > end) return false
    await nextTurn()
  }
  return true
}
