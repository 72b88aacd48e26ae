import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, get as httpsGet } from 'node:https'

/** Asks one lnd-manage, a few questions at a time. */
export type Requester = Disposable & {
  /**
   * Returns the body of the answer; undefined when it knows no such thing (404).
   * @throws Error that says what is wrong with the answer, or that none came.
   */
  get(path: string, signal: AbortSignal): Promise<string | undefined>
}

// lnd-manage needs no login, and some of its GET endpoints pay (`/api/payments/…`): nothing but what
// matches here is ever asked for, with ids in the only form in which it gives them.
const READ_ONLY: readonly RegExp[] = [
  /^\/api\/status\/block-height$/,
  /^\/api\/channel\/\d{1,8}x\d{1,8}x\d{1,5}\/(?:details|rebalance-target-costs|rebalance-target-amount)$/,
  /^\/api\/node\/0[23][0-9a-f]{64}\/details$/,
]

// The largest answer, of a peer with a thousand channels open and closed, has some 30 kB.
const MAX_BYTES = 256 * 1024
// It reads its database for each; a reader of all channels takes two, so that two stay for people.
const MAX_CONNECTIONS = 4

/** Returns the requester of the lnd-manage at this http: or https: URL. It follows no redirects. */
export function createRequester(baseUrl: string): Requester {
  const options = { keepAlive: false, maxSockets: MAX_CONNECTIONS }
  const isTls = new URL(baseUrl).protocol === 'https:'
  // Agents of its own: no proxy variable of the environment leads them elsewhere.
  const agent = isTls ? new HttpsAgent(options) : new HttpAgent(options)
  const open = isTls ? httpsGet : httpGet
  return {
    async get(path, signal) {
      if (!READ_ONLY.some((pattern) => pattern.test(path))) {
        throw new Error(`not a path that may be asked for: ${path}`)
      }
      const url = new URL(baseUrl.replace(/\/+$/, '') + path)
      try {
        const response = await new Promise<IncomingMessage>((resolve, reject) => {
          open(url, { agent, signal }, resolve).on('error', reject)
        })
        return await bodyOf(response)
      } catch (error) {
        throw signal.aborted ? signal.reason : error
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

async function bodyOf(response: IncomingMessage): Promise<string | undefined> {
  const { statusCode } = response
  if (statusCode === 200) return await readText(response)
  response.destroy()
  if (statusCode === 404) return undefined
  throw new Error(`it answers with HTTP status ${statusCode}`)
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop closes the connection.
  for await (const chunk of response) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new Error(`its answer has more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
