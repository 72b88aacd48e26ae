import { type AddressInfo, createServer, type Socket, connect as tcpConnect } from 'node:net'
import { pino } from 'pino'
import { vi } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import {
  type LndBackend,
  type LndServer,
  startLndServer,
  type WalletStateName,
} from '../../src/demo/lnd-server.ts'
import type { BackendForward, PendingKind } from '../../src/demo/lnd-wire.ts'
import type { Channel, ChannelPolicies, NodeInfo, Policy } from '../../src/lightning/channel.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import type { LndConfig } from '../../src/lnd/connection.ts'
import { connectLnd, type Lnd, type LndOptions } from '../../src/lnd/lnd.ts'

// A busy machine takes its time over TLS; nothing here waits on purpose.
vi.setConfig({ testTimeout: 20_000 })

export const OWN_KEY = `03${'a'.repeat(64)}`
export const PEER_KEY = `02${'b'.repeat(64)}`
/** An alias id: its uint64 is 17592186044416000006, above 2^63. */
export const ALIAS: Scid = '16000000x0x6'

/** What the server's node is like; a test changes it as it goes. */
export class ScriptedNode implements LndBackend {
  walletState: WalletStateName = 'SERVER_ACTIVE'
  version = '0.21.2-beta commit=v0.21.2-beta'
  listed: Channel[] = [channel('800123x45x1'), channel(ALIAS)]
  settled: BackendForward[] = []
  pending: { channelPoint: string; kind: PendingKind }[] = []
  calls = { nodeInfo: 0 }

  state(): WalletStateName {
    return this.walletState
  }

  nodeInfo(): NodeInfo {
    this.calls.nodeInfo += 1
    return {
      pubkey: OWN_KEY,
      alias: 'router',
      version: this.version,
      network: 'mainnet',
      blockHeight: 900_000,
      syncedToChain: true,
      syncedToGraph: false,
    }
  }

  channels(): readonly Channel[] {
    return this.listed
  }

  policies(scid: Scid): ChannelPolicies | undefined {
    return scid === ALIAS ? { scid, own: policy(350), peer: undefined } : undefined
  }

  forwards(): readonly BackendForward[] {
    return this.settled
  }

  pendingChannels() {
    return this.pending
  }
}

export function policy(feeRatePpm: number): Policy {
  return {
    baseFeeMsat: 1000n,
    feeRatePpm,
    inboundBaseFeeMsat: -5n,
    inboundFeeRatePpm: -77,
    minHtlcMsat: 1000n,
    maxHtlcMsat: 2_970_000_000n,
    timeLockDelta: 80,
    disabled: false,
    updatedAt: 1_795_392_967_000,
  }
}

export function channel(scid: Scid, given: Partial<Channel> = {}): Channel {
  return {
    scid,
    aliases: ['16000001x0x1'],
    channelPoint: `${'c'.repeat(64)}:0`,
    peer: { pubkey: PEER_KEY, alias: 'dave-shop' },
    active: true,
    private: false,
    initiator: true,
    capacityMsat: 3_000_000_000n,
    localMsat: 32_332_000n,
    remoteMsat: 2_965_606_000n,
    unsettledMsat: 0n,
    localReserveMsat: 30_000_000n,
    remoteReserveMsat: 30_000_000n,
    commitFeeMsat: 1_402_000n,
    commitWeight: 1116,
    feePerKw: 1247,
    maxPendingMsat: 2_970_000_000n,
    maxPendingHtlcs: 483,
    pendingHtlcs: [
      {
        incoming: true,
        amountMsat: 1_000_000n,
        htlcId: 0,
        forwarding: { scid: ALIAS, htlcId: 38 },
        expiryHeight: 900_040,
      },
      {
        incoming: false,
        amountMsat: 2_000_000n,
        htlcId: 7,
        forwarding: undefined,
        expiryHeight: 900_001,
      },
    ],
    ...given,
  }
}

/** Short waits, so that no test sleeps. */
const FAST: LndOptions = {
  timings: {
    firstRetryMs: 10,
    maxRetryMs: 40,
    slowRetryMs: 40,
    statePollMs: 10,
    lockedGraceMs: 60,
    watchdogMs: 40,
    watchdogDeadlineMs: 150,
    callDeadlineMs: 5_000,
    streamProbeMs: 50,
  },
}

export function configFor(server: Pick<LndServer, 'socket' | 'certificate' | 'macaroon'>) {
  return {
    socket: server.socket,
    serverName: undefined,
    proxy: undefined,
    readCertificate: async () => Buffer.from(server.certificate),
    readMacaroon: async () => server.macaroon,
  } satisfies LndConfig
}

export type LogLine = { level: number; msg: string; state?: string; detail?: string }

/** A node, its server, and a program that is connected to it. */
export async function lndWith(
  given: { node?: ScriptedNode; config?: Partial<LndConfig>; options?: LndOptions } = {},
) {
  const node = given.node ?? new ScriptedNode()
  const server = await startLndServer({ backend: node })
  const { lnd, lines } = connect({ ...configFor(server), ...given.config }, given.options)
  return {
    node,
    server,
    lnd,
    lines,
    async [Symbol.asyncDispose]() {
      await lnd[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

export function connect(config: LndConfig, options: LndOptions = {}) {
  const lines: LogLine[] = []
  const log = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) })
  const timings = { ...FAST.timings, ...options.timings }
  const lnd = connectLnd(config, { clock: systemClock, log }, { ...options, timings })
  return { lnd, lines }
}

/** Listens, and notes what it hears. */
export function listenTo(lnd: Lnd) {
  const heard = { ups: 0, downs: [] as string[], events: [] as HtlcEvent[] }
  const stop = new AbortController()
  const done = lnd.follow(
    {
      up: () => {
        heard.ups += 1
      },
      down: (_, reason) => void heard.downs.push(reason),
      event: (event) => void heard.events.push(event),
    },
    stop.signal,
  )
  return { heard, stop: () => stop.abort(), done }
}

/** Waits until it is so, looking every 5 ms. */
export function until(isSo: () => boolean): Promise<void> {
  return vi.waitFor(
    () => {
      if (!isSo()) throw new Error(`not within ten seconds: ${isSo}`)
    },
    { timeout: 10_000, interval: 5 },
  )
}

/** A wire that one can cut: a TCP proxy before the server that may fall silent. */
export async function startProxy(target: string) {
  const [host = '', port = ''] = target.split(':')
  const sockets = new Set<Socket>()
  let frozen = false
  const server = createServer((client) => {
    const upstream = tcpConnect(Number(port), host)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => frozen || to.write(bytes))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    socket: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Nothing passes any more, and nobody is told. */
    freeze: () => {
      frozen = true
    },
    /** New connections pass; those that were silent stay so. */
    thaw: () => {
      for (const socket of sockets) socket.removeAllListeners('data')
      frozen = false
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A port of loopback where nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
