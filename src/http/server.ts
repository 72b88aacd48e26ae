import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../log.ts'

/** What is answered to a GET. */
export type Answer = { status: number; type: string; body: string }

/** What answers each path. */
export type Routes = Readonly<Record<string, (query: URLSearchParams) => Answer | Promise<Answer>>>

/** The running server; disposing it closes every connection. */
export type HttpServer = AsyncDisposable & { port: number }

/** Tells in the `Server` header that it is us who listen there. */
export const SERVER_NAME = 'missed-sats'

// A Prometheus, a probe and a browser or two; each connection costs some 20 kB.
const MAX_CONNECTIONS = 50

/**
 * Serves the routes to GET and HEAD.
 * @throws Error that names HTTP_LISTEN when it cannot listen there.
 */
export async function serveHttp(
  listen: { host: string; port: number },
  routes: Routes,
  log: Log,
): Promise<HttpServer> {
  const server = createServer((request, response) => void answer(request, response, routes, log))
  server.maxConnections = MAX_CONNECTIONS
  server.listen(listen.port, listen.host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Error(`HTTP_LISTEN: ${listenProblem(error, listen)}`, { cause: error })
  }
  // Such as no file handle being left for another connection.
  server.on('error', (error) => log.warn({ err: error }, 'the HTTP server has trouble'))
  const { port } = server.address() as AddressInfo
  log.info({ host: listen.host, port }, 'serving /healthz, /livez and /metrics')
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Returns why an address cannot be listened at, in plain words. */
export function listenProblem(error: unknown, { host, port }: { host: string; port: number }) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: 'is taken by another program: choose another port',
    EACCES: 'may not be used: choose a port above 1023',
    EADDRNOTAVAIL: 'is no address of this machine',
    ENOTFOUND: 'is no name that this machine knows',
  }
  return `${host}:${port} ${words[code] ?? `cannot be listened at (${code})`}`
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Routes,
  log: Log,
): Promise<void> {
  // Not as a URL, which not every target of a request is.
  const [path = '', query = ''] = (request.url ?? '/').split('?', 2)
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  try {
    if (!route) send(response, text(404, `try ${Object.keys(routes).join(', ')}`))
    else if (!isRead) send(response.setHeader('Allow', 'GET, HEAD'), text(405, 'only GET'))
    else send(response, await route(new URLSearchParams(query)))
  } catch (error) {
    log.error({ err: error, path }, 'a request could not be answered')
    send(response, text(500, 'it failed; see the log'))
  }
}

/** Returns an answer of one line of text. */
export function text(status: number, line: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${line}\n` }
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    Server: SERVER_NAME,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  })
  // To a HEAD, Node sends the head alone.
  response.end(body)
}
