import { once } from 'node:events'
import { createServer, get, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Config } from '../config.ts'
import { callOnce } from '../http/ping.ts'
import { listenProblem, SERVER_NAME } from '../http/server.ts'
import { serverNameOf } from '../lnd/connection.ts'

/** One step of a way through the network: that it is open, or what to mend. */
export type Step = { mark: '✓' | '✗' | '!'; text: string }

/** A way, step by step; it ends with the first step that is not open. */
export type Way = AsyncIterable<Step>

const PATIENCE_MS = 10_000

/** The way to LND: the proxy, where it leads, and whether TLS is spoken at its end. */
export async function* wayToLnd({ lnd }: Pick<Config, 'lnd'>): Way {
  const { socket: address, proxy } = lnd
  if (proxy !== undefined && !(yield* proxyStep('LND_PROXY', proxy))) return
  const reached = proxy === undefined ? await dial(address) : await tunnel(proxy, address)
  if ('problem' in reached) {
    const who = proxy === undefined ? 'nothing answers at' : 'LND_PROXY does not lead to'
    yield wrong(`LND_SOCKET: ${who} ${address} (${reached.problem}). ${lndAdvice(proxy)}`)
    return
  }
  yield open(`LND_SOCKET: ${address} answers${proxy === undefined ? '' : ' through LND_PROXY'}`)
  const problem = await greet(reached.socket, serverNameOf(lnd))
  if (problem === undefined) return
  yield wrong(`LND_SOCKET: ${address} does not speak TLS (${problem}). Is it LND's gRPC port?`)
}

/** The way to Telegram's proxy, and through an http one; without a proxy there is none to test. */
export async function* wayToTelegram({ telegram }: Pick<Config, 'telegram'>): Way {
  const { proxy, apiRoot } = telegram
  if (proxy === undefined || !(yield* proxyStep('TELEGRAM_PROXY', proxy))) return
  // What a SOCKS proxy refuses, the call itself says.
  if (!proxy.startsWith('http:')) return
  const target = addressOf(apiRoot)
  const reached = await tunnel(proxy, target)
  if ('socket' in reached) reached.socket.destroy()
  else yield wrong(`TELEGRAM_PROXY: it does not lead to ${target} (${reached.problem})`)
}

/** Whether HTTP_LISTEN can be listened at, or is by a running program. */
export async function* wayToListen({ http }: Pick<Config, 'http'>): Way {
  if (http === undefined) return
  const { host, port } = http
  const problem = await tryListening(http)
  if (problem === undefined) yield open(`HTTP_LISTEN: ${host}:${port} is free`)
  else if (await isOurs(http)) {
    yield open(`HTTP_LISTEN: a running missed-sats serves at ${host}:${port}, as it should`)
  } else {
    yield wrong(`HTTP_LISTEN: ${problem}`)
    return
  }
  if (/^(?:127\.|::1$|localhost$)/.test(host)) return
  yield {
    mark: '!',
    text: 'HTTP_LISTEN: other machines can read it, and nothing there asks for a password',
  }
}

/** Calls PING_URL once. */
export async function* wayToPing({ pingUrl }: Pick<Config, 'pingUrl'>): Way {
  if (pingUrl === undefined) return
  const problem = await callOnce(pingUrl)
  const { host } = new URL(pingUrl)
  if (problem === undefined) yield open(`PING_URL: ${host} answers`)
  else yield wrong(`PING_URL: ${host}: ${problem}. It is called straight, through no proxy.`)
}

function lndAdvice(proxy: string | undefined): string {
  return proxy === undefined
    ? 'Is LND running, and does LND_SOCKET name its gRPC port?'
    : 'Does LND_SOCKET name what the proxy can reach and may lead to?'
}

/** Returns whether the proxy itself answers. */
async function* proxyStep(name: string, proxy: string): AsyncGenerator<Step, boolean> {
  const address = addressOf(proxy)
  const reached = await dial(address)
  if ('problem' in reached) {
    yield wrong(`${name}: nothing answers at ${address} (${reached.problem}). Is it running?`)
    return false
  }
  reached.socket.destroy()
  yield open(`${name}: ${address} answers`)
  return true
}

type Reached = { socket: Socket } | { problem: string }

async function dial(address: string): Promise<Reached> {
  const { hostname, port } = new URL(`tcp://${address}`)
  const socket = connect(Number(port), hostname.replace(/^\[(.*)\]$/, '$1'))
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PATIENCE_MS) })
    return { socket }
  } catch (error) {
    socket.destroy()
    return { problem: problemOf(error) }
  }
}

/** Asks an http proxy to connect to an address. */
async function tunnel(proxy: string, address: string): Promise<Reached> {
  const { hostname, port, username, password } = new URL(proxy)
  const login = Buffer.from([username, password].map(decodeURIComponent).join(':'))
  const asking = request({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port || 80,
    method: 'CONNECT',
    path: address,
    agent: false,
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: {
      Host: address,
      ...(username && { 'Proxy-Authorization': `Basic ${login.toString('base64')}` }),
    },
  })
  asking.end()
  try {
    // Some proxies answer a refusal as they would a GET.
    const [{ statusCode, statusMessage }, socket] = await Promise.race([
      once(asking, 'connect'),
      once(asking, 'response'),
    ])
    if (statusCode === 200 && socket) return { socket }
    asking.destroy()
    return { problem: `it answers ${statusCode} ${statusMessage}`.trimEnd() }
  } catch (error) {
    return { problem: problemOf(error) }
  }
}

/** Shakes hands in TLS, whatever the certificate, and returns what went wrong. */
async function greet(socket: Socket, servername: string): Promise<string | undefined> {
  const tls = connectTls({ socket, servername, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
  try {
    await once(tls, 'secureConnect', { signal: AbortSignal.timeout(PATIENCE_MS) })
    return undefined
  } catch (error) {
    return problemOf(error)
  } finally {
    tls.destroy()
    socket.destroy()
  }
}

async function tryListening(listen: { host: string; port: number }): Promise<string | undefined> {
  const server = createServer().listen(listen.port, listen.host)
  try {
    await once(server, 'listening')
    return undefined
  } catch (error) {
    return listenProblem(error, listen)
  } finally {
    server.close()
  }
}

async function isOurs({ host, port }: { host: string; port: number }): Promise<boolean> {
  const asking = get({ host, port, path: '/livez', agent: false })
  asking.setTimeout(PATIENCE_MS, () => asking.destroy(new Error('no answer')))
  try {
    const [response] = await once(asking, 'response')
    response.destroy()
    return response.headers.server === SERVER_NAME
  } catch {
    return false
  }
}

/** Returns `host:port` of a URL. */
function addressOf(url: string): string {
  const { protocol, hostname, port } = new URL(url)
  const usual: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }
  return `${hostname}:${port || (usual[protocol] ?? '1080')}`
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  if (error.name === 'AbortError') return `no answer within ${PATIENCE_MS / 1000} s`
  const code = 'code' in error ? String(error.code) : ''
  return code || error.message
}

function open(text: string): Step {
  return { mark: '✓', text }
}

function wrong(text: string): Step {
  return { mark: '✗', text }
}
