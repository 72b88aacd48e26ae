import { isIP } from 'node:net'
import type { ClientOptions, ClientReadableStream, ServiceError } from '@grpc/grpc-js'
import { Client, credentials, logVerbosity, Metadata, setLogVerbosity } from '@grpc/grpc-js'
import { systemClock } from '../clock.ts'
import { LndError, lndErrorOf } from './errors.ts'
import { type Fields, fieldsOf } from './fields.ts'
import type { LndTimings } from './timings.ts'
import type { Method } from './wire.ts'

/** Where LND is and how to be let in. Both secrets are read anew for each connection. */
export type LndConfig = {
  /** `host:port`; an IPv6 address stands in brackets. */
  socket: string
  /** The name that the certificate must bear; undefined: the host's, or `localhost` for an IP. */
  serverName: string | undefined
  /** An http: URL of a proxy that is asked to CONNECT to the socket; undefined: no proxy. */
  proxy: string | undefined
  /** LND's tls.cert in PEM. */
  readCertificate(): Promise<Buffer>
  /** The macaroon in hex. */
  readMacaroon(): Promise<string>
}

/** One connection: a gRPC channel with the certificate and the macaroon that it was made with. */
export type Session = { client: Client; metadata: Metadata }

// LND's own limit of a message (LND `lnrpc/metadata.go`); grpc-js would refuse a ListChannels
// answer above 4 MB, which some 2,500 channels reach.
const MAX_MESSAGE_BYTES = 200 * 1024 * 1024

/**
 * The connection to LND, made when first needed and made anew, with files read again, after it was
 * given up. Calls under way on a connection that is given up go on to their end.
 */
export class Connection implements AsyncDisposable {
  readonly #config: LndConfig
  readonly #timings: LndTimings
  // Calls under way: as many as the callers wait for, a dozen.
  readonly #calls = new Set<{ cancel(): void }>()
  #session: Promise<Session> | undefined
  #oldServer = false
  #closed = false

  constructor(config: LndConfig, timings: LndTimings) {
    this.#config = config
    this.#timings = timings
  }

