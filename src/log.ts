import { type DestinationStream, destination, type Logger, pino } from 'pino'

/** The log of the program: JSON lines on stderr, free of secrets. */
export type Log = Logger

/** The levels of LOG_LEVEL, most telling first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

// A bot token as @BotFather gives it; errors of HTTP clients carry it in the URL.
const BOT_TOKEN = /\d{6,12}:[A-Za-z0-9_-]{30,}/g
// Every macaroon of LND begins with version 2 and the location "lnd", in hex or in base64.
const MACAROON = /0201036c6e64[0-9a-f]{16,}|AgEDbG5k[A-Za-z0-9+/_-]{12,}=*/gi
// Shorter literals would tear holes into innocent lines.
const SHORTEST_SECRET = 6
// Characters: some 5,000 lines.
const MAX_UNWRITTEN = 1_000_000

/**
 * Returns the log of the program. Each line is scrubbed as it leaves, stacks and nested errors
 * included: bot tokens and macaroons of LND by their form, and each of `secrets` wherever it occurs.
 */
export function createLog(
  level: LogLevel,
  secrets: readonly string[] = [],
  stream: DestinationStream = standardError(),
): Log {
  const scrub = scrubber(secrets)
  return pino({ level, base: null, hooks: { streamWrite: scrub } }, stream)
}

/**
 * Stderr, which may be a terminal that was closed or a file on a full disk: lines that it does not
 * take are kept, tried again with the next, and dropped beyond a bound.
 */
function standardError(): DestinationStream {
  const stream = destination({ dest: 2, sync: false, maxLength: MAX_UNWRITTEN })
  const { flushSync } = stream
  // As it is, the last flush of an ending program tries for ever, and the program never ends.
  stream.on('error', () => {
    stream.flushSync = () => undefined
  })
  stream.on('write', () => {
    stream.flushSync = flushSync
  })
  return stream
}

/** Returns a function that takes bot tokens, macaroons and the given secrets out of a text. */
export function scrubber(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf)
  return (text) =>
    forms
      .reduce((rest, form) => rest.replaceAll(form, '[secret]'), text)
      .replace(BOT_TOKEN, '[bot-token]')
      .replace(MACAROON, '[macaroon]')
}

/** The ways in which a secret may stand in a line: as it is, in JSON, in a URL; hex also in base64. */
function formsOf(secret: string): readonly string[] {
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
  if (/^(?:[0-9a-f]{2})+$/i.test(secret)) {
    const bytes = Buffer.from(secret, 'hex')
    forms.push(bytes.toString('hex'), bytes.toString('hex').toUpperCase())
    forms.push(bytes.toString('base64'), bytes.toString('base64url'))
  }
  return [...new Set(forms)].sort((a, b) => b.length - a.length)
}
