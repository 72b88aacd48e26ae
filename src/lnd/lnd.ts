import type { Clock } from '../clock.ts'
import type { Channel, ChannelPolicies, NodeInfo } from '../lightning/channel.ts'
import type { SettledForward } from '../lightning/htlc.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { Log } from '../log.ts'
import { followChannelEvents } from './channel-events.ts'
import { Connection, type LndConfig } from './connection.ts'
import { isNotFound } from './errors.ts'
import { type FollowParts, follow, type StreamSink } from './follow.ts'
import { type Permission, tryPermissions } from './permissions.ts'
import { StatusBoard } from './status-board.ts'
import { DEFAULT_TIMINGS, type LndTimings } from './timings.ts'
import type { PendingChannel } from './wire.ts'
import {
  channelsFrom,
  forwardsFrom,
  METHODS,
  nodeInfoFrom,
  pendingChannelsFrom,
  policiesFrom,
  requests,
} from './wire.ts'

/** LND, as far as this program needs it. Every call throws LndError when LND does not answer it. */
export type Lnd = AsyncDisposable & {
  status(): LndStatus
  /** Hands HTLC events to the sink until the signal aborts, through restarts of either side. */
  follow(sink: StreamSink, signal: AbortSignal): Promise<void>
  nodeInfo(): Promise<NodeInfo>
  channels(): Promise<readonly Channel[]>
  /** Both sides' policies of those channels; a channel that the graph does not know is left out. */
  policies(
    channels: readonly Pick<Channel, 'scid'>[],
    ownPubkey: string,
  ): Promise<readonly ChannelPolicies[]>
  /** Settled forwards from one time (epoch ms) up to another, oldest first, by the page. */
  forwards(fromMs: number, toMs: number): AsyncIterable<readonly SettledForward[]>
  pendingChannels(): Promise<readonly PendingChannel[]>
  /** Calls back when the list of channels has changed, until the signal aborts. */
  channelEvents(onChange: () => void, signal: AbortSignal): Promise<void>
  /** Tries every call of the program once. */
  permissions(): Promise<readonly Permission[]>
}

/** What tests, and the demo with its faster clock, set otherwise. */
export type LndOptions = { timings?: Partial<LndTimings>; random?: () => number }

// LND answers up to 50,000 forwards at a time; a fifth of it is about 1 MB and decoded in 50 ms.
const FORWARDS_PER_PAGE = 10_000
const POLICIES_AT_ONCE = 8

/** Returns LND. Connects when first asked something; errors show in the answers and the status. */
export function connectLnd(
  config: LndConfig,
  deps: { clock: Clock; log: Log },
  options: LndOptions = {},
): Lnd {
  const timings = { ...DEFAULT_TIMINGS, ...options.timings }
  return new GrpcLnd({
    connection: new Connection(config, timings),
    board: new StatusBoard(deps.clock, deps.log, timings.lockedGraceMs),
    clock: deps.clock,
    timings,
    random: options.random ?? Math.random,
  })
}

class GrpcLnd implements Lnd {
  readonly #parts: FollowParts
  readonly #disposal = new AbortController()
  // Loops under way: one for HTLC events and one for channel events.
  readonly #loops = new Set<Promise<void>>()

  constructor(parts: FollowParts) {
    this.#parts = parts
  }

  status(): LndStatus {
    return this.#parts.board.status()
  }

  follow(sink: StreamSink, signal: AbortSignal): Promise<void> {
    return this.#run(signal, (either) => follow(this.#parts, sink, either))
  }

  channelEvents(onChange: () => void, signal: AbortSignal): Promise<void> {
    return this.#run(signal, (either) => followChannelEvents(this.#parts, onChange, either))
  }

  async nodeInfo(): Promise<NodeInfo> {
    return nodeInfoFrom(await this.#parts.connection.call(METHODS.getInfo, {}))
  }

  async channels(): Promise<readonly Channel[]> {
    const request = requests.listChannels()
    return channelsFrom(await this.#parts.connection.call(METHODS.listChannels, request))
  }

  async policies(
    channels: readonly Pick<Channel, 'scid'>[],
    ownPubkey: string,
  ): Promise<readonly ChannelPolicies[]> {
    const found: ChannelPolicies[] = []
    const queue = channels.values()
    const worker = async () => {
      for (const { scid } of queue) {
        const policies = await this.#policiesOf(scid, ownPubkey)
        if (policies) found.push(policies)
      }
    }
    await Promise.all(Array.from({ length: POLICIES_AT_ONCE }, worker))
    return found
  }

  async #policiesOf(
    scid: Channel['scid'],
    ownPubkey: string,
  ): Promise<ChannelPolicies | undefined> {
    try {
      const { connection } = this.#parts
      const edge = await connection.call(METHODS.getChanInfo, requests.chanInfo(scid))
      return policiesFrom(edge, (pubkey) => pubkey === ownPubkey)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  async *forwards(fromMs: number, toMs: number): AsyncIterable<readonly SettledForward[]> {
    const start = Math.floor(fromMs / 1000)
    // The second that it ends in, which must not be 0: LND takes that for "now".
    const end = Math.max(1, Math.ceil(toMs / 1000))
    let offset = 0
    for (;;) {
      const request = requests.forwards(start, end, offset, FORWARDS_PER_PAGE)
      const answer = await this.#parts.connection.call(METHODS.forwardingHistory, request)
      const page = forwardsFrom(answer)
      const wanted = page.forwards.filter(({ at }) => at >= fromMs && at < toMs)
      if (wanted.length > 0) yield wanted
      if (page.forwards.length < FORWARDS_PER_PAGE || page.nextOffset <= offset) return
      offset = page.nextOffset
    }
  }

  async pendingChannels(): Promise<readonly PendingChannel[]> {
    return pendingChannelsFrom(await this.#parts.connection.call(METHODS.pendingChannels, {}))
  }

  permissions(): Promise<readonly Permission[]> {
    return tryPermissions(this.#parts.connection, this.#parts.timings)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort()
    await this.#parts.connection[Symbol.asyncDispose]()
    await Promise.allSettled(this.#loops)
  }

  async #run(signal: AbortSignal, loop: (either: AbortSignal) => Promise<void>): Promise<void> {
    const running = loop(AbortSignal.any([signal, this.#disposal.signal]))
    this.#loops.add(running)
    await running.finally(() => this.#loops.delete(running))
  }
}