  /** Returns the connection in use, or a new one. @throws LndError when a file is unusable. */
  session(): Promise<Session> {
    if (this.#closed) return Promise.reject(new LndError('connecting', 'closed'))
    this.#session ??= this.#open()
    return this.#session
  }

  /** Gives a connection up, so that the next call makes a new one. */
  async giveUp(session: Session): Promise<void> {
    if ((await this.#session?.catch(() => undefined)) === session) this.#session = undefined
    session.client.close()
  }

  /** Returns whether pings must become rarer for an LND before 0.17; the connection is then stale. */
  slowPings(old: boolean): boolean {
    const changed = old !== this.#oldServer
    this.#oldServer = old
    return changed
  }

  /** Makes one call. @throws LndError */
  async call(method: Method, request: object, deadlineMs?: number): Promise<Fields> {
    const session = await this.session()
    try {
      return await this.callOn(session, method, request, deadlineMs)
    } catch (error) {
      if (isStale(lndErrorOf(error))) await this.giveUp(session)
      throw error
    }
  }

  /** Makes one call on this very connection. @throws LndError */
  callOn(
    { client, metadata }: Session,
    method: Method,
    request: object,
    deadlineMs: number = this.#timings.callDeadlineMs,
  ): Promise<Fields> {
    return new Promise((resolve, reject) => {
      // grpc-js compares deadlines with the machine's clock, whatever the program's says.
      const deadline = systemClock.now() + deadlineMs
      const answered = (error: ServiceError | null, answer?: object) => {
        this.#calls.delete(call)
        if (error) reject(this.#errorOf(error))
        else resolve(fieldsOf(answer, method.path))
      }
      const { path, requestSerialize, responseDeserialize } = method
      const call = client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        { deadline },
        answered,
      )
      this.#calls.add(call)
    })
  }

  /** Opens a stream; `deserialize` reads each message. */
  stream<T>(
    { client, metadata }: Session,
    method: Method,
    deserialize: (bytes: Buffer) => T,
  ): ClientReadableStream<T> {
    const { path, requestSerialize } = method
    const stream = client.makeServerStreamRequest(path, requestSerialize, deserialize, {}, metadata)
    this.#calls.add(stream)
    stream.once('close', () => this.#calls.delete(stream))
    stream.once('error', () => this.#calls.delete(stream))
    stream.once('end', () => this.#calls.delete(stream))
    return stream
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    for (const call of this.#calls) call.cancel()
    const session = await this.#session?.catch(() => undefined)
    session?.client.close()
  }

  /** What grpc-js says of a connection that a proxy did not make is "undefined". */
  #errorOf(error: ServiceError): LndError {
    const told = lndErrorOf(error)
    if (this.#config.proxy === undefined || !told.message.includes('Last error: undefined')) {
      return told
    }
    const text = 'LND_PROXY is not there or does not lead to LND; missed-sats check says which'
    return new LndError(told.state, text, told.code, error)
  }

  #open(): Promise<Session> {
    const opening = this.#make()
    opening.catch(() => {
      this.#session = undefined
    })
    return opening
  }

  async #make(): Promise<Session> {
    const metadata = new Metadata()
    const [certificate, macaroon] = await Promise.all([this.#certificate(), this.#macaroon()])
    metadata.set('macaroon', macaroon)
    const keepaliveMs = this.#oldServer ? this.#timings.oldKeepaliveMs : this.#timings.keepaliveMs
    const options = clientOptions(this.#config, keepaliveMs, this.#timings.keepaliveTimeoutMs)
    const { socket, proxy } = this.#config
    return { client: clientOf(proxy ? addressOf(proxy) : socket, certificate, options), metadata }
  }

  async #certificate(): Promise<Buffer> {
    try {
      return await this.#config.readCertificate()
    } catch (error) {
      throw new LndError('bad-certificate', messageOf(error), undefined, error)
    }
  }

  async #macaroon(): Promise<string> {
    const macaroon = await this.#config.readMacaroon().catch((error: unknown) => {
      throw new LndError('bad-macaroon', messageOf(error), undefined, error)
    })
    // Metadata.set would put the value into its error.
    if (!/^[0-9a-f]+$/i.test(macaroon)) throw new LndError('bad-macaroon', 'it is not hex')
    return macaroon
  }
}

function clientOf(address: string, certificate: Buffer, options: ClientOptions): Client {
  // What a proxy refuses it would print to stderr at every try; ours is the log.
  setLogVerbosity(logVerbosity.NONE)
  try {
    return new Client(address, credentials.createSsl(certificate), options)
  } catch (error) {
    throw new LndError('bad-certificate', messageOf(error), undefined, error)
  }
}

/** Exported for its test alone. */
export function clientOptions(
  config: Pick<LndConfig, 'socket' | 'serverName' | 'proxy'>,
  keepaliveMs: number,
  keepaliveTimeoutMs: number,
): ClientOptions {
  const name = serverNameOf(config)
  return {
    'grpc.ssl_target_name_override': name,
    'grpc.default_authority': name,
    ...tunnelOptions(config),
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.keepalive_timeout_ms': keepaliveTimeoutMs,
    // grpc-js would obey https_proxy, which is meant for others.
    'grpc.enable_http_proxy': 0,
    // The program retries by itself, and says so; and each message passes one layer less.
    'grpc.enable_retries': 0,
    // No TXT look-ups of the host, and no connection shared with one that was given up.
    'grpc.service_config_disable_resolution': 1,
    'grpc.use_local_subchannel_pool': 1,
  }
}

/** Returns the name that LND's certificate must bear. */
export function serverNameOf({
  serverName,
  socket,
}: Pick<LndConfig, 'socket' | 'serverName'>): string {
  const host = hostOf(socket)
  // LND's certificate bears localhost always; TLS permits no IP address as a server name, and of a
  // Tor service LND knows nothing.
  return serverName ?? (isIP(host) || /\.onion$/i.test(host) ? 'localhost' : host)
}

/** grpc-js's own way through a proxy, which it else takes from the environment alone. */
function tunnelOptions({ socket, proxy }: Pick<LndConfig, 'socket' | 'proxy'>): ClientOptions {
  if (proxy === undefined) return {}
  const { username, password } = new URL(proxy)
  const login = [username, password].map(decodeURIComponent).join(':')
  return {
    'grpc.http_connect_target': `dns:${socket}`,
    ...(username && { 'grpc.http_connect_creds': login }),
  }
}

function addressOf(proxy: string): string {
  const { hostname, port } = new URL(proxy)
  return `${hostname}:${port || 80}`
}

function hostOf(socket: string): string {
  return socket.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}

/** Whether certificate and macaroon should be read again before the next call. */
function isStale(error: LndError): boolean {
  const { state } = error
  return (
    state === 'bad-certificate' ||
    state === 'bad-macaroon' ||
    state === 'no-permission' ||
    (state === 'unreachable' && error.code === 14)
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed'
}
