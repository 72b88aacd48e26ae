import { fileURLToPath } from 'node:url'
import type {
  MetadataValue,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceError,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { Metadata, Server, ServerCredentials } from '@grpc/grpc-js'
import type { ServiceDefinition } from '@grpc/proto-loader'
import { loadSync } from '@grpc/proto-loader'
import type { Channel, ChannelPolicies, NodeInfo } from '../lightning/channel.ts'
import type { HtlcEvent } from '../lightning/htlc.ts'
import { type Scid, scidFromChanId } from '../lightning/scid.ts'
import { demoMacaroon } from './lnd-macaroon.ts'
import { Subscriber } from './lnd-subscriber.ts'
import type { BackendForward, PendingKind } from './lnd-wire.ts'
import {
  channelToWire,
  edgeToWire,
  historyOf,
  htlcEventToWire,
  nodeInfoToWire,
  peersOf,
  pendingOf,
} from './lnd-wire.ts'
import { DEMO_TLS, type TlsIdentity } from './tls.ts'

/** LND's states as its State service names them. */
export type WalletStateName =
  | 'NON_EXISTING'
  | 'LOCKED'
  | 'UNLOCKED'
  | 'RPC_ACTIVE'
  | 'SERVER_ACTIVE'
  | 'WAITING_TO_START'

/** The node behind the server, in the program's own words; asked anew at each call. */
export type LndBackend = {
  state(): WalletStateName
  nodeInfo(): NodeInfo
  channels(): readonly Channel[]
  policies(scid: Scid): ChannelPolicies | undefined
  /** Oldest first. */
  forwards(): readonly BackendForward[]
  /** What PendingChannels lists; nothing when left out. */
  pendingChannels?(): readonly { channelPoint: string; kind: PendingKind }[]
}

/** An LND on loopback with TLS and macaroon, as far as the program talks to one. */
export type LndServer = AsyncDisposable & {
  /** `127.0.0.1:port` */
  socket: string
  /** In PEM. */
  certificate: string
  /** In hex. */
  macaroon: string
  /** Sends an event to every subscriber, each at its own pace. */
  emit(event: HtlcEvent): void
  /** Sends an update of that `UpdateType` number to the subscribers of channel events. */
  emitChannelEvent(type: number): void
  /** Ends the event streams: as LND does when it stops, with its error, or by cutting connections. */
  endStreams(how: 'clean' | 'error' | 'reset'): void
  /** From now on LND knows the macaroon no more; streams that it opened live on. */
  revokeMacaroon(): void
  /** Calls refused so far. */
  readonly refusals: number
  /** The subscribers now: of HTLC events, or of channel events. */
  subscribers(of?: 'htlc' | 'channel'): number
}

export type LndServerOptions = {
  backend: LndBackend
  port?: number
  tls?: TlsIdentity
  /** Hex; a macaroon of LND's form is made up when left out. */
  macaroon?: string
}

const PROTO_DIR = fileURLToPath(new URL('../../proto', import.meta.url))
const UNKNOWN = 2
const NOT_FOUND = 5
// LND's readiness gate in its own words (LND `rpcperms/interceptor.go`).
const NOT_READY: Readonly<Partial<Record<WalletStateName, string>>> = {
  WAITING_TO_START: 'waiting to start, RPC services not available',
  NON_EXISTING: 'wallet not created, create one to enable full RPC access',
  LOCKED: 'wallet locked, unlock it to enable full RPC access',
  UNLOCKED: 'the RPC server is in the process of starting up, but not yet ready to accept calls',
}

type Fields = Readonly<Record<string, unknown>>
type Unary = ServerUnaryCall<Fields, object>
type Stream = ServerWritableStream<Fields, Buffer>

/** Starts the server. @throws Error when the port is taken. */
export async function startLndServer(options: LndServerOptions): Promise<LndServer> {
  const server = new DemoLnd(options)
  await server.listen(options.port ?? 0)
  return server
}

class DemoLnd implements LndServer {
  readonly certificate: string
  readonly macaroon: string
  readonly #backend: LndBackend
  readonly #tls: TlsIdentity
  readonly #server = new Server()
  readonly #encodeEvent: (event: object) => Buffer
  readonly #encodeUpdate: (update: object) => Buffer
  // One per client stream; loopback has a handful of clients.
  readonly #htlcSubscribers = new Set<Subscriber>()
  readonly #channelSubscribers = new Set<Subscriber>()
  #port = 0
  #revoked = false
  #refusals = 0

  constructor({ backend, tls = DEMO_TLS, macaroon = demoMacaroon(7) }: LndServerOptions) {
    this.#backend = backend
    this.#tls = tls
    this.certificate = tls.certificate
    this.macaroon = macaroon
    const { lightning, router, state } = loadServices()
    this.#encodeEvent = takeSerializer(router, 'SubscribeHtlcEvents')
    this.#encodeUpdate = takeSerializer(lightning, 'SubscribeChannelEvents')
    this.#server.addService(state, {
      GetState: this.#open(() => ({ state: backend.state() })),
      SubscribeState: (call: ServerWritableStream<Fields, object>) =>
        call.write({ state: backend.state() }),
    })
    this.#server.addService(lightning, this.#lightning())
    this.#server.addService(router, {
      SubscribeHtlcEvents: this.#stream(this.#htlcSubscribers, (subscriber) =>
        subscriber.send(this.#encodeEvent({ subscribed_event: {} })),
      ),
    })
  }

  get socket(): string {
    return `127.0.0.1:${this.#port}`
  }

  async listen(port: number): Promise<void> {
    const pair = {
      cert_chain: Buffer.from(this.#tls.certificate),
      private_key: Buffer.from(this.#tls.key),
    }
    const tls = ServerCredentials.createSsl(null, [pair])
    this.#port = await new Promise<number>((resolve, reject) =>
      this.#server.bindAsync(`127.0.0.1:${port}`, tls, (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    )
  }

  emit(event: HtlcEvent): void {
    if (this.#htlcSubscribers.size === 0) return
    const message = this.#encodeEvent(htlcEventToWire(event))
    for (const subscriber of this.#htlcSubscribers) subscriber.send(message)
  }

  emitChannelEvent(type: number): void {
    const message = this.#encodeUpdate({ type })
    for (const subscriber of this.#channelSubscribers) subscriber.send(message)
  }

  endStreams(how: 'clean' | 'error' | 'reset'): void {
    if (how === 'reset') {
      this.#server.drain(this.socket, 0)
      return
    }
    const all = [...this.#htlcSubscribers, ...this.#channelSubscribers]
    const error = how === 'error' ? 'htlc event subscription terminated' : undefined
    this.#htlcSubscribers.clear()
    this.#channelSubscribers.clear()
    for (const subscriber of all) subscriber.end(error)
  }

  subscribers(of: 'htlc' | 'channel' = 'htlc'): number {
    return of === 'htlc' ? this.#htlcSubscribers.size : this.#channelSubscribers.size
  }

  get refusals(): number {
    return this.#refusals
  }

  revokeMacaroon(): void {
    this.#revoked = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown()
  }

  #lightning(): UntypedServiceImplementation {
    const backend = this.#backend
    return {
      GetInfo: this.#guarded(() => nodeInfoToWire(backend.nodeInfo())),
      ListChannels: this.#guarded(() => ({ channels: backend.channels().map(channelToWire) })),
      GetChanInfo: this.#guarded((request) => this.#edge(request)),
      GetNodeInfo: this.#guarded((request) => this.#node(request)),
      ForwardingHistory: this.#guarded((request) => historyOf(backend.forwards(), request)),
      PendingChannels: this.#guarded(() => pendingOf(backend.pendingChannels?.() ?? [])),
      ListPeers: this.#guarded(() => peersOf(backend.channels())),
      SubscribeChannelEvents: this.#stream(this.#channelSubscribers, () => undefined),
    }
  }

  #edge(request: Fields): object {
    const scid = scidFromChanId(BigInt(String(request['chan_id'])))
    const channel = this.#backend.channels().find((one) => one.scid === scid)
    const policies = this.#backend.policies(scid)
    if (!channel || !policies) throw refusal(NOT_FOUND, 'edge not found')
    return edgeToWire(policies, channel, this.#backend.nodeInfo().pubkey)
  }

  #node(request: Fields): object {
    const pubkey = request['pub_key']
    const peers = this.#backend.channels().map(({ peer }) => peer)
    const found = [this.#backend.nodeInfo(), ...peers].find((node) => node.pubkey === pubkey)
    if (!found) throw refusal(NOT_FOUND, 'unable to find node')
    return { node: { pub_key: found.pubkey, alias: found.alias } }
  }

  /** A method that answers anyone at any time. */
  #open(answer: (request: Fields) => object) {
    return (call: Unary, done: sendUnaryData<object>): void => {
      try {
        done(null, answer(call.request))
      } catch (error) {
        done(error as ServiceError)
      }
    }
  }

  #guarded(answer: (request: Fields) => object) {
    return (call: Unary, done: sendUnaryData<object>): void => {
      const refused = this.#refuse(call.metadata)
      if (refused) done(refused)
      else this.#open(answer)(call, done)
    }
  }

  #stream(subscribers: Set<Subscriber>, greet: (subscriber: Subscriber) => void) {
    return (call: Stream): void => {
      const refused = this.#refuse(call.metadata)
      if (refused) {
        call.emit('error', refused)
        return
      }
      const subscriber = new Subscriber(call)
      const leave = () => subscribers.delete(subscriber)
      subscribers.add(subscriber)
      call.once('cancelled', leave)
      call.once('error', leave)
      call.once('finish', leave)
      call.once('close', leave)
      greet(subscriber)
    }
  }

  #refuse(metadata: Metadata): ServiceError | undefined {
    const problem = this.#problemWith(metadata.get('macaroon'))
    if (problem === undefined) return undefined
    this.#refusals += 1
    return refusal(UNKNOWN, problem)
  }

  /** LND looks at its own state first, then at the macaroon. */
  #problemWith(macaroons: readonly MetadataValue[]): string | undefined {
    const notReady = NOT_READY[this.#backend.state()]
    if (notReady) return notReady
    if (macaroons.length !== 1) return `expected 1 macaroon, got ${macaroons.length}`
    if (this.#revoked)
      return "cannot retrieve macaroon: cannot get macaroon: root key with id 7 doesn't exist"
    if (String(macaroons[0]).toLowerCase() === this.macaroon.toLowerCase()) return undefined
    return 'verification failed: signature mismatch after caveat verification'
  }
}

function loadServices() {
  const loaded = loadSync(['lightning.proto', 'router.proto', 'stateservice.proto'], {
    includeDirs: [PROTO_DIR],
    keepCase: true,
    longs: BigInt,
    defaults: true,
  })
  return {
    lightning: { ...loaded['lnrpc.Lightning'] } as ServiceDefinition,
    router: { ...loaded['routerrpc.Router'] } as ServiceDefinition,
    state: { ...loaded['lnrpc.State'] } as ServiceDefinition,
  }
}

/** Makes the method send ready-made bytes, and returns what makes them: once for all subscribers. */
function takeSerializer(service: ServiceDefinition, name: string): (message: object) => Buffer {
  const method = service[name]
  if (!method) throw new Error(`proto/ defines no method ${name}`)
  service[name] = { ...method, responseSerialize: (bytes) => bytes as Buffer }
  return method.responseSerialize
}

function refusal(code: number, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() })
}
