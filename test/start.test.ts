import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { startBotApi } from '../src/demo/bot-api.ts'
import { startLndServer } from '../src/demo/lnd-server.ts'
import { freePort, ScriptedNode } from './lnd/support.ts'
import { temporaryFolder } from './support/folder.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')
const TOKEN = `123456789:${'A'.repeat(35)}`

function run(command: readonly string[], cwd: string) {
  const { PATH = '' } = process.env
  return spawn(process.execPath, ['--import', TSX, MAIN, ...command], { cwd, env: { PATH } })
}

/** Runs a command to its end beside the program. */
async function beside(command: readonly string[], cwd: string) {
  const child = run(command, cwd)
  const exit = once(child, 'exit')
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: (await exit)[0], out, err }
}

/** The program in a folder of its own, with an LND and a Telegram on loopback. */
async function startProgram(given: Record<string, string> = {}) {
  const folder = await temporaryFolder()
  const node = new ScriptedNode()
  const lnd = await startLndServer({ backend: node })
  const api = await startBotApi({ token: TOKEN })
  const port = await freePort()
  const least = {
    LND_SOCKET: lnd.socket,
    LND_TLS_CERT: Buffer.from(lnd.certificate).toString('base64'),
    LND_MACAROON: lnd.macaroon,
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_CHAT_IDS: '7',
    TELEGRAM_API_ROOT: api.url,
    HTTP_LISTEN: String(port),
    ...given,
  }
  const configure = (more: Record<string, string>) =>
    writeFile(
      `${folder.path}/.env`,
      Object.entries({ ...least, ...more })
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
  await configure({})
  const child = run(['start'], folder.path)
  const exit = once(child, 'exit')
  let logged = ''
  child.stderr.on('data', (bytes) => {
    logged += bytes
  })
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  const until = (isSo: () => Promise<void> | void) =>
    vi.waitFor(isSo, { timeout: 40_000, interval: 20 })
  return {
    folder: folder.path,
    node,
    lnd,
    child,
    exit,
    configure,
    ask,
    until,
    logged: () => logged,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await api[Symbol.asyncDispose]()
      await lnd[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

describe('missed-sats start', () => {
  it('is watched, told of a new configuration, copied and read from while it runs', {
    timeout: 120_000,
  }, async () => {
    await using program = await startProgram()
    const { ask, until, node, lnd, child, folder, configure } = program
    await until(async () => expect((await ask('/healthz')).status).toBe(200))
    const page = await (await ask('/metrics')).text()
    expect(page).toContain('missed_sats_lnd_state{state="listening"} 1\n')
    expect(page).toContain('missed_sats_channels{state="open"} 2\n')

    node.walletState = 'LOCKED'
    lnd.endStreams('error')
    await until(async () => expect((await ask('/healthz')).status).toBe(503))
    expect(await (await ask('/healthz')).json()).toMatchObject({ problems: [{ part: 'lnd' }] })
    expect((await ask('/livez')).status).toBe(200)

    await configure({ LOG_LEVEL: 'loud' })
    child.kill('SIGHUP')
    await until(() => expect(program.logged()).toContain('the configuration has problems'))
    await configure({ LOG_LEVEL: 'debug', MAX_CHANNELS: '5' })
    child.kill('SIGHUP')
    await until(() =>
      expect(program.logged()).toContain('"changed":["LOG_LEVEL"],"needRestart":["MAX_CHANNELS"]'),
    )

    expect(await beside(['backup', 'copy.sqlite'], folder)).toMatchObject({ code: 0, err: '' })
    expect((await readFile(`${folder}/copy.sqlite`)).subarray(0, 6).toString()).toBe('SQLite')
    // The store is at most a second behind.
    await until(async () => {
      const exported = await beside(['export'], folder)
      expect(exported).toMatchObject({ code: 0, err: '' })
      expect(JSON.parse(exported.out)).toMatchObject({ channels: [{ alias: 'dave-shop' }, {}] })
    })

    child.kill('SIGTERM')
    expect(await program.exit).toEqual([0, null])
    expect(program.logged()).not.toContain(TOKEN)
  })

  it('says which variable is at fault when its port is taken', { timeout: 60_000 }, async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await using program = await startProgram({ HTTP_LISTEN: String(port) })
    expect(await program.exit).toEqual([1, null])
    expect(program.logged()).toContain(`missed-sats: HTTP_LISTEN: 127.0.0.1:${port} is taken`)
    other.close()
  })
})
