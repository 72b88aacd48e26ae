import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { localTimeAt } from '../alerts/local-clock.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type BotApi, startBotApi } from './bot-api.ts'
import { createDemoClock, type DemoClock } from './clock.ts'
import { type DemoChat, openChat } from './demo-chat.ts'
import { CHAT_ID, CHATS, openGroups, PAIRED } from './demo-chats.ts'
import { type DemoNode, startDemoNode } from './demo-node.ts'
import { type DemoPage, openPage } from './demo-page.ts'
import { rushOf, trafficWithRush } from './traffic-demo.ts'

/** What the program is told in place of an environment: its configuration. */
export type DemoSetup = {
  lnd: {
    socket: string
    serverName: string | undefined
    proxy: undefined
    readCertificate(): Promise<Buffer>
    readMacaroon(): Promise<string>
  }
  telegram: {
    token: string
    chatIds: readonly number[]
    apiRoot: string
    proxy: string | undefined
  }
  http: undefined
  pingUrl: undefined
  lndManageUrl: undefined
  databaseUrl: string
  timeZone: string
  digestAt: number
  maxChannels: number
  retentionDays: number
  logLevel: 'warn'
}

export type DemoOptions = {
  signal: AbortSignal
  input: Readable
  output: Writable
  /** The very program that `start` runs. */
  run(setup: DemoSetup, signal: AbortSignal, clock: Clock): Promise<void>
  /** Default 1; another seed plays another node's days. */
  seed?: number
  /** How fast time runs after the past was played; default 40. */
  speed?: number
  /** Epoch ms: the past ends here; default: the machine's time. */
  present?: number
  /** Where the page is served, unless it is taken; 0 is a free one. Default: always the same. */
  pagePort?: number
}

const DAY = 86_400_000
// Advice needs three days; the fourth lets it show how regular things are.
const PAST_MS = 4 * DAY
// About eight HTLC events a second of life; two minutes are 80 of the node's.
const SPEED = 40
// Three quarters of a minute of life after the start, when the first answers are read. The program
// must have seen the clock stand for ten seconds of life before.
const FIRST_DIGEST_MS = 30 * 60_000
const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone
// Of a token's form, and nobody's: it opens the local Bot API alone.
const TOKEN = '1000000:missed-sats-demo-token-of-nobody-at-all'
// What an operator would ask first; alice is the drained exchange.
const FIRST_QUESTIONS = ['/status', '/digest', '/top', '/channel alice'] as const

const WELCOME = `missed-sats demo: a simulated routing node with 14 channels, served over gRPC, and
a local Telegram. Four days are played first, then time runs ${SPEED} times as fast as life.
`
const HELP = `
Type as in Telegram: /top 7d, /channel twin, /help, or part of an alias. A number presses that
button of the last message. quit ends.
`

/**
 * Runs the program on a simulated node and a local Bot API, with the chat in the terminal, until
 * the signal aborts or the person quits. Its store is a temporary one, removed at the end.
 * @throws whatever ends the program.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { input, output, seed = 1, speed = SPEED, present = systemClock.now() } = options
  const quit = new AbortController()
  const signal = AbortSignal.any([options.signal, quit.signal])
  const clock = createDemoClock(present - PAST_MS)
  await using folder = await makeFolder()
  await using api = await startBotApi({ token: TOKEN, clock })
  openGroups(api)
  await using node = await startDemoNode({ seed, clock, speed, traffic: trafficWithRush(present) })
  const port = options.pagePort
  const places = { chats: CHATS, timeZone: TIME_ZONE, presentAt: present, port }
  await using page = await openPage({ api, node, clock, ...places })
  using chat = openChat({ api, chatId: CHAT_ID, input, output, onQuit: () => quit.abort() })
  chat.note(`Open ${page.url} in a browser, or chat here.\n\n${WELCOME}`)
  const setup = setupOf(node, api, folder.path, present + FIRST_DIGEST_MS)
  const program = options.run(setup, signal, clock).finally(() => quit.abort())
  // Its error is thrown below; before that it must not count as one that nobody handles.
  program.catch(() => undefined)
  try {
    await play({ node, chat, clock, present, page }, signal)
  } finally {
    quit.abort()
    await program
  }
}

type Stage = {
  node: DemoNode
  chat: DemoChat
  clock: DemoClock
  present: number
  page: DemoPage
}

async function play(
  { node, chat, clock, present, page }: Stage,
  signal: AbortSignal,
): Promise<void> {
  await node.followed(signal)
  await node.race(Math.max(present, clock.now()), signal)
  for (const question of FIRST_QUESTIONS) if (!signal.aborted) await chat.ask(question)
  if (!signal.aborted) chat.note(HELP)
  page.live(rushOf(present))
  await node.live(signal)
}

function setupOf({ lnd }: DemoNode, api: BotApi, folder: string, firstDigestAt: number): DemoSetup {
  return {
    lnd: {
      socket: lnd.socket,
      serverName: undefined,
      proxy: undefined,
      readCertificate: async () => Buffer.from(lnd.certificate),
      readMacaroon: async () => lnd.macaroon,
    },
    telegram: { token: TOKEN, chatIds: PAIRED, apiRoot: api.url, proxy: undefined },
    http: undefined,
    pingUrl: undefined,
    lndManageUrl: undefined,
    databaseUrl: `sqlite://${join(folder, 'demo.sqlite')}`,
    timeZone: TIME_ZONE,
    digestAt: localTimeAt(firstDigestAt, TIME_ZONE).minute,
    maxChannels: 10_000,
    retentionDays: 400,
    logLevel: 'warn',
  }
}

// Removed even when the process is ended by force while something still hangs.
async function makeFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'missed-sats-demo-'))
  const remove = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    path,
    async [Symbol.asyncDispose]() {
      process.off('exit', remove)
      await rm(path, { recursive: true, force: true })
    },
  }
}
