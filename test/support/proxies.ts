import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { vi } from 'vitest'

/** A proxy on loopback that leads to one port of loopback, whatever name it is asked for. */
export type LocalProxy = Disposable & {
  port: number
  /** What it was asked for, oldest first. */
  asked: readonly string[]
}

/**
 * An http proxy that understands CONNECT alone. Notes `host:port`, and the login before it where one
 * is given; answers 403 where it leads nowhere (`port` undefined).
 */
export async function startConnectProxy(port: number | undefined): Promise<LocalProxy> {
  const asked: string[] = []
  const server = createHttpServer()
  server.on('connect', (request, client: Socket) => {
    const login = request.headers['proxy-authorization']?.replace(/^Basic /, '') ?? ''
    const prefix = login && `${Buffer.from(login, 'base64')}@`
    asked.push(`${prefix}${request.url}`)
    if (port === undefined) client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    else join(client, port, () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
  })
  return listening(server, asked)
}

/** A SOCKS 5 proxy without passwords. Notes the type of address (3: a name) and the name. */
export async function startSocksProxy(port: number): Promise<LocalProxy> {
  const asked: string[] = []
  const server = createServer((client) => {
    client.once('data', () => {
      client.write(Buffer.from([5, 0]))
      client.once('data', (request) => {
        const length = request[4] ?? 0
        asked.push(`${request[3]} ${request.subarray(5, 5 + length)}`)
        join(client, port, () => client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])))
      })
    })
  })
  return listening(server, asked)
}

/** Names a proxy in every variable of the environment that programs look for one in. */
export function proxyEverything({ port }: LocalProxy): void {
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'grpc_proxy']) {
    vi.stubEnv(name, `http://127.0.0.1:${port}`)
    vi.stubEnv(name.toUpperCase(), `http://127.0.0.1:${port}`)
  }
  vi.stubEnv('no_proxy', undefined)
  vi.stubEnv('NO_PROXY', undefined)
}

function join(client: Socket, port: number, onJoined: () => void): void {
  const there = connect(port, '127.0.0.1', () => {
    onJoined()
    there.pipe(client).pipe(there)
  })
  there.on('error', () => client.destroy())
  client.on('error', () => there.destroy())
}

async function listening(server: Server, asked: readonly string[]): Promise<LocalProxy> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    [Symbol.dispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
