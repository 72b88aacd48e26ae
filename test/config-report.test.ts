import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { configReport } from '../src/config-report.ts'
import { temporaryFolder } from './support/folder.ts'

const TOKEN = `123456789:${'A'.repeat(35)}`

describe(configReport, () => {
  it('says what is in effect and where it came from', async () => {
    await using folder = await temporaryFolder()
    const tokenFile = `${folder.path}/token`
    await writeFile(tokenFile, `${TOKEN}\n`)
    const lines = configReport({
      environment: { LND_SOCKET: 'node:10009', TELEGRAM_BOT_TOKEN_FILE: tokenFile },
      dotEnv: { LND_SOCKET: 'other:10009', TIME_ZONE: 'Europe/Berlin', MAX_CHANNELS: '' },
    })
    expect(lines).toContain('LND_SOCKET=node:10009  # the environment')
    expect(lines).toContain('TIME_ZONE=Europe/Berlin  # .env')
    expect(lines).toContain('MAX_CHANNELS=10000  # default')
    expect(lines).toContain('DIGEST_AT=08:00  # default')
    expect(lines).toContain('# HTTP_LISTEN is not set')
    expect(lines).toContain('# TELEGRAM_CHAT_IDS is not set')
    expect(lines).toContain(
      `TELEGRAM_BOT_TOKEN=[hidden]  # the file ${tokenFile}, by TELEGRAM_BOT_TOKEN_FILE of the environment`,
    )
  })

  it('shows no secret, well-formed or not', () => {
    const environment = {
      TELEGRAM_BOT_TOKEN: 's3cret-token',
      LND_MACAROON: 's3cret-macaroon',
      TELEGRAM_PROXY: 'socks5h://me:s3cret@127.0.0.1:9050',
      LND_PROXY: 's3cret, mistyped',
      PING_URL: 'https://hc-ping.com/s3cret?s3cret',
      TELEGRAM_API_ROOT: 'http://me:s3cret@127.0.0.1:8081/bot-api',
      DATABASE_URL: 'postgres://me:s3cret@localhost/sats',
    }
    const lines = configReport({ environment, dotEnv: {} })
    expect(lines.join('\n')).not.toContain('s3cret')
    expect(lines).toContain('TELEGRAM_PROXY=socks5h://[hidden]@127.0.0.1:9050  # the environment')
    expect(lines).toContain('PING_URL=https://hc-ping.com/[hidden]  # the environment')
    expect(lines).toContain('LND_PROXY=[hidden]  # the environment')
    expect(lines).toContain(
      'TELEGRAM_API_ROOT=http://[hidden]@127.0.0.1:8081/bot-api  # the environment',
    )
  })

  it('names a file that cannot be read, and goes on', () => {
    const lines = configReport({ environment: {}, dotEnv: { PING_URL_FILE: '/nowhere/at/all' } })
    expect(lines).toContain('# PING_URL cannot be read')
    expect(lines).toContain('LOG_LEVEL=info  # default')
  })
})
