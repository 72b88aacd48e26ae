import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DestinationStream } from 'pino'
import { vi } from 'vitest'
import type { PeerOf } from '../../src/alerts/absorption.ts'
import { KINDS } from '../../src/alerts/kinds.ts'
import { startBot, type TelegramBot } from '../../src/bot/bot.ts'
import type {
  AlertPorts,
  BotConfig,
  BotPorts,
  ChatDocument,
  ChatDocuments,
  DigestPorts,
  SumHistory,
} from '../../src/bot/contracts.ts'
import { type BotApi, startBotApi } from '../../src/demo/bot-api.ts'
import type { ShownMessage } from '../../src/demo/bot-api-render.ts'
import { Reporter } from '../../src/jobs/reporter.ts'
import type { SettledForward } from '../../src/lightning/htlc.ts'
import { createLog } from '../../src/log.ts'
import type { Window } from '../../src/stats/views.ts'
import { loadDesk } from '../../src/store/alert-keeper.ts'
import { decode, encode } from '../../src/store/codec.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { fakeCharts } from '../support/fake-charts.ts'
import { AWKWARD_CHANNELS, FakeMemory, settledOf, standsOf } from '../support/fake-memory.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'

export const TOKEN = '1234567890:AAtestTokenThatMustNeverBeSeenAnywhere'
/** Saturday 21 November 2026, 13:05 UTC. */
export const NOW = Date.parse('2026-11-21T13:05:00Z')
export const OWNER = 77
export const GROUP = -1001234567890
export const ADMIN = 5

/** A store in memory that keeps what a real one keeps: texts. */
export class FakeDocuments implements ChatDocuments {
  readonly kept = new Map<string, string>()
  /** Thrown by the next write. */
  failure: Error | undefined
  writes = 0

  async read(key: string): Promise<unknown> {
    const text = this.kept.get(key)
    return text === undefined ? undefined : decode(text)
  }

  async readAll(prefix: string): Promise<Map<string, unknown>> {
    const found = [...this.kept].filter(([key]) => key.startsWith(prefix))
    return new Map(found.map(([key, text]) => [key, decode(text)]))
  }

  async write(documents: readonly ChatDocument[]): Promise<void> {
    this.writes += 1
    const { failure } = this
    this.failure = undefined
    if (failure) throw failure
    for (const { key, value } of documents) {
      if (value === undefined) this.kept.delete(key)
      else this.kept.set(key, encode(key, value))
    }
  }
}

export type Setting = AsyncDisposable & {
  api: BotApi
  bot: TelegramBot
  clock: ManualClock
  memory: FakeMemory
  analyzer: FakeAnalyzer
  documents: FakeDocuments
  /** All that was logged, as text. */
  logged(): string
  /** Says something and returns the bot's next message in that chat. */
  ask(chatId: number, text: string, speaker?: Parameters<BotApi['say']>[2]): Promise<ShownMessage>
  /** Presses a button and returns the bot's next message or edit in that chat. */
  press(message: ShownMessage, button: string): Promise<ShownMessage>
  /** The bot's next message or edit in a chat. */
  next(chatId: number): Promise<ShownMessage>
  /** Waits until it is so, letting the clock run. */
  until(condition: () => unknown): Promise<void>
  /** Ends the bot and starts another over the same store and server. */
  restart(): Promise<void>
}

type Options = Partial<BotConfig> & {
  documents?: FakeDocuments
  ports?: Partial<BotPorts>
  api?: BotApi
}

/** A bot over a local Bot API and real sockets, with a store and memory of its own. */
export async function setUp(options: Options = {}): Promise<Setting> {
  const { documents = new FakeDocuments(), ports, api: given, ...config } = options
  const clock = manualClock(NOW)
  const api = given ?? (await startBotApi({ token: TOKEN, clock }))
  const memory = new FakeMemory(AWKWARD_CHANNELS, NOW - 30 * 3_600_000)
  const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
  const lines: string[] = []
  const stream: DestinationStream = { write: (line) => void lines.push(line) }
  const heard: ShownMessage[] = []
  api.onMessage((message) => void heard.push(message))
  const alerts = await fakeAlerts(documents, clock)
  const start = () =>
    startBot(
      {
        token: TOKEN,
        chatIds: [OWNER],
        apiRoot: api.url,
        proxy: undefined,
        timeZone: 'UTC',
        ...config,
      },
      {
        clock,
        log: createLog('trace', [], stream),
        memory,
        analyzer,
        documents,
        alerts,
        digests: fakeDigests(memory, analyzer, clock),
        ...FACTS,
        ...ports,
      },
    )
  let bot = await start()

  async function until(condition: () => unknown): Promise<void> {
    const check = () => {
      void clock.advance(100)
      if (!condition()) throw new Error('it did not come to be')
    }
    await vi.waitFor(check, { timeout: 5_000, interval: 5 })
  }

  async function next(chatId: number): Promise<ShownMessage> {
    const found = () => heard.findIndex((message) => message.chatId === chatId)
    await until(() => found() >= 0)
    const [message] = heard.splice(found(), 1)
    if (message === undefined) throw new Error('unreachable')
    return message
  }

  return {
    api,
    get bot() {
      return bot
    },
    clock,
    memory,
    analyzer,
    documents,
    logged: () => lines.join(''),
    async ask(chatId, text, speaker) {
      api.say(chatId, text, speaker)
      return next(chatId)
    },
    async press(message, button) {
      void api.press(message.chatId, message.messageId, button)
      return next(message.chatId)
    },
    next,
    until,
    async restart() {
      await bot[Symbol.asyncDispose]()
      bot = await start()
    },
    async [Symbol.asyncDispose]() {
      await bot[Symbol.asyncDispose]()
      await api[Symbol.asyncDispose]()
      await nextTurn()
    },
  }
}

