import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { check } from '../../src/check/check.ts'
import { type CheckDeps, REAL_DEPS } from '../../src/check/check-deps.ts'
import { parseConfig } from '../../src/config.ts'
import { startBotApi } from '../../src/demo/bot-api.ts'
import { startLndServer } from '../../src/demo/lnd-server.ts'
import { DEMO_TLS } from '../../src/demo/tls.ts'
import type { NodeInfo } from '../../src/lightning/channel.ts'
import { createLog } from '../../src/log.ts'
import { openStore } from '../../src/store/open-store.ts'
import { ScriptedNode } from '../lnd/support.ts'
import { temporaryFolder } from '../support/folder.ts'

const TOKEN = `123456789:${'A'.repeat(35)}`
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

/** A macaroon of LND: version 2, location, identifier of one operation, end of sections. */
function macaroonOf(entity: string, action: string): string {
  const chunk = (type: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([type, bytes.length]), bytes])
  const op = Buffer.concat([chunk(0x0a, Buffer.from(entity)), chunk(0x12, Buffer.from(action))])
  const nonce = chunk(0x0a, Buffer.alloc(16, 7))
  const identifier = Buffer.concat([Buffer.from([3]), nonce, chunk(0x1a, op)])
  const parts = [chunk(1, Buffer.from('lnd')), chunk(2, identifier), Buffer.from([0, 0])]
  return Buffer.concat([Buffer.from([2]), ...parts, chunk(6, Buffer.alloc(32))]).toString('hex')
}

const READING = macaroonOf('offchain', 'read')

const node: NodeInfo = {
  pubkey: `02${'ab'.repeat(32)}`,
  alias: 'hedgerow',
  version: '0.20.0-beta',
  network: 'mainnet',
  blockHeight: 900_000,
  syncedToChain: true,
  syncedToGraph: true,
}

type Parts = {
  lnd: Partial<{
    nodeInfo(): Promise<NodeInfo>
    permissions(): Promise<{ rpc: string; ok: boolean; problem: string | undefined }[]>
  }>
  store: Partial<{ held: boolean; open(): void; claim(): Promise<void> }>
  telegram: Partial<{ me(): Promise<string>; chat(id: number): Promise<string> }>
  ways: Partial<CheckDeps['ways']>
  lndManage: Partial<{ blockHeight(): Promise<number> }>
  env: Record<string, string>
}

/** A way of the network with these steps; without any it is open. */
async function* way(..._config: [unknown]) {}
const blocked = (text: string) =>
  async function* () {
    yield { mark: '✗', text } as const
  }

async function checked({ lnd, store, telegram, lndManage, ways, env }: Partial<Parts> = {}) {
  const closed: string[] = []
  const closing = (name: string) => ({
    async [Symbol.asyncDispose]() {
      closed.push(name)
    },
  })
  const deps: CheckDeps = {
    connectLnd: () => ({
      nodeInfo: async () => node,
      permissions: async () => [{ rpc: '/lnrpc.Lightning/GetInfo', ok: true, problem: undefined }],
      ...lnd,
      ...closing('lnd'),
    }),
    openStore: async () => {
      store?.open?.()
      const opened = {
        sizeBytes: async () => 1_234_567,
        claim: store?.claim ?? (async () => undefined),
      }
      return { store: { ...opened, ...closing('store') }, held: store?.held ?? false }
    },
    openTelegram: () => ({
      me: async () => 'hedgerow_bot',
      chat: async (id) => `chat number ${id}`,
      ...telegram,
    }),
    ways: { toLnd: way, toTelegram: way, toListen: way, toPing: way, ...ways },
    connectLndManage: () => ({
      blockHeight: async () => 900_000,
      ...lndManage,
      ...closing('lnd-manage'),
    }),
  }
  const config = parseConfig({
    LND_SOCKET: 'localhost:10009',
    LND_TLS_CERT: Buffer.from(PEM).toString('base64'),
    LND_MACAROON: READING,
    TELEGRAM_BOT_TOKEN: TOKEN,
    ...env,
  })
  const lines: string[] = []
  const code = await check(config, (line) => lines.push(line), deps)
  return { code, text: lines.join('\n'), closed }
}

const failing =
  (message: string, more: object = {}) =>
  async () => {
    throw Object.assign(new Error(message), more)
  }

