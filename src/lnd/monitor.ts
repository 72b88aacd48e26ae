import type { Clock } from '../clock.ts'
import type { Channel, ChannelPolicies, NodeInfo } from '../lightning/channel.ts'
import type { HtlcEvent, SettledForward } from '../lightning/htlc.ts'
import type { Log } from '../log.ts'
import { OVERLAP_MS } from '../stats/coverage.ts'
import type { Memory } from '../stats/memory.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import { needsPolicies } from '../stats/policy-changes.ts'
import type { StreamSink } from './follow.ts'

/** What the monitor asks of LND. */
export type MonitoredLnd = {
  follow(sink: StreamSink, signal: AbortSignal): Promise<void>
  channelEvents(onChange: () => void, signal: AbortSignal): Promise<void>
  channels(): Promise<readonly Channel[]>
  policies(channels: readonly Channel[], ownPubkey: string): Promise<readonly ChannelPolicies[]>
  forwards(fromMs: number, toMs: number): AsyncIterable<readonly SettledForward[]>
}

export type MonitorDeps = {
  lnd: MonitoredLnd
  memory: Memory
  clock: Clock
  log: Log
  /**
   * Called with LND's description of itself before each subscription; when it rejects, nothing is
   * listened to and the monitor ends.
   */
  onNode(info: NodeInfo): Promise<void>
}

/** The running monitor: what jobs and answers may ask of it. */
export type Monitor = AsyncDisposable & {
  /** The node as LND last described it; undefined before the first answer. */
  node(): NodeInfo | undefined
  /**
   * Lists the channels anew, reads the policies of those that have none yet, and fills the gaps that
   * an earlier attempt left.
   */
  refreshChannels(): Promise<void>
  /** Reads the policies of all channels anew. */
  refreshPolicies(): Promise<void>
  /** Rejects when what it found must end the program (another node than the store's). */
  done: Promise<void>
}

// A change of a channel is followed by others (a restart touches each one): list once for all.
const SETTLE_MS = 2_000
// LND, where answers of calls under way are no longer waited for when the program ends.
const FAREWELL_MS = 2_000
// A refusal to record is a mistake of ours that may repeat with every event: said once an hour.
const COMPLAINT_MS = 3_600_000

/**
 * Feeds the memory: the event stream as it comes, LND's list of channels each time the stream comes
 * up and whenever jobs ask, and the forwards that were settled while nobody listened.
 */
export function startMonitor(deps: MonitorDeps): Monitor {
  return new LndMonitor(deps)
}

class LndMonitor implements Monitor {
  readonly #deps: MonitorDeps
  readonly #stop = new AbortController()
  readonly done: Promise<void>
  #fail: (error: unknown) => void = () => undefined
  #node: NodeInfo | undefined
  #work: Promise<void> = Promise.resolve()
  #isListingDue = false
  #wasListEmpty = false
  #complainedAt = 0

  constructor(deps: MonitorDeps) {
    this.#deps = deps
    const { lnd } = deps
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject
    })
    const following = Promise.all([
      lnd.follow(
        {
          node: (info) => this.#meet(info),
          up: (at) => this.#up(at),
          down: (at) => deps.memory.streamDown(at),
          event: this.#event,
        },
        this.#stop.signal,
      ),
      lnd.channelEvents(() => this.#listSoon(), this.#stop.signal),
    ])
    this.done = Promise.race([following.then(() => undefined), failed])
    this.done.catch(() => undefined)
  }

  node(): NodeInfo | undefined {
    return this.#node
  }

  refreshChannels(): Promise<void> {
    const listed = this.#enqueue('list channels', () => this.#listChannels())
    if (this.#deps.memory.coverage.gaps.length === 0) return listed
    return this.#enqueue('fill gaps', () => this.#fillGaps())
  }

  refreshPolicies(): Promise<void> {
    return this.#enqueue('read policies', () => this.#readPolicies(() => true))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.done.catch(() => undefined)
    const { clock, memory } = this.#deps
    await Promise.race([this.#work, clock.sleep(FAREWELL_MS)])
    memory.streamDown(clock.now())
  }

  readonly #event = (event: HtlcEvent): void => {
    const { memory, clock, log } = this.#deps
    try {
      memory.record(event, clock.now())
    } catch (error) {
      if (clock.monotonic() - this.#complainedAt < COMPLAINT_MS) return
      this.#complainedAt = clock.monotonic()
      log.error({ err: error, kind: event.kind }, 'an event could not be counted')
    }
  }

  async #meet(info: NodeInfo): Promise<void> {
    await this.#deps.onNode(info).catch((error: unknown) => {
      this.#fail(error)
      throw error
    })
    this.#node = info
  }

  #up(at: number): void {
    this.#deps.memory.streamUp(at)
    void this.refreshChannels()
  }

  #listSoon(): void {
    if (this.#isListingDue) return
    this.#isListingDue = true
    void this.#deps.clock.sleep(SETTLE_MS, this.#stop.signal).then(() => {
      this.#isListingDue = false
      return this.refreshChannels()
    })
  }

  // One call after the other: a listing must not overtake an older one, nor a page of history.
  #enqueue(what: string, work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(async () => {
      if (this.#stop.signal.aborted) return
      await work().catch((error: unknown) => {
        this.#deps.log.warn({ err: error }, `could not ${what}; trying again later`)
      })
    })
    return this.#work
  }

  async #listChannels(): Promise<void> {
    const { lnd, memory, clock } = this.#deps
    if (!memory.coverage.isUp) return
    const channels = await lnd.channels()
    // A list without any channel closes all of them: believed when it comes twice.
    const isDoubtful = channels.length === 0 && memory.book.openCount > 0 && !this.#wasListEmpty
    this.#wasListEmpty = channels.length === 0
    if (isDoubtful) return
    memory.updateChannels(channels, clock.now())
    await this.#readPolicies((own) => needsPolicies(own, clock.now()))
  }

  async #readPolicies(isWanted: (own: OwnChannel) => boolean): Promise<void> {
    const { lnd, memory } = this.#deps
    if (!memory.coverage.isUp || !this.#node) return
    const channels = [...memory.book].flatMap((own) =>
      own.channel && own.closedAt === undefined && isWanted(own) ? [own.channel] : [],
    )
    if (channels.length === 0) return
    memory.updatePolicies(await lnd.policies(channels, this.#node.pubkey), this.#deps.clock.now())
  }

  async #fillGaps(): Promise<void> {
    const { lnd, memory, log } = this.#deps
    for (const gap of [...memory.coverage.gaps]) {
      let filled = 0
      for await (const page of lnd.forwards(gap.filledTo, gap.to + OVERLAP_MS)) {
        if (this.#stop.signal.aborted) return
        filled += memory.fillIn(gap, page)
      }
      memory.finishGap(gap)
      const { from, to } = gap
      log.info(
        { from: new Date(from), to: new Date(to), forwards: filled },
        'filled a gap from history',
      )
    }
  }
}
