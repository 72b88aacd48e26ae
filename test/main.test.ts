import { spawn } from 'node:child_process'
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'missed-sats-main-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs the program in an empty folder with nothing in its environment but what is given. */
async function missedSats(
  args: readonly string[],
  env: Record<string, string> = {},
  stderr: 'pipe' | number = 'pipe',
) {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--import', TSX, MAIN, ...args], {
    cwd: folder,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', stderr],
  })
  const code = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const readAll = (stream: Readable | null) => (stream === null ? '' : text(stream))
  const [out, err] = await Promise.all([readAll(child.stdout), readAll(child.stderr)])
  return { code: await code, out, err }
}

describe('missed-sats', () => {
  it('prints how it is used when asked', async () => {
    const { code, out, err } = await missedSats(['--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('Usage: missed-sats COMMAND')
  })

  it('prints its version', async () => {
    expect(await missedSats(['--version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
  })

  it.each([
    [[], 'no command given'],
    [['dance'], 'there is no command dance'],
    [['toString'], 'there is no command toString'],
    [['start', '--fast'], "Unknown option '--fast'"],
    [['start', 'now'], 'now'],
    [['replay'], 'replay reads one file of events'],
    [['replay', 'a.jsonl', 'b.jsonl'], 'replay reads one file of events'],
    [['backup'], 'backup writes one file'],
    [['export', 'a', 'b'], 'export writes to one folder'],
    [['export', '--format', 'xml'], '--format must be csv or json'],
    [['export', '--window', '1h'], '--window must be 24h, 7d or 30d'],
  ])('called with %j ends with exit code 2 and says why', async (args, why) => {
    const { code, out, err } = await missedSats(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err.split('\n')[0]).toContain(why)
    expect(err).toContain('Usage:')
  })

  it.each(['start', 'check', 'pair'])('%s says what to set, one line each', async (command) => {
    const { code, err } = await missedSats([command], { MAX_CHANNELS: 'many' })
    expect(code).toBe(2)
    expect(
      err
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual([
      'LND_TLS_CERT_PATH',
      'LND_MACAROON_PATH',
      'LND_SOCKET',
      'TELEGRAM_BOT_TOKEN',
      'MAX_CHANNELS',
    ])
  })

  it('reads .env, and what the environment sets wins', async () => {
    await writeFile(join(folder, '.env'), 'MAX_CHANNELS=wrong\nRETENTION_DAYS=wrong\n')
    const { err } = await missedSats(['start'], { MAX_CHANNELS: '5' })
    await rm(join(folder, '.env'))
    expect(err).toContain('RETENTION_DAYS must')
    expect(err).not.toContain('MAX_CHANNELS')
  })

  it('prints the configuration on stdout, and what is wrong with it on stderr', async () => {
    await writeFile(join(folder, '.env'), 'TIME_ZONE=Europe/Berlin\nMAX_CHANNELS=many\n')
    const { code, out, err } = await missedSats(['config'], { LND_SOCKET: 'node:10009' })
    await rm(join(folder, '.env'))
    expect(code).toBe(2)
    expect(out).toContain('LND_SOCKET=node:10009  # the environment\n')
    expect(out).toContain('TIME_ZONE=Europe/Berlin  # .env\n')
    expect(err).toContain('MAX_CHANNELS must be')
  })

  it.each(['backup', 'export'])('%s makes no database where there is none', async (command) => {
    const { code, out, err } = await missedSats([command, 'somewhere'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/There is no database .*data\/missed-sats\.sqlite/)
    expect(await readdir(folder)).toEqual([])
  })

  it('does its work, and ends, when nobody can take its log', async ({ skip }) => {
    const full = await open('/dev/full', 'w').catch(() => undefined)
    if (full === undefined) return skip('this machine has no /dev/full')
    const env = {
      LND_SOCKET: 'localhost:10009',
      LND_TLS_CERT: 'AAAA',
      LND_MACAROON: '0201',
      TELEGRAM_BOT_TOKEN: `123456789:${'A'.repeat(35)}`,
      DATABASE_URL: 'sqlite://full.sqlite',
    }
    const { code, out } = await missedSats(['pair'], env, full.fd)
    await full.close()
    expect(code).toBe(0)
    expect(out).toContain('/start ')
  })

  it('ends with exit code 1 when a recording is not there', async () => {
    const { code, err } = await missedSats(['replay', 'nowhere.jsonl'])
    expect(code).toBe(1)
    expect(err).toMatch(/^missed-sats: .*nowhere\.jsonl/)
  })
})
