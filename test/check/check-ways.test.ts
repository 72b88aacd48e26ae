import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  type Way,
  wayToListen,
  wayToLnd,
  wayToPing,
  wayToTelegram,
} from '../../src/check/check-ways.ts'
import { startBotApi } from '../../src/demo/bot-api.ts'
import { startLndServer } from '../../src/demo/lnd-server.ts'
import { ports, served } from '../http/support.ts'
import { configFor, freePort, ScriptedNode } from '../lnd/support.ts'
import { startConnectProxy, startSocksProxy } from '../support/proxies.ts'

const HIDDEN = 'lnd.test.invalid:10009'

async function said(way: Way): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const { mark, text } of way) lines.push(`${mark} ${text}`)
  return lines
}

async function listening(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]: () => void server.close(),
  }
}

const portOf = (socket: string) => Number(socket.split(':')[1])

describe(wayToLnd, () => {
  const toLnd = (socket: string, proxy?: string) => {
    const server = { socket, certificate: '', macaroon: '' }
    return said(wayToLnd({ lnd: { ...configFor(server), proxy } }))
  }

  it('is open to an LND that answers', async () => {
    await using lnd = await startLndServer({ backend: new ScriptedNode() })
    expect(await toLnd(lnd.socket)).toEqual([`✓ LND_SOCKET: ${lnd.socket} answers`])
  })

  it('ends where nobody listens', async () => {
    const socket = `127.0.0.1:${await freePort()}`
    expect(await toLnd(socket)).toEqual([
      `✗ LND_SOCKET: nothing answers at ${socket} (ECONNREFUSED). Is LND running, and does LND_SOCKET name its gRPC port?`,
    ])
  })

  it('ends where no TLS is spoken', async () => {
    using other = await listening(createServer((socket) => socket.end('220 smtp\r\n')))
    const lines = await toLnd(`127.0.0.1:${other.port}`)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(
      /^✗ LND_SOCKET: .* does not speak TLS \(ERR_SSL_WRONG_VERSION_NUMBER\)/,
    )
  })

  it('is open through a proxy that leads there', async () => {
    await using lnd = await startLndServer({ backend: new ScriptedNode() })
    using proxy = await startConnectProxy(portOf(lnd.socket))
    expect(await toLnd(HIDDEN, `http://me:p%40ss@127.0.0.1:${proxy.port}`)).toEqual([
      `✓ LND_PROXY: 127.0.0.1:${proxy.port} answers`,
      `✓ LND_SOCKET: ${HIDDEN} answers through LND_PROXY`,
    ])
    expect(proxy.asked).toEqual([`me:p@ss@${HIDDEN}`])
  })

  it('ends at a proxy that is not there', async () => {
    const port = await freePort()
    expect(await toLnd(HIDDEN, `http://127.0.0.1:${port}`)).toEqual([
      `✗ LND_PROXY: nothing answers at 127.0.0.1:${port} (ECONNREFUSED). Is it running?`,
    ])
  })

  it('ends at a proxy that refuses to lead there, or cannot', async () => {
    using refusing = await startConnectProxy(undefined)
    const refused = await toLnd(HIDDEN, `http://127.0.0.1:${refusing.port}`)
    expect(refused[1]).toMatch(
      /does not lead to lnd\.test\.invalid:10009 \(it answers 403 Forbidden\)/,
    )
    using lost = await startConnectProxy(await freePort())
    const dropped = await toLnd(HIDDEN, `http://127.0.0.1:${lost.port}`)
    expect(dropped[1]).toMatch(/does not lead to lnd\.test\.invalid:10009 \(ECONNRESET\)/)
  })

  it('ends at something that is no proxy', async () => {
    using web = await listening(createHttpServer((_, response) => response.end('hello')))
    const lines = await toLnd(HIDDEN, `http://127.0.0.1:${web.port}`)
    expect(lines[1]).toMatch(/^✗ LND_SOCKET: LND_PROXY does not lead to/)
  })
})

describe(wayToTelegram, () => {
  const toTelegram = (apiRoot: string, proxy?: string) =>
    said(wayToTelegram({ telegram: { token: '', chatIds: [], apiRoot, proxy } }))

  it('has nothing to test without a proxy', async () => {
    expect(await toTelegram('https://api.telegram.org')).toEqual([])
  })

  it('is open through a proxy of either kind', async () => {
    await using api = await startBotApi({ token: '1:x' })
    using http = await startConnectProxy(api.port)
    using socks = await startSocksProxy(api.port)
    for (const [scheme, { port }] of Object.entries({ http, socks5h: socks })) {
      expect(await toTelegram('https://telegram.invalid', `${scheme}://127.0.0.1:${port}`)).toEqual(
        [`✓ TELEGRAM_PROXY: 127.0.0.1:${port} answers`],
      )
    }
    expect(http.asked).toEqual(['telegram.invalid:443'])
  })

  it('ends at a proxy that is not there, and at one that refuses', async () => {
    const port = await freePort()
    expect(await toTelegram('https://telegram.invalid', `socks5h://127.0.0.1:${port}`)).toEqual([
      `✗ TELEGRAM_PROXY: nothing answers at 127.0.0.1:${port} (ECONNREFUSED). Is it running?`,
    ])
    using refusing = await startConnectProxy(undefined)
    const lines = await toTelegram('https://telegram.invalid', `http://127.0.0.1:${refusing.port}`)
    expect(lines[1]).toBe(
      '✗ TELEGRAM_PROXY: it does not lead to telegram.invalid:443 (it answers 403 Forbidden)',
    )
  })
})

describe(wayToListen, () => {
  const toListen = (host: string, port: number) => said(wayToListen({ http: { host, port } }))

  it('is open where the port is free, and warns where others can come', async () => {
    const port = await freePort()
    expect(await toListen('127.0.0.1', port)).toEqual([`✓ HTTP_LISTEN: 127.0.0.1:${port} is free`])
    expect(await toListen('0.0.0.0', port)).toEqual([
      `✓ HTTP_LISTEN: 0.0.0.0:${port} is free`,
      '! HTTP_LISTEN: other machines can read it, and nothing there asks for a password',
    ])
    expect(await said(wayToListen({ http: undefined }))).toEqual([])
  })

  it('tells a running missed-sats from another program', async () => {
    await using ours = await served(ports())
    expect(await toListen('127.0.0.1', ours.port)).toEqual([
      `✓ HTTP_LISTEN: a running missed-sats serves at 127.0.0.1:${ours.port}, as it should`,
    ])
    using other = await listening(createHttpServer((_, response) => response.end('ok\n')))
    expect(await toListen('127.0.0.1', other.port)).toEqual([
      `✗ HTTP_LISTEN: 127.0.0.1:${other.port} is taken by another program: choose another port`,
    ])
  })
})

describe(wayToPing, () => {
  it('says whether it answers, and never its address whole', async () => {
    using there = await listening(
      createHttpServer((request, response) => {
        response.writeHead(request.url === '/s3cret' ? 200 : 404).end()
      }),
    )
    const root = `http://127.0.0.1:${there.port}`
    expect(await said(wayToPing({ pingUrl: undefined }))).toEqual([])
    expect(await said(wayToPing({ pingUrl: `${root}/s3cret` }))).toEqual([
      `✓ PING_URL: 127.0.0.1:${there.port} answers`,
    ])
    expect(await said(wayToPing({ pingUrl: `${root}/s3cret-mistyped` }))).toEqual([
      `✗ PING_URL: 127.0.0.1:${there.port}: it answers 404. It is called straight, through no proxy.`,
    ])
  })
})
