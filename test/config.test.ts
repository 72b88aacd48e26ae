import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ConfigError,
  databaseUrlOf,
  type Environment,
  parseConfig,
  readVariables,
  secretsOf,
} from '../src/config.ts'

const TOKEN = `123456789:${'A'.repeat(35)}`
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const MACAROON = Buffer.from('0201036c6e6402f801030a10', 'hex')

const least: Environment = {
  LND_SOCKET: 'localhost:10009',
  LND_TLS_CERT: Buffer.from(PEM).toString('base64'),
  LND_MACAROON: MACAROON.toString('hex'),
  TELEGRAM_BOT_TOKEN: TOKEN,
}

function problemsOf(env: Environment, readFile?: (path: string) => string): readonly string[] {
  try {
    parseConfig(env, readFile)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
  return []
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'missed-sats-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe(parseConfig, () => {
  it('needs four variables and has a default for each other', () => {
    expect(parseConfig(least)).toMatchObject({
      lnd: { socket: 'localhost:10009', serverName: undefined, proxy: undefined },
      telegram: {
        token: TOKEN,
        chatIds: [],
        apiRoot: 'https://api.telegram.org',
        proxy: undefined,
      },
      http: undefined,
      pingUrl: undefined,
      lndManageUrl: undefined,
      databaseUrl: 'sqlite://data/missed-sats.sqlite',
      timeZone: 'UTC',
      digestAt: 480,
      maxChannels: 10_000,
      retentionDays: 400,
      logLevel: 'info',
    })
  })

  it('says everything that is missing at once, one line each', () => {
    expect(problemsOf({})).toEqual([
      'LND_TLS_CERT_PATH and LND_TLS_CERT: neither is set: set one',
      'LND_MACAROON_PATH and LND_MACAROON: neither is set: set one',
      expect.stringMatching(/^LND_SOCKET is not set: it must be host:port/),
      expect.stringMatching(/^TELEGRAM_BOT_TOKEN is not set/),
    ])
  })

  it('takes an empty variable for one that is not set', () => {
    expect(parseConfig({ ...least, TELEGRAM_PROXY: '', TIME_ZONE: ' ' }).timeZone).toBe('UTC')
  })

  it.each([
    ['LND_SOCKET', 'localhost'],
    ['LND_SOCKET', 'localhost:0'],
    ['LND_SOCKET', 'localhost:65536'],
    ['LND_SOCKET', 'https://localhost:10009'],
    ['LND_TLS_CERT', 'not base64!'],
    ['LND_MACAROON', '/home/lnd/admin.macaroon?'],
    ['TELEGRAM_CHAT_IDS', '1,two'],
    ['TELEGRAM_CHAT_IDS', '1.5'],
    ['TELEGRAM_CHAT_IDS', '9007199254740993'],
    ['TELEGRAM_API_ROOT', 'api.telegram.org'],
    ['TELEGRAM_PROXY', 'socks5://localhost:9050'],
    ['TELEGRAM_PROXY', 'localhost:9050'],
    ['TELEGRAM_PROXY', 'http://me:100%@localhost:8080'],
    ['LND_PROXY', 'socks5h://localhost:9050'],
    ['LND_PROXY', 'https://localhost:9080'],
    ['HTTP_LISTEN', 'localhost'],
    ['HTTP_LISTEN', ':9477'],
    ['HTTP_LISTEN', '65536'],
    ['HTTP_LISTEN', 'http://0.0.0.0:9477'],
    ['PING_URL', 'hc-ping.com/uuid'],
    ['LND_MANAGE_URL', '127.0.0.1:8081'],
    ['LND_MANAGE_URL', 'http://127.0.0.1:8081/?key=1'],
    ['LND_MANAGE_URL', 'socks5h://127.0.0.1:8081'],
    ['DATABASE_URL', 'postgres://user:password@db/x'],
    ['DATABASE_URL', 'sqlite://'],
    ['TIME_ZONE', 'Europe/Atlantis'],
    ['TIME_ZONE', '+02:00'],
    ['DIGEST_AT', '24:00'],
    ['DIGEST_AT', '8'],
    ['DIGEST_AT', '08:60'],
    ['MAX_CHANNELS', '0'],
    ['MAX_CHANNELS', '1e4'],
    ['RETENTION_DAYS', '30'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s and does not repeat the value', (name, value) => {
    const [problem, ...others] = problemsOf({ ...least, [name]: value })
    expect(problem).toMatch(new RegExp(`^${name} must `))
    expect(others).toEqual([])
  })

  it.each(['12345:short', `${TOKEN} and more`, 'bot-token-of-mine-that-is-a-secret'])(
    'never shows a malformed token',
    (token) => {
      const problems = problemsOf({ ...least, TELEGRAM_BOT_TOKEN: token })
      expect(problems).toHaveLength(1)
      expect(problems.join()).not.toContain(token)
    },
  )

  it('wants one of a path and a value, not both', () => {
    expect(problemsOf({ ...least, LND_MACAROON_PATH: '/m', LND_TLS_CERT_PATH: '/c' })).toEqual([
      'LND_TLS_CERT_PATH and LND_TLS_CERT: both are set: keep one',
      'LND_MACAROON_PATH and LND_MACAROON: both are set: keep one',
    ])
  })

  it('reads the hour of digests, on whatever clock its chats have', () => {
    expect(parseConfig({ ...least, DIGEST_AT: '7:30' }).digestAt).toBe(450)
    expect(parseConfig({ ...least, DIGEST_AT: '23:59' }).digestAt).toBe(1439)
  })

  it('reads chats, groups among them, and drops what stands twice', () => {
    const { telegram } = parseConfig({ ...least, TELEGRAM_CHAT_IDS: '1, -1001234567890,1,' })
    expect(telegram.chatIds).toEqual([1, -1_001_234_567_890])
  })

  it('knows an IPv6 socket, a root with a slash at its end and a proxy of Tor', () => {
    const config = parseConfig({
      ...least,
      LND_SOCKET: '[::1]:10009',
      TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/',
      TELEGRAM_PROXY: 'socks5h://127.0.0.1:9050',
    })
    expect(config.lnd.socket).toBe('[::1]:10009')
    expect(config.telegram.apiRoot).toBe('http://127.0.0.1:8081')
    expect(config.telegram.proxy).toBe('socks5h://127.0.0.1:9050')
  })
})

describe('HTTP_LISTEN', () => {
  it.each([
    ['9477', { host: '127.0.0.1', port: 9477 }],
    ['0.0.0.0:9477', { host: '0.0.0.0', port: 9477 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['box.local:9477', { host: 'box.local', port: 9477 }],
  ])('%s: a bare port is for this machine alone', (text, listen) => {
    expect(parseConfig({ ...least, HTTP_LISTEN: text }).http).toEqual(listen)
  })
})

describe(databaseUrlOf, () => {
  it('needs nothing else to be set', () => {
    expect(databaseUrlOf(readVariables({}))).toBe('sqlite://data/missed-sats.sqlite')
    const wrong = readVariables({ DATABASE_URL: 'mysql://x' })
    expect(() => databaseUrlOf(wrong)).toThrow('DATABASE_URL must be sqlite://')
    const nowhere = readVariables({ DATABASE_URL_FILE: join(folder, 'nowhere') })
    expect(() => databaseUrlOf(nowhere)).toThrow('DATABASE_URL_FILE cannot be read')
  })
})

describe('NAME_FILE', () => {
  it('gives a variable from a file, without the line end', () => {
    const { TELEGRAM_BOT_TOKEN: _, ...rest } = least
    const env = { ...rest, TELEGRAM_BOT_TOKEN_FILE: '/run/secrets/token' }
    const readFile = (path: string) => (path === '/run/secrets/token' ? `${TOKEN}\n` : '')
    expect(parseConfig(env, readFile).telegram.token).toBe(TOKEN)
  })

  it('is named when the file cannot be read, and the variable is not called missing too', () => {
    const { TELEGRAM_BOT_TOKEN: _, ...rest } = least
    expect(problemsOf({ ...rest, TELEGRAM_BOT_TOKEN_FILE: join(folder, 'nowhere') })).toEqual([
      `TELEGRAM_BOT_TOKEN_FILE cannot be read: there is no ${join(folder, 'nowhere')}`,
    ])
  })

  it('does not go with the variable itself', () => {
    expect(problemsOf({ ...least, LND_SOCKET_FILE: '/socket' })).toEqual([
      'LND_SOCKET and LND_SOCKET_FILE are both set: keep one',
    ])
  })
})

describe('the certificate and the macaroon', () => {
  it('come from the environment, the macaroon in hex, base64 or base64 for URLs', async () => {
    const { lnd } = parseConfig(least)
    expect((await lnd.readCertificate()).toString()).toBe(PEM)
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      const config = parseConfig({ ...least, LND_MACAROON: MACAROON.toString(form) })
      expect(await config.lnd.readMacaroon()).toBe(MACAROON.toString('hex'))
    }
  })

  it('are read from their files anew each time, as LND may replace them', async () => {
    const paths = { cert: join(folder, 'tls.cert'), macaroon: join(folder, 'a.macaroon') }
    const { lnd } = parseConfig({
      LND_SOCKET: 'localhost:10009',
      TELEGRAM_BOT_TOKEN: TOKEN,
      LND_TLS_CERT_PATH: paths.cert,
      LND_MACAROON_PATH: paths.macaroon,
    })
    await expect(lnd.readCertificate()).rejects.toThrow(
      `LND_TLS_CERT_PATH: ${paths.cert} cannot be read (there is no such file)`,
    )
    await writeFile(paths.cert, PEM)
    await writeFile(paths.macaroon, MACAROON)
    expect((await lnd.readCertificate()).toString()).toBe(PEM)
    expect(await lnd.readMacaroon()).toBe(MACAROON.toString('hex'))
    await writeFile(paths.macaroon, `${MACAROON.toString('hex')}\n`)
    expect(await lnd.readMacaroon()).toBe(MACAROON.toString('hex'))
    await writeFile(paths.macaroon, '')
    await expect(lnd.readMacaroon()).rejects.toThrow(
      `LND_MACAROON_PATH: ${paths.macaroon} is empty`,
    )
  })

  it('are refused without showing what the file holds', async () => {
    const path = join(folder, 'tls.key')
    await writeFile(path, '-----BEGIN EC PRIVATE KEY-----\nsecret')
    const { LND_TLS_CERT: _, ...rest } = least
    const { lnd } = parseConfig({ ...rest, LND_TLS_CERT_PATH: path })
    const error: unknown = await lnd.readCertificate().catch((reason: unknown) => reason)
    expect(String(error)).toContain(`${path} holds no certificate`)
    expect(String(error)).not.toContain('secret')
  })
})

describe(secretsOf, () => {
  it('holds the token and the passwords of the proxies, as written and as meant', () => {
    const env = {
      TELEGRAM_PROXY: 'http://me:p%40ss-word@localhost:8080',
      LND_PROXY: 'http://me:other-word@localhost:9080',
    }
    const secrets = secretsOf(parseConfig({ ...least, ...env }))
    expect(new Set(secrets)).toEqual(new Set([TOKEN, 'p%40ss-word', 'p@ss-word', 'other-word']))
  })

  it("holds the path of the dead man's switch: who has it can keep the switch quiet", () => {
    const url = 'https://up.example/api/push/s3cret?status=up'
    const secrets = secretsOf(parseConfig({ ...least, PING_URL: url }))
    expect(secrets).toEqual([TOKEN, 'api/push/s3cret', 'status=up'])
  })

  it('holds the password of lnd-manage', () => {
    const url = 'https://me:an0ther@node.lan/manage'
    expect(secretsOf(parseConfig({ ...least, LND_MANAGE_URL: url }))).toContain('an0ther')
  })
})
