import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Channel, ChannelPolicies } from '../lightning/channel.ts'
import type { HtlcEvent } from '../lightning/htlc.ts'
import { parseExactJson } from '../lnd/exact-json.ts'
import { channelFromJson, htlcEventFromJson, policiesFromJson } from '../lnd/htlc-json.ts'

const SHOWN_BAD_LINES = 50

/**
 * Reads a recorded stream, one event a line; what is no event is said on `err` and skipped.
 * @throws Error that names the file, when it cannot be read.
 */
export async function readEvents(
  path: string,
  err: { write(text: string): unknown },
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

/**
 * Reads channels as `lncli listchannels` or LND's REST gateway prints them.
 * @throws Error that names the file and the channel, when one is not what it should be.
 */
export async function readChannels(path: string | undefined): Promise<Channel[]> {
  if (path === undefined) return []
  const json = await readJson(path)
  const list = isRecord(json) ? json['channels'] : json
  if (!Array.isArray(list))
    throw new Error(`${path}: no list of channels, as lncli listchannels prints`)
  return list.map((channel, i) =>
    named(`${path}: channel ${i + 1}`, () => channelFromJson(channel)),
  )
}

/**
 * Reads policies, an array of channel edges as `lncli getchaninfo` prints them; ours are those of
 * whoever is no peer.
 * @throws Error that names the file and the edge, when one is not what it should be.
 */
export async function readPolicies(
  path: string | undefined,
  channels: readonly Channel[],
): Promise<ChannelPolicies[]> {
  if (path === undefined) return []
  const json = await readJson(path)
  if (!Array.isArray(json))
    throw new Error(`${path}: no array of channel edges, as lncli getchaninfo prints them`)
  const peers = new Set(channels.map(({ peer }) => peer.pubkey))
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
