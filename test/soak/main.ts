import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type BotApi, startBotApi } from '../../src/demo/bot-api.ts'
import { type LndServer, startLndServer } from '../../src/demo/lnd-server.ts'
import { type SoakNode, soakNode } from './soak-node.ts'
import { soakScids, Traffic, type Untimed } from './traffic.ts'

// `npm run soak -- [--minutes 60] [--rate 100]`: whether the memory of the built program stays where
// it is. A flood first fills every cap; then its resident memory is measured under everyday traffic,
// over a real gRPC connection, with people in the chat. Linux alone: it reads /proc.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '100' },
  },
})
const MINUTES = Number(values.minutes)
const RATE = Number(values.rate)
// As many as MAX_CHANNELS.
const CHANNELS = 10_000
// A hundred more intervals of the stream than of the stream are remembered; and while LND's history cannot be read
// there are more gaps to fill than are kept.
const RECONNECTS = 2_100
// A flood is as fast as the program takes it: it is waited for after each part.
const FLOOD_PART = 20_000
// After a flood LND is listed twice, and what nobody holds any more is given up; the five minutes in
// which it came end and are written, and people ask for the first analyses. Then V8 and the
// allocator give back what they took for that: by a tenth within a quarter of an hour.
const SETTLE_MINUTES = 22
const STRANGERS = 400
const MOST_CHANGE = 0.05
const TICK_MS = 100
const RECONNECT_TICK_MS = 5
const PATIENCE_MS = 20_000
// Answers a second or more apart; a pause for an analysis is shorter.
const MOST_SAME = 20
const OWNER = 77
const TOKEN = '1234567890:missed-sats-soak-token-of-nobody-at-all'
const QUESTIONS = ['/top 24h', '/channel 800123', '/status', '/top 7d failures', '/top 1h earned']

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'missed-sats-soak-'))
  const scids = soakScids(CHANNELS)
  const node = soakNode(scids)
  await using lnd = await startLndServer({ backend: node })
  await using api = await startBotApi({ token: TOKEN })
  const program = startProgram(lnd, api, folder)
  try {
    return await soak({ program, node, lnd, api }, new Traffic(scids))
  } finally {
    if (program.exitCode === null) {
      program.kill('SIGTERM')
      await once(program, 'exit')
    }
    await rm(folder, { recursive: true })
  }
}

/** The program that is watched, and both ends of its world. */
type World = { program: ChildProcess; node: SoakNode; lnd: LndServer; api: BotApi }

async function soak(world: World, traffic: Traffic): Promise<number> {
  const { program, lnd, api } = world
  while (lnd.subscribers() === 0) await alive(program)
  say(`${await reconnect(world)}: ${await residentMb(program)} MB`)
  world.node.grow()
  lnd.endStreams('error')
  while ((await openChannels(world)) < CHANNELS) await alive(program, 3_000)
  say(`${CHANNELS} channels: ${await residentMb(program)} MB`)
  for (let i = 0; i < STRANGERS; i++) api.say(1_000 + i, '/start 00000000')
  const flooded = await flood(world, traffic)
  say(`a flood of ${flooded}: ${await residentMb(program)} MB`)
  const life = traffic.life()
  let turn = 0
  const people = setInterval(() => talk(api, turn++), 5_000)
  await live(world, life, SETTLE_MINUTES)
  say(`${SETTLE_MINUTES} minutes later: ${await residentMb(program)} MB`)
  say(`${await ask(world, '/status')}\n\nnow ${MINUTES} minutes of ${RATE} events a second`)
  const samples: number[] = []
  const sampler = setInterval(async () => samples.push(await residentMb(program)), 1_000)
  const sent = await live(world, life, MINUTES)
  clearInterval(sampler)
  clearInterval(people)
  say(`${sent} events were sent, ${(sent / MINUTES / 60).toFixed(1)} a second`)
  return judge(samples)
}

/** Ends the stream again and again while LND's history fails, and returns how long that took. */
async function reconnect({ program, lnd }: World): Promise<string> {
  const start = performance.now()
  for (let i = 0; i < RECONNECTS; i++) {
    lnd.endStreams('error')
    while (lnd.subscribers() === 0) await alive(program, RECONNECT_TICK_MS)
  }
  const seconds = Math.round((performance.now() - start) / 1000)
  return `${RECONNECTS} times reconnected in ${seconds} s`
}