/** Alerts of which there are none yet, kept in the given store. */
export async function fakeAlerts(
  documents: FakeDocuments,
  clock: ManualClock,
  peerOf: PeerOf = () => undefined,
): Promise<AlertPorts> {
  const desk = await loadDesk(documents, KINDS, peerOf, clock.now())
  return {
    desk,
    save: () => documents.write(desk.takeDocuments(clock.now())),
    about: (subject) => ({ ...NAMELESS, name: subject }),
    predictedPerWeek: () => undefined,
    sparse: () => [],
  }
}

/** Digests of the given memory and analyzer, after a span in which a third less was forwarded. */
export function fakeDigests(
  memory: FakeMemory,
  analyzer: FakeAnalyzer,
  clock: Pick<ManualClock, 'now' | 'monotonic' | 'sleep'>,
): DigestPorts & { reporter: Reporter } {
  const past = {
    before: async (window: Window, to: number) => {
      const { forwards, span } = memory.node(window, clock.now())
      const { settled, volumeMsat, earnedMsat } = forwards
      const third = { volumeMsat: (volumeMsat * 2n) / 3n, earnedMsat: (earnedMsat * 2n) / 3n }
      return { from: to - (span.to - span.from), to, settled: Math.round(settled * 0.67), ...third }
    },
    isBeingFilled: () => false,
  }
  const log = createLog('silent')
  const analyse = () => analyzer.refresh()
  const series = fakeCharts().node
  const reporter = new Reporter({
    ...{ clock, log, memory, analyzer, analyse, past, series },
    emptying: () => [],
  })
  return {
    reporter,
    make: (period) => reporter.make(period),
    of: (due) => reporter.of(due),
    usualMinute: () => 8 * 60,
  }
}

const NAMELESS = { localMsat: undefined, capacityMsat: undefined, missed: undefined }

/** What LND lists as settled, as a bot over the awkward channels is told. */
export function fakeHistory(forwards: readonly SettledForward[]): SumHistory {
  return async (_key, from, begin) => {
    const sum = begin()
    for (const forward of forwards) if (forward.at >= from) sum.add(forward)
    return { kind: 'told', sum, at: NOW }
  }
}

/** Files of two rows a table. */
const exportFiles: BotPorts['exportFiles'] = async ({ format, window, tables }) => {
  const told = tables.map((table) => ({ table, rows: 2, leftOut: undefined }))
  if (format === 'json')
    return [{ name: `missed-sats-${window}.json`, content: '{}', tables: told }]
  return told.map((one) => ({
    name: `${one.table}-${window}.csv`,
    content: 'from,scid\n1,2\n3,4\n',
    tables: [one],
  }))
}

/** What the rest of the program says of itself and of LND. */
export const FACTS = {
  exportFiles,
  history: fakeHistory(settledOf(AWKWARD_CHANNELS, NOW)),
  stands: () => standsOf(new FakeMemory(AWKWARD_CHANNELS, NOW), NOW),
  lnd: () => ({ state: 'listening' as const, since: NOW - 3_600_000, detail: '', reconnects: 0 }),
  node: () => ({
    pubkey: `02ab12cd${'e'.repeat(58)}`,
    alias: 'my node',
    version: '0.20.0-beta',
    network: 'mainnet',
    blockHeight: 905_398,
    syncedToChain: true,
    syncedToGraph: true,
  }),
  facts: () => ({
    programVersion: '0.1.0',
    nodeVersion: 'v24',
    startedAt: NOW,
    storeBytes: 1_000_000,
    savedAt: NOW,
    saveFailing: undefined,
  }),
  charts: fakeCharts(),
  // A PNG's first bytes, and the SVG after them.
  draw: async (svg: string) =>
    Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(svg)]),
}
