import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { certificateReader, macaroonReader } from './credentials.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'

/** What `start`, `check` and `pair` are told by the environment. */
export type Config = {
  lnd: {
    /** host:port of LND's gRPC. */
    socket: string
    /** The name to expect in LND's certificate, where it is not the host of the socket. */
    serverName: string | undefined
    /** Reads LND's certificate (PEM) anew. @throws Error that names the variable and the path. */
    readCertificate(): Promise<Buffer>
    /** Reads the macaroon anew, as hex. @throws Error that names the variable and the path. */
    readMacaroon(): Promise<string>
  }
  telegram: {
    token: string
    /** Chats that may talk to the bot; empty when they pair by a code. */
    chatIds: readonly number[]
    apiRoot: string
    /** An http: or socks5h: URL for Telegram alone. */
    proxy: string | undefined
  }
  databaseUrl: string
  timeZone: string
  maxChannels: number
  retentionDays: number
  logLevel: LogLevel
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Says what is wrong with the environment: one line per problem, each naming its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
  }
}

// More chats than any operator has; the allow-list is looked through on every message.
const MAX_CHATS = 100

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
const VARIABLES = z.object({
  LND_SOCKET: required(
    /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/,
    "must be host:port of LND's gRPC, for example 127.0.0.1:10009",
  ).refine(hasPort, 'must end in a port from 1 to 65535'),
  LND_TLS_CERT_PATH: z.string().optional(),
  LND_TLS_CERT: base64OrHex("the base64 of LND's tls.cert"),
  LND_MACAROON_PATH: z.string().optional(),
  LND_MACAROON: base64OrHex('the hex or base64 of a macaroon'),
  LND_TLS_SERVER_NAME: fits(/^[A-Za-z0-9.:_-]+$/, 'must be a host name').optional(),
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
  DATABASE_URL: fits(
    /^sqlite:\/\/[^?#]+$/,
    'must be sqlite:// and a path, for example sqlite://data/missed-sats.sqlite',
  ).default('sqlite://data/missed-sats.sqlite'),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'must be the IANA name of a time zone, for example Europe/Berlin')
    .default('UTC'),
  MAX_CHANNELS: wholeNumber(1, 100_000, 10_000),
  // At least the longest window that can be asked for (30 days), at most what a row a day allows.
  RETENTION_DAYS: wholeNumber(31, 3_660, 400),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
})

type Values = z.infer<typeof VARIABLES>

/** The names of the variables that have an effect. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES.shape)

const LATER_VARIABLES = ['DIGEST_AT', 'LND_PROXY', 'LND_MANAGE_URL', 'HTTP_LISTEN', 'PING_URL']

/** Returns those variables that are set, known to the documentation, and not used by this version. */
export function unusedVariables(env: Environment): readonly string[] {
  return LATER_VARIABLES.flatMap((name) => [name, `${name}_FILE`]).filter((name) => env[name])
}

/**
 * Reads the configuration. Empty variables count as not set; `NAME_FILE` names a file that holds
 * the value of NAME.
 * @throws ConfigError with one line for each problem.
 */
export function parseConfig(
  env: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Config {
  const problems: string[] = []
  const unread = new Set<string>()
  const given: Record<string, string> = {}
  for (const name of VARIABLE_NAMES) {
    try {
      const value = readVariable(env, name, readFile)
      if (value) given[name] = value
    } catch (error) {
      unread.add(name)
      problems.push(error instanceof Error ? error.message : String(error))
    }
  }
  problems.push(...pairProblems(given, unread, 'LND_TLS_CERT'))
  problems.push(...pairProblems(given, unread, 'LND_MACAROON'))
  const parsed = VARIABLES.safeParse(given)
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0])
    if (!unread.has(name)) problems.push(`${name} ${message}`)
  }
  if (problems.length > 0 || !parsed.data) throw new ConfigError(problems)
  return configFrom(parsed.data)
}

/** Returns the secrets that a log must never show; macaroons and tokens are known by their form. */
export function secretsOf(config: Config): readonly string[] {
  const { token, proxy } = config.telegram
  const password = proxy ? new URL(proxy).password : ''
  return [token, password, decodeURIComponent(password)].filter(Boolean)
}

function configFrom(values: Values): Config {
  return {
    lnd: {
      socket: values.LND_SOCKET,
      serverName: values.LND_TLS_SERVER_NAME,
      readCertificate: certificateReader(values.LND_TLS_CERT_PATH, values.LND_TLS_CERT),
      readMacaroon: macaroonReader(values.LND_MACAROON_PATH, values.LND_MACAROON),
    },
    telegram: {
      token: values.TELEGRAM_BOT_TOKEN,
      chatIds: values.TELEGRAM_CHAT_IDS,
      apiRoot: values.TELEGRAM_API_ROOT,
      proxy: values.TELEGRAM_PROXY,
    },
    databaseUrl: values.DATABASE_URL,
    timeZone: values.TIME_ZONE,
    maxChannels: values.MAX_CHANNELS,
    retentionDays: values.RETENTION_DAYS,
    logLevel: values.LOG_LEVEL,
  }
}

function readVariable(
  env: Environment,
  name: string,
  readFile: (path: string) => string,
): string | undefined {
  const path = env[`${name}_FILE`]
  if (!path) return env[name]?.trim()
  if (env[name]) throw new Error(`${name} and ${name}_FILE are both set: keep one`)
  try {
    return readFile(path).trim()
  } catch (error) {
    throw new Error(`${name}_FILE cannot be read: ${readProblem(error, path)}`)
  }
}

function readProblem(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
  return code === 'ENOENT' ? `there is no ${path}` : `${path} (${code})`
}

function pairProblems(
  given: Readonly<Record<string, string>>,
  unread: ReadonlySet<string>,
  name: string,
): readonly string[] {
  const pair = [`${name}_PATH`, name]
  if (pair.some((each) => unread.has(each))) return []
  const count = pair.filter((each) => given[each]).length
  if (count === 1) return []
  const rule = count === 0 ? 'neither is set: set one' : 'both are set: keep one'
  return [`${pair.join(' and ')}: ${rule}`]
}

function hasPort(socket: string): boolean {
  const port = Number(socket.slice(socket.lastIndexOf(':') + 1))
  return port >= 1 && port <= 65_535
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  return (
    URL.canParse(text) && protocols.includes(new URL(text).protocol) && new URL(text).host !== ''
  )
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