describe(check, () => {
  it('says line by line that all is well', async () => {
    const { code, text, closed } = await checked({ env: { TELEGRAM_CHAT_IDS: '7' } })
    expect(code).toBe(0)
    expect(text).toMatchInlineSnapshot(`
      "✓ Configuration: every variable can be read
      ✓ Certificate: it can be read
      ✓ Macaroon: it can be read
      ✓ LND: it answers as hedgerow on mainnet, 0.20.0-beta
      ✓ Permission /lnrpc.Lightning/GetInfo
      ✓ Store: it can be read, 1.2 MB
      ✓ Store: it is of this node
      ✓ Telegram: the bot is @hedgerow_bot
      ✓ Chat 7: chat number 7

      All is well."
    `)
    expect(closed).toEqual(['lnd', 'store'])
  })

  it('prints how to bake the macaroon when a permission is missing', async () => {
    const { code, text } = await checked({
      lnd: {
        permissions: async () => [
          { rpc: '/lnrpc.Lightning/GetInfo', ok: true, problem: undefined },
          { rpc: '/lnrpc.Lightning/ForwardingHistory', ok: false, problem: 'permission denied' },
        ],
      },
    })
    expect(code).toBe(1)
    expect(text).toContain('✗ Permission /lnrpc.Lightning/ForwardingHistory: permission denied')
    expect(text).toContain('lncli bakemacaroon --save_to missed-sats.macaroon --root_key_id 7')
    expect(text).toContain('uri:/lnrpc.Lightning/ForwardingHistory')
    expect(text).toContain('1 to mend')
  })

  it('warns of a macaroon that can do more than read, and lets it pass', async () => {
    const macaroon = macaroonOf('offchain', 'write')
    const { code, text } = await checked({ env: { LND_MACAROON: macaroon } })
    expect(code).toBe(0)
    expect(text).toContain('! Macaroon: it can do more than read (offchain:write)')
    expect(text).not.toContain(macaroon)
  })

  it.each([
    ['locked', 'lncli unlock'],
    ['unreachable', 'LND_SOCKET'],
    ['bad-certificate', 'LND_TLS_CERT_PATH'],
    ['bad-macaroon', 'LND_MACAROON_PATH'],
  ])('says what to do when LND is %s, and goes on with the rest', async (state, advice) => {
    const { code, text } = await checked({ lnd: { nodeInfo: failing('14 no', { state }) } })
    expect(code).toBe(1)
    expect(text).toMatch(new RegExp(`✗ LND: .*${advice}`))
    expect(text).toContain('- Permissions: not tested until LND answers')
    expect(text).toContain('✓ Telegram')
  })

  it('says when LND is too old', async () => {
    const { code, text } = await checked({
      lnd: { nodeInfo: async () => ({ ...node, version: '0.15.5-beta' }) },
    })
    expect(code).toBe(1)
    expect(text).toContain('✗ LND 0.15.5-beta: LND 0.16 or later is needed')
  })

  it('does not try LND with a file that cannot be read, and names it', async () => {
    const { code, text, closed } = await checked({
      env: { LND_MACAROON: '', LND_MACAROON_PATH: '/nowhere/a.macaroon' },
    })
    expect(code).toBe(1)
    expect(text).toContain('✗ Macaroon: LND_MACAROON_PATH: /nowhere/a.macaroon cannot be read')
    expect(closed).toEqual(['store'])
  })

  it('knows bytes that are no macaroon', async () => {
    const { text } = await checked({ env: { LND_MACAROON: 'ffffffff' } })
    expect(text).toContain('✗ Macaroon: this is no macaroon of LND. Set LND_MACAROON to the hex')
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'tls.cert')
    await writeFile(path, PEM)
    const inFile = await checked({ env: { LND_MACAROON: '', LND_MACAROON_PATH: path } })
    expect(inFile.text).toContain('no macaroon of LND. Point LND_MACAROON_PATH at the file')
  })

  it('finds nothing wrong with a store that a running missed-sats has open', async () => {
    const { code, text } = await checked({ store: { held: true } })
    expect(code).toBe(0)
    expect(text).toContain('a running missed-sats has it open, as it should')
  })

  it("stops at another node's store and at one that is damaged", async () => {
    const other = await checked({ store: { claim: failing('The database x belongs to node 03') } })
    expect(other.text).toContain('✗ Store: The database x belongs to node 03')
    const open = () => {
      throw new Error('The database x is damaged')
    }
    const damaged = await checked({ store: { open } })
    expect(damaged.code).toBe(1)
    expect(damaged.text).toContain('✗ Store: The database x is damaged')
  })

  it('says whether lnd-manage answers, which nobody needs', async () => {
    const env = { LND_MANAGE_URL: 'http://127.0.0.1:8081' }
    const well = await checked({ env })
    expect(well.text).toContain('✓ lnd-manage: it answers, at block 900000')
    expect(well.closed).toContain('lnd-manage')
    const away = await checked({ env, lndManage: { blockHeight: failing('ECONNREFUSED') } })
    expect(away.code).toBe(0)
    expect(away.text).toContain('! lnd-manage: ECONNREFUSED. Check LND_MANAGE_URL')
    expect((await checked()).text).not.toContain('lnd-manage')
  })

  it('tells a wrong token from a network that does not work, and never shows the token', async () => {
    const wrong = await checked({ telegram: { me: failing('Unauthorized', { error_code: 401 }) } })
    expect(wrong.text).toContain('✗ Telegram: Telegram does not know the token')
    const reset = failing(`request to https://api.telegram.org/bot${TOKEN}/getMe failed`)
    const env = { TELEGRAM_PROXY: 'socks5h://me:pass-word@127.0.0.1:9050' }
    const cut = await checked({ telegram: { me: reset }, env })
    expect(cut.text).toContain('✗ Telegram through the proxy: it cannot be reached')
    expect(cut.text).not.toContain(TOKEN.slice(12))
    expect(cut.text).not.toContain('pass-word')
  })

  it('asks nobody to whom the way is not open, and goes on with the rest', async () => {
    const { code, text, closed } = await checked({
      ways: { toLnd: blocked('LND_PROXY: no'), toTelegram: blocked('TELEGRAM_PROXY: no') },
    })
    expect(code).toBe(1)
    expect(text).toContain('✗ LND_PROXY: no\n- Permissions: not tested until LND answers')
    expect(text).toContain('✗ TELEGRAM_PROXY: no')
    expect(text).not.toContain('@hedgerow_bot')
    expect(text).toContain('2 to mend')
    expect(closed).toEqual(['store'])
  })

  it('names each chat that the bot cannot write to', async () => {
    const { code, text } = await checked({
      env: { TELEGRAM_CHAT_IDS: '7,8' },
      telegram: {
        chat: async (id) => {
          if (id === 7) return 'mine'
          throw Object.assign(new Error('chat not found'), { error_code: 400 })
        },
      },
    })
    expect(code).toBe(1)
    expect(text).toContain('✓ Chat 7: mine')
    expect(text).toContain('✗ Chat 8: the bot cannot write there. Write /start')
  })
})

