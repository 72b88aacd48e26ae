import { z } from 'zod'
import { LOG_LEVELS } from './log.ts'

// More chats than any operator has; the allow-list is looked through on every message.
const MAX_CHATS = 100
const LOOPBACK = '127.0.0.1'

const fits = (pattern: RegExp, message: string) => z.string().regex(pattern, message)

const required = (pattern: RegExp, message: string) =>
  z.string(`is not set: it ${message}`).regex(pattern, message)

const wholeNumber = (least: number, most: number, fallback: number) => {
  const message = `must be a whole number from ${least} to ${most}`
  return fits(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message))
    .default(fallback)
}

const base64OrHex = (what: string) => fits(/^[A-Za-z0-9+/_-]+={0,2}$/, `must be ${what}`).optional()

/** The variables of this version and what each must be. Messages never show a value. */
export const VARIABLES = z.object({
  LND_SOCKET: required(
    /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/,
    "must be host:port of LND's gRPC, for example 127.0.0.1:10009",
  ).refine(hasPort, 'must end in a port from 1 to 65535'),
  LND_TLS_CERT_PATH: z.string().optional(),
  LND_TLS_CERT: base64OrHex("the base64 of LND's tls.cert"),
  LND_MACAROON_PATH: z.string().optional(),
  LND_MACAROON: base64OrHex('the hex or base64 of a macaroon'),
  LND_TLS_SERVER_NAME: fits(/^[A-Za-z0-9.:_-]+$/, 'must be a host name').optional(),
  LND_PROXY: z
    .string()
    .refine((url) => hasProtocol(url, ['http:']), 'must be http://host:port')
    .optional(),
  TELEGRAM_BOT_TOKEN: required(
    /^\d{6,12}:[A-Za-z0-9_-]{30,}$/,
    'must be the token that @BotFather gave, digits:letters',
  ),
  TELEGRAM_CHAT_IDS: z.string().default('').transform(readChatIds),
  TELEGRAM_API_ROOT: z
    .string()
    .refine((url) => hasProtocol(url, ['http:', 'https:']), 'must be an http or https URL')
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://api.telegram.org'),
  TELEGRAM_PROXY: z
    .string()
    .refine(
      (url) => hasProtocol(url, ['http:', 'socks5h:']),
      'must be http://host:port or socks5h://host:port',
    )
    .optional(),
  LND_MANAGE_URL: z
    .string()
    .refine(isPlainHttp, 'must be an http or https URL, for example http://127.0.0.1:8081')
    .optional(),
  DATABASE_URL: fits(
    /^sqlite:\/\/[^?#]+$/,
    'must be sqlite:// and a path, for example sqlite://data/missed-sats.sqlite',
  ).default('sqlite://data/missed-sats.sqlite'),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'must be the IANA name of a time zone, for example Europe/Berlin')
    .default('UTC'),
  DIGEST_AT: fits(
    /^(?:[01]?\d|2[0-3]):[0-5]\d$/,
    'must be a time of day as HH:MM, for example 07:30',
  ).default('08:00'),
  MAX_CHANNELS: wholeNumber(1, 100_000, 10_000),
  // At least the longest window that can be asked for (30 days), at most what a row a day allows.
  RETENTION_DAYS: wholeNumber(31, 3_660, 400),
  HTTP_LISTEN: fits(
    /^(?:(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):)?\d{1,5}$/,
    'must be a port, or host:port for others than this machine',
  )
    .refine(hasPort, 'must end in a port from 1 to 65535')
    .transform(readListen)
    .optional(),
  PING_URL: z
    .string()
    .refine((url) => hasProtocol(url, ['http:', 'https:']), 'must be an http or https URL')
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
})

function hasPort(socket: string): boolean {
  const port = Number(socket.slice(socket.lastIndexOf(':') + 1))
  return port >= 1 && port <= 65_535
}

function readListen(text: string): { host: string; port: number } {
  const [, host = LOOPBACK, port] = /^(?:(.+):)?(\d+)$/.exec(text) ?? []
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) }
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, host, username, password } = new URL(text)
  return protocols.includes(protocol) && host !== '' && isDecodable(username + password)
}

function isDecodable(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text)
}

/** A URL that paths can be put behind. */
function isPlainHttp(text: string): boolean {
  return hasProtocol(text, ['http:', 'https:']) && !/[?#]/.test(text)
}

function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

function readChatIds(text: string, context: z.RefinementCtx): readonly number[] {
  const parts = text.split(',').map((part) => part.trim())
  const ids = [...new Set(parts.filter(Boolean).map(Number))]
  const message = `must be chat ids (whole numbers, at most ${MAX_CHATS}) with commas between`
  const isWrong = ids.some((id) => !Number.isSafeInteger(id) || id === 0) || ids.length > MAX_CHATS
  if (isWrong) context.addIssue({ code: 'custom', message })
  return ids
}