/** Sends the flood, and returns how many events it had and how many a second were taken. */
async function flood(world: World, traffic: Traffic): Promise<string> {
  const start = performance.now()
  let sent = 0
  let lost = 0
  for (const event of traffic.flood()) {
    world.lnd.emit({ ...event, at: Date.now() })
    sent += 1
    if (sent % FLOOD_PART === 0) lost = sent - (await taken(world, sent - lost))
  }
  lost = sent - (await taken(world, sent - lost))
  const seconds = (performance.now() - start) / 1000
  return `${sent} events, ${Math.round(sent / seconds)} a second, ${lost} of them lost with a stream`
}

/**
 * Waits until the program has counted so many events and returns how many; fewer when no more come:
 * a stream that breaks under the flood takes what was under way with it.
 */
async function taken(world: World, events: number): Promise<number> {
  let counted = 0
  for (let same = 0; counted < events && same < MOST_SAME; ) {
    const before = counted
    counted = await numberBefore(world, ' events in all')
    same = counted === before ? same + 1 : 0
    await alive(world.program)
  }
  return counted
}

const openChannels = (world: World) => numberBefore(world, ' open channels')

/** Returns the number that /status has before these words. */
async function numberBefore(world: World, words: string): Promise<number> {
  const [, counted = ''] = new RegExp(`([\\d,]+)${words}`).exec(await ask(world, '/status')) ?? []
  return Number(counted.replaceAll(',', ''))
}

/** Sends everyday events at the rate, each at its time, for that long; returns how many. */
async function live(world: World, life: Iterator<Untimed, never>, minutes: number) {
  const start = performance.now()
  let sent = 0
  for (let ms = 0; ms < minutes * 60_000; ms = performance.now() - start) {
    for (; sent < (ms / 1000) * RATE; sent++) {
      world.lnd.emit({ ...life.next().value, at: Date.now() })
    }
    await alive(world.program)
  }
  return sent
}

function talk(api: BotApi, turn: number): void {
  const question = QUESTIONS[turn % QUESTIONS.length]
  if (question) api.say(OWNER, question)
}

/** Asks as the owner; an answer that does not come within a while is asked for again. */
async function ask({ program, api }: World, question: string): Promise<string> {
  const again = new AbortController()
  const answer = new Promise<string>((resolve) => {
    const stop = api.onMessage((message) => {
      if (message.chatId !== OWNER) return
      stop()
      again.abort()
      resolve(message.text)
    })
  })
  while (!again.signal.aborted) {
    api.say(OWNER, question)
    await delay(PATIENCE_MS, undefined, { signal: again.signal }).catch(() => undefined)
    await alive(program)
  }
  return await answer
}

/** Prints the medians of the quarters, and returns the exit code: 1 when memory grew or shrank. */
function judge(samples: readonly number[]): number {
  const quarter = Math.floor(samples.length / 4)
  const medians = [0, 1, 2, 3].map((i) => median(samples.slice(i * quarter, (i + 1) * quarter)))
  const [first = 0, , , last = 0] = medians
  const change = last / first - 1
  say(`quarters: ${medians.map((mb) => `${mb} MB`).join(', ')}`)
  say(`most ${Math.max(...samples)} MB, least ${Math.min(...samples)} MB`)
  say(`from the first to the last: ${(change * 100).toFixed(1)} % (target: within 5 %)`)
  return Math.abs(change) <= MOST_CHANGE ? 0 : 1
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function startProgram(lnd: LndServer, api: BotApi, folder: string): ChildProcess {
  const script = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
  return spawn(process.execPath, ['--enable-source-maps', script, 'start'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      LND_SOCKET: lnd.socket,
      LND_TLS_CERT: Buffer.from(lnd.certificate).toString('base64'),
      LND_MACAROON: lnd.macaroon,
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_CHAT_IDS: String(OWNER),
      TELEGRAM_API_ROOT: api.url,
      MAX_CHANNELS: String(CHANNELS),
      LOG_LEVEL: 'error',
    },
  })
}

/** Waits that long. @throws Error when the program is no longer there. */
async function alive(program: ChildProcess, ms = TICK_MS): Promise<void> {
  await delay(ms)
  if (program.exitCode !== null) throw new Error(`the program ended with ${program.exitCode}`)
}

async function residentMb({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

process.exitCode = await main()