describe('check over real connections', () => {
  it('finds LND, the store that start would make, and the chats', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'missed-sats-check-'))
    try {
      await using lnd = await startLndServer({ backend: new ScriptedNode() })
      await using api = await startBotApi({ token: TOKEN })
      api.fail('getChat', { code: 400, description: 'Bad Request: chat not found' })
      const config = parseConfig({
        LND_SOCKET: lnd.socket,
        LND_TLS_CERT: Buffer.from(lnd.certificate).toString('base64'),
        LND_MACAROON: lnd.macaroon,
        TELEGRAM_BOT_TOKEN: TOKEN,
        TELEGRAM_API_ROOT: api.url,
        TELEGRAM_CHAT_IDS: '8,7',
        DATABASE_URL: `sqlite://${join(folder, 'data', 'check.sqlite')}`,
      })
      const lines: string[] = []
      expect(await check(config, (line) => lines.push(line))).toBe(1)
      const wrong = lines.filter((line) => line.startsWith('✗') || line.startsWith('!'))
      expect(wrong).toEqual([expect.stringMatching(/^✗ Chat 8: the bot cannot write there/)])
      expect(lines.filter((line) => line.startsWith('✓ Permission')).length).toBeGreaterThan(5)

      await using _running = await openStore({ url: config.databaseUrl, log: createLog('silent') })
      lines.length = 0
      await check(config, (line) => lines.push(line))
      expect(lines.join('\n')).toContain('a running missed-sats has it open, as it should')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it("tells Telegram's answer that is none, without the token in its address", async () => {
    const server = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const env = { TELEGRAM_API_ROOT: `http://127.0.0.1:${port}`, TELEGRAM_BOT_TOKEN: TOKEN }
    const config = parseConfig({
      ...env,
      LND_SOCKET: 'a:1',
      LND_TLS_CERT: 'aa',
      LND_MACAROON: 'aa',
    })
    const me = () => REAL_DEPS.openTelegram(config).me()
    const { text } = await checked({ env, telegram: { me } })
    server.close()
    expect(text).toContain('✗ Telegram: it cannot be reached (invalid json response body')
    expect(text).not.toContain(TOKEN.slice(12))
  })

  it('says that nobody is there, when nobody is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'missed-sats-check-'))
    try {
      const config = parseConfig({
        LND_SOCKET: '127.0.0.1:1',
        LND_TLS_CERT: Buffer.from(DEMO_TLS.certificate).toString('base64'),
        LND_MACAROON: READING,
        TELEGRAM_BOT_TOKEN: TOKEN,
        TELEGRAM_API_ROOT: 'http://127.0.0.1:1',
        DATABASE_URL: `sqlite://${join(folder, 'check.sqlite')}`,
      })
      const lines: string[] = []
      expect(await check(config, (line) => lines.push(line))).toBe(1)
      const text = lines.join('\n')
      expect(text).toContain('✗ LND_SOCKET: nothing answers at 127.0.0.1:1 (ECONNREFUSED)')
      expect(text).toMatch(/✗ Telegram: it cannot be reached \(request to .* ECONNREFUSED/)
      expect(text).not.toContain(TOKEN)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
