import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { VARIABLES } from './config-variables.ts'
import { certificateReader, type MacaroonVariable, macaroonReader } from './credentials.ts'
import type { LogLevel } from './log.ts'

/** What `start`, `check` and `pair` are told by the environment. */
export type Config = {
  lnd: {
    /** host:port of LND's gRPC. */
    socket: string
    /** The name to expect in LND's certificate, where it is not the host of the socket. */
    serverName: string | undefined
    /** An http: URL of a proxy for LND alone, which is asked to CONNECT. */
    proxy: string | undefined
    /** Reads LND's certificate (PEM) anew. @throws Error that names the variable and the path. */
    readCertificate(): Promise<Buffer>
    /** Reads the macaroon anew, as hex. @throws Error that names the variable and the path. */
    readMacaroon(): Promise<string>
    /** The variable that gives the macaroon; none does for the demo's. */
    macaroonVariable?: MacaroonVariable
  }
  telegram: {
    token: string
    /** Chats that may talk to the bot; empty when they pair by a code. */
    chatIds: readonly number[]
    apiRoot: string
    /** An http: or socks5h: URL for Telegram alone. */
    proxy: string | undefined
  }
  /** Where /healthz, /livez and /metrics are served; undefined: nowhere. */
  http: { host: string; port: number } | undefined
  /** Called once a minute while all is well. */
  pingUrl: string | undefined
  /** Where lnd-manage answers; undefined where there is none. */
  lndManageUrl: string | undefined
  databaseUrl: string
  timeZone: string
  /** When digests come, in minutes after midnight on the clock of their chat. */
  digestAt: number
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

type Values = z.infer<typeof VARIABLES>

/** The names of the variables that have an effect. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES.shape)

/** The variables as they were given: what each is, by name, or what is wrong with it. */
export type Given = {
  values: Readonly<Record<string, string>>
  problems: ReadonlyMap<string, string>
}

/**
 * Reads the variables as texts. Empty ones count as not set; `NAME_FILE` names a file that holds
 * the value of NAME.
 */
export function readVariables(
  env: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Given {
  const values: Record<string, string> = {}
  const problems = new Map<string, string>()
  for (const name of VARIABLE_NAMES) {
    try {
      const value = readVariable(env, name, readFile)
      if (value) values[name] = value
    } catch (error) {
      problems.set(name, error instanceof Error ? error.message : String(error))
    }
  }
  return { values, problems }
}

/**
 * Reads the configuration.
 * @throws ConfigError with one line for each problem.
 */
export function parseConfig(env: Environment, readFile?: (path: string) => string): Config {
  return configOf(readVariables(env, readFile))
}

/**
 * Returns the configuration that the variables mean.
 * @throws ConfigError with one line for each problem.
 */
export function configOf({ values, problems }: Given): Config {
  const parsed = VARIABLES.safeParse(values)
  // Of a variable with a problem already one line is enough.
  const wrong = new Map<string, string>()
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0])
    if (!problems.has(name) && !wrong.has(name)) wrong.set(name, `${name} ${message}`)
  }
  const pairs = ['LND_TLS_CERT', 'LND_MACAROON']
  const unpaired = pairs.flatMap((name) => pairProblems(values, problems, name))
  const lines = [...problems.values(), ...unpaired, ...wrong.values()]
  if (lines.length > 0 || !parsed.data) throw new ConfigError(lines)
  return configFrom(parsed.data)
}

/** Returns the DATABASE_URL alone. @throws ConfigError when there is something wrong with it. */
export function databaseUrlOf({ values, problems }: Given): string {
  const unreadable = problems.get('DATABASE_URL')
  const parsed = VARIABLES.shape.DATABASE_URL.safeParse(values['DATABASE_URL'])
  if (unreadable === undefined && parsed.success) return parsed.data
  throw new ConfigError([unreadable ?? `DATABASE_URL ${parsed.error?.issues[0]?.message}`])
}

/** Returns the secrets that a log must never show; macaroons and tokens are known by their form. */
export function secretsOf({ telegram, lnd, lndManageUrl, pingUrl }: Config): readonly string[] {
  const passwords = [telegram.proxy, lnd.proxy, lndManageUrl].flatMap((url) => {
    const password = url ? new URL(url).password : ''
    return [password, decodeURIComponent(password)]
  })
  // Whoever has the address of a dead man's switch can keep it quiet.
  const { pathname, search } = new URL(pingUrl ?? 'http://unset')
  return [telegram.token, ...passwords, pathname.slice(1), search.slice(1)].filter(Boolean)
}

function configFrom(values: Values): Config {
  return {
    lnd: {
      socket: values.LND_SOCKET,
      serverName: values.LND_TLS_SERVER_NAME,
      proxy: values.LND_PROXY,
      readCertificate: certificateReader(values.LND_TLS_CERT_PATH, values.LND_TLS_CERT),
      readMacaroon: macaroonReader(values.LND_MACAROON_PATH, values.LND_MACAROON),
      macaroonVariable: values.LND_MACAROON_PATH ? 'LND_MACAROON_PATH' : 'LND_MACAROON',
    },
    telegram: {
      token: values.TELEGRAM_BOT_TOKEN,
      chatIds: values.TELEGRAM_CHAT_IDS,
      apiRoot: values.TELEGRAM_API_ROOT,
      proxy: values.TELEGRAM_PROXY,
    },
    http: values.HTTP_LISTEN,
    pingUrl: values.PING_URL,
    lndManageUrl: values.LND_MANAGE_URL,
    databaseUrl: values.DATABASE_URL,
    timeZone: values.TIME_ZONE,
    digestAt: minuteOf(values.DIGEST_AT),
    maxChannels: values.MAX_CHANNELS,
    retentionDays: values.RETENTION_DAYS,
    logLevel: values.LOG_LEVEL,
  }
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return 60 * hour + minute
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
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'wrongable'
  return code === 'ENOENT' ? `there is no ${path}` : `${path} (${code})`
}

function pairProblems(
  given: Readonly<Record<string, string>>,
  wrong: ReadonlyMap<string, string>,
  name: string,
): readonly string[] {
  const pair = [`${name}_PATH`, name]
  if (pair.some((each) => wrong.has(each))) return []
  const count = pair.filter((each) => given[each]).length
  if (count === 1) return []
  const rule = count === 0 ? 'neither is set: set one' : 'both are set: keep one'
  return [`${pair.join(' and ')}: ${rule}`]
}
