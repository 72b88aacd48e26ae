import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startBotApi } from '../../src/demo/bot-api.ts'
import { OWNER, setUp, TOKEN } from './support.ts'

// A name that only the proxy can resolve: TELEGRAM_PROXY must resolve there, or Tor leaks names.
const HIDDEN = 'telegram.test.invalid'

/** An http proxy that understands CONNECT alone; notes what it was asked for. */
async function startConnectProxy(port: number, asked: string[]) {
  const server = createHttpServer()
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    const there = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      there.pipe(socket).pipe(there)
    })
    there.on('error', () => socket.destroy())
    socket.on('error', () => there.destroy())
  })
  return listen(server)
}

/** A SOCKS 5 proxy without passwords; notes the names that it was asked to resolve. */
async function startSocksProxy(port: number, asked: string[]) {
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]))
      socket.once('data', (request) => {
        const length = request[4] ?? 0
        asked.push(`${request[3]} ${request.subarray(5, 5 + length)}`)
        const there = connect(port, '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
          there.pipe(socket).pipe(there)
        })
        there.on('error', () => socket.destroy())
        socket.on('error', () => there.destroy())
      })
    })
  })
  return listen(server)
}

async function listen(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]: () => void server.close(),
  }
}

describe('TELEGRAM_PROXY', () => {
  it.each([
    ['http', startConnectProxy, `${HIDDEN}:80`],
    // Address type 3 is a name: it goes to the proxy unresolved.
    ['socks5h', startSocksProxy, `3 ${HIDDEN}`],
  ] as const)('leads to Telegram through %s', async (scheme, start, expected) => {
    const asked: string[] = []
    const api = await startBotApi({ token: TOKEN })
    using proxy = await start(api.port, asked)
    const proxied = { proxy: `${scheme}://127.0.0.1:${proxy.port}`, apiRoot: `http://${HIDDEN}` }
    await using it = await setUp({ api, ...proxied })
    expect((await it.ask(OWNER, '/help')).text).toMatch(/turned away/)
    expect(asked).toContain(expected)
  })
})
