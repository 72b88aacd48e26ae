import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { buildReplayReport } from './analyzer/replay-report.ts'
import { failureClass, failureCode, provesOwnChannel } from './lightning/failure.ts'
import type { HtlcEvent } from './lightning/htlc.ts'
import type { Scid } from './lightning/scid.ts'
import { parseExactJson } from './lnd/exact-json.ts'
import { channelFromJson, htlcEventFromJson, policiesFromJson } from './lnd/htlc-json.ts'
import { replayText } from './messages/replay.ts'
import { Memory } from './stats/memory.ts'
import type { Span } from './stats/views.ts'

/** What `missed-sats replay` is called with; `out` gets the result, `err` what was wrong with the input. */
export type ReplayOptions = {
  eventsPath: string
  channelsPath: string | undefined
  policiesPath: string | undefined
  json: boolean
  out: { write(text: string): unknown }
  err: { write(text: string): unknown }
}

// A recording may name any number of channels: nothing is evicted and no day is dropped.
const LIMITS = { maxChannels: 1_000_000, retentionDays: 36_500 }
// Closed buckets are of no use to a replay; they are let go of now and then.
const EVENTS_PER_PURGE = 50_000
const SHOWN_BAD_LINES = 50

/**
 * Runs the pipeline over a recorded event stream, time being the events' own, and prints what it
 * says. Needs no configuration, network or store. Returns the exit code.
 * @throws Error that names the file, when one cannot be read or is not what it should be.
 */
export async function replay(options: ReplayOptions): Promise<number> {
  const channels = await readChannels(options.channelsPath)
  const { events, badLines } = await readEvents(options.eventsPath, options.err)
  if (events.length === 0 && badLines > 0) {
    throw new Error(`${options.eventsPath}: not one line of it is an HtlcEvent of LND's`)
  }
  const firstAt = events.find(({ at }) => at > 0)?.at
  const memory = new Memory(LIMITS, firstAt ?? 0)
  const lastAt = events.reduce((latest, { at }) => Math.max(latest, at), 0)
  if (channels.length > 0) memory.book.update(channels, lastAt)
  for (const scid of ownIds(events)) memory.book.own(scid)
  memory.updatePolicies(await readPolicies(options.policiesPath, memory), lastAt)
  play(memory, events)
  const span = firstAt === undefined ? undefined : spanOf(memory, firstAt, lastAt)
  const report = buildReplayReport(memory, span, badLines)
  options.out.write(options.json ? `${JSON.stringify(report)}\n` : `${replayText(report)}\n`)
  return 0
}

function spanOf(memory: Memory, from: number, to: number): Span {
  return { from, to, coveredMs: memory.coverage.coveredMs(from, to) }
}

function play(memory: Memory, events: readonly HtlcEvent[]): void {
  let now = 0
  let isResubscribed = false
  events.forEach((event, i) => {
    if (event.kind === 'subscribed') isResubscribed = true
    if (event.at === 0) return
    if (now === 0) memory.streamUp(event.at)
    else if (isResubscribed) reconnect(memory, now, event.at)
    isResubscribed = false
    now = Math.max(now, event.at)
    memory.record(event, now)
    if (i % EVENTS_PER_PURGE === 0) memory.ledger.takeClosed()
  })
}

function reconnect(memory: Memory, downAt: number, upAt: number): void {
  memory.streamDown(downAt)
  memory.streamUp(Math.max(downAt, upAt))
}

/**
 * The ids that can only be channels of ours: incoming ones, those that a forward used, and those
 * that were refused as only a link of ours can.
 */
function ownIds(events: readonly HtlcEvent[]): Set<Scid> {
  const ids = new Set<Scid>()
  for (const { kind, incoming, outgoing, wireFailure, failureDetail } of events) {
    if (incoming !== undefined) ids.add(incoming)
    if (outgoing === undefined || kind === 'final') continue
    const failure = failureClass(failureCode(wireFailure, failureDetail))
    if (kind !== 'linkFail' || provesOwnChannel(failure)) ids.add(outgoing)
  }
  return ids
}

async function readEvents(
  path: string,
  err: ReplayOptions['err'],
): Promise<{ events: HtlcEvent[]; badLines: number }> {
  const events: HtlcEvent[] = []
  let badLines = 0
  let number = 0
  for await (const line of linesOf(path)) {
    number++
    if (line.trim() === '') continue
    try {
      events.push(readEvent(line))
    } catch (error) {
      badLines++
      if (badLines <= SHOWN_BAD_LINES) {
        err.write(`${path}:${number}: skipped: ${printable(messageOf(error))}\n`)
      }
    }
  }
  if (badLines > SHOWN_BAD_LINES) err.write(`${path}: ${badLines} lines skipped in all\n`)
  return { events, badLines }
}

// `curl` on LND's REST gateway prints each event within `{"result": …}`.
function readEvent(line: string): HtlcEvent {
  const json = parseExactJson(line)
  const event = isRecord(json) && isRecord(json['result']) ? json['result'] : json
  if (isRecord(event) && !('event_type' in event))
    throw new Error('no HtlcEvent: it has no event_type')
  return htlcEventFromJson(event)
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })
  } catch (error) {
    throw new Error(`cannot read ${path}: ${messageOf(error)}`, { cause: error })
  }
}

async function readChannels(
  path: string | undefined,
): Promise<ReturnType<typeof channelFromJson>[]> {
  if (path === undefined) return []
  const json = await readJson(path)
  const list = isRecord(json) ? json['channels'] : json
  if (!Array.isArray(list))
    throw new Error(`${path}: no list of channels, as lncli listchannels prints`)
  return list.map((channel, i) =>
    named(`${path}: channel ${i + 1}`, () => channelFromJson(channel)),
  )
}

async function readPolicies(
  path: string | undefined,
  memory: Memory,
): Promise<ReturnType<typeof policiesFromJson>[]> {
  if (path === undefined) return []
  const json = await readJson(path)
  if (!Array.isArray(json))
    throw new Error(`${path}: no array of channel edges, as lncli getchaninfo prints them`)
  const peers = new Set([...memory.book].flatMap((own) => own.channel?.peer.pubkey ?? []))
  return json.map((edge, i) =>
    named(`${path}: edge ${i + 1}`, () => policiesFromJson(edge, (pubkey) => !peers.has(pubkey))),
  )
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`cannot read ${path}: ${messageOf(error)}`, { cause: error })
  })
  return named(path, () => parseExactJson(text))
}

function named<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Error(`${what}: ${printable(messageOf(error))}`, { cause: error })
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// A recording is anybody's text: none of it steers the terminal.
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
