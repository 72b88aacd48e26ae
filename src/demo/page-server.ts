import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ShownMessage } from './bot-api-render.ts'
import type { PageEvent, PageWish } from './page-contract.ts'
import { type PageFile, readPageFiles } from './page-files.ts'
import { isOwn, setSafeHeaders } from './page-guard.ts'
import { readWish } from './page-wish.ts'

/** What stands behind the page. */
export type PageParts = {
  /** What somebody hears who has just opened the page. */
  hello(): PageEvent
  fileOf(chatId: number, messageId: number): ShownMessage['file']
  onWish(wish: PageWish): void
}

/** The page's server. */
export type PageServer = AsyncDisposable & {
  /** What to open in a browser. */
  url: string
  /** Tells all who have the page open. */
  send(event: PageEvent): void
}

/** Where the page is served unless the port is taken: a port that no service is known for. */
export const PAGE_PORT = 21_021

// A browser opens at most six streams to one host; more than a few browsers are a mistake.
const MAX_STREAMS = 24
// One that reads nothing any more (a laptop asleep) is let go: it asks for all anew.
const MAX_QUEUED_BYTES = 8_000_000

/**
 * Serves the page on loopback at the port, or at a free one when it is taken.
 * @throws Error when nothing can be served on loopback.
 */
export async function startPageServer(parts: PageParts, port = PAGE_PORT): Promise<PageServer> {
  const server = new LoopbackServer(parts, await readPageFiles())
  await server.listen(port)
  return server
}

class LoopbackServer implements PageServer {
  readonly #parts: PageParts
  readonly #files: ReadonlyMap<string, PageFile>
  readonly #streams = new Set<ServerResponse>()
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  constructor(parts: PageParts, files: ReadonlyMap<string, PageFile>) {
    this.#parts = parts
    this.#files = files
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0
  }

  async listen(port: number): Promise<void> {
    try {
      await this.#bind(port)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      await this.#bind(0)
    }
  }

  send(event: PageEvent): void {
    for (const stream of this.#streams) write(stream, event)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    // The streams of open pages would go on for ever.
    this.#server.closeAllConnections()
    await closed
  }

  #bind(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      setSafeHeaders(response)
      if (!isOwn(request, this.#port)) return end(response, 403)
      if (request.method === 'POST') return await this.#take(request, response)
      if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405)
      this.#give(new URL(request.url ?? '/', this.url).pathname, response)
    } catch {
      // A request that breaks off or is none costs its own connection alone.
      response.destroy()
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wish = request.url === '/wish' ? await readWish(request) : undefined
    if (wish === undefined) return end(response, 400)
    this.#parts.onWish(wish)
    end(response, 204)
  }

  #give(path: string, response: ServerResponse): void {
    const file = this.#files.get(path)
    const sent = file ? undefined : this.#sentFile(path)
    if (path === '/events') this.#stream(response)
    else if (file) response.writeHead(200, { 'content-type': file.type }).end(file.body)
    else if (sent) giveSent(sent, response)
    else end(response, 404)
  }

  #sentFile(path: string): ShownMessage['file'] {
    const [, chatId, messageId] = /^\/files\/(-?\d+)\/(\d+)\/\d+$/.exec(path) ?? []
    return chatId ? this.#parts.fileOf(Number(chatId), Number(messageId)) : undefined
  }

  #stream(response: ServerResponse): void {
    if (this.#streams.size >= MAX_STREAMS) {
      end(response, 503)
      return
    }
    response.once('close', () => this.#streams.delete(response))
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 1000\n\n')
    write(response, this.#parts.hello())
    this.#streams.add(response)
  }
}

function write(stream: ServerResponse, event: PageEvent): void {
  if (stream.writableLength > MAX_QUEUED_BYTES) stream.destroy()
  else stream.write(`data: ${JSON.stringify(event)}\n\n`)
}

/** A document is saved, never shown: whatever it holds, it does not run in the page's name. */
function giveSent(file: NonNullable<ShownMessage['file']>, response: ServerResponse): void {
  const { kind, name, bytes } = file
  const saved = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`
  const headers =
    kind === 'photo'
      ? { 'content-type': 'image/png' }
      : { 'content-type': 'application/octet-stream', 'content-disposition': saved }
  response.writeHead(200, headers).end(bytes)
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end()
}
