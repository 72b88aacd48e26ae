import { setTimeout as delay } from 'node:timers/promises'
import type { HtlcEvent } from '../lightning/htlc.ts'
import type { Scid } from '../lightning/scid.ts'
import type { DemoClock } from './clock.ts'
import { type LndServer, startLndServer, type WalletStateName } from './lnd-server.ts'
import { DEMO_TRAFFIC } from './traffic-demo.ts'
import type { TrafficPlan } from './traffic-plan.ts'
import { createWorld, type World } from './world.ts'

const MINUTE = 60_000
// While the past is played the clock goes from step to step; a step is the program's shortest bucket.
const STEP_MS = 5 * MINUTE
const TICK_MS = 100
const LAST_LOOKS = 4
const LISTED_TIMEOUT_MS = 3_000
// LND's numbers of `ChannelEventUpdate.UpdateType`.
const OPEN_CHANNEL = 0
const ACTIVE_CHANNEL = 2
const INACTIVE_CHANNEL = 3

/** A simulated node behind a real gRPC server. */
export type DemoNode = AsyncDisposable & {
  /** Where its time begins: epoch ms. */
  startAt: number
  lnd: Pick<LndServer, 'socket' | 'certificate' | 'macaroon' | 'endStreams'>
  world: World
  /** What its State service says from now on; anything but SERVER_ACTIVE refuses calls. */
  walletState: WalletStateName
  /** So many of its seconds are one of life, once the past was played. */
  speed: number
  /** Resolves when somebody listens to the HTLC events, or the signal aborts. */
  followed(signal: AbortSignal): Promise<void>
  /** Plays everything up to a time as fast as it goes, taking the clock along. */
  race(to: number, signal: AbortSignal): Promise<void>
  /** Plays on as the clock goes until the signal aborts. */
  live(signal: AbortSignal): Promise<void>
}

/** Starts the node in the past at which the clock stands. */
export async function startDemoNode(options: {
  seed: number
  clock: DemoClock
  speed: number
  /** Default: the demo's, without a rush. */
  traffic?: TrafficPlan
}): Promise<DemoNode> {
  const node = new RunningNode(options)
  await node.listen()
  return node
}

class RunningNode implements DemoNode {
  readonly startAt: number
  readonly world: World
  walletState: WalletStateName = 'SERVER_ACTIVE'
  readonly #clock: DemoClock
  #speed: number
  #isLive = false
  #server: LndServer | undefined
  #activity = new Map<Scid, boolean>()
  #listings = 0

  constructor({ seed, clock, speed, traffic = DEMO_TRAFFIC }: Parameters<typeof startDemoNode>[0]) {
    this.startAt = clock.now()
    this.world = createWorld({ seed, startAt: this.startAt, traffic })
    this.#clock = clock
    this.#speed = speed
    this.#activity = this.#activityNow()
  }

  get lnd(): LndServer {
    if (!this.#server) throw new Error('the simulated node does not listen yet')
    return this.#server
  }

  get speed(): number {
    return this.#speed
  }

  set speed(speed: number) {
    this.#speed = speed
    if (this.#isLive) this.#clock.runAt(speed)
  }

  async listen(): Promise<void> {
    const { world } = this
    this.#server = await startLndServer({
      backend: {
        state: () => this.walletState,
        nodeInfo: () => world.nodeInfo(),
        channels: () => {
          this.#listings++
          return world.channels()
        },
        policies: (scid) => world.policies(scid),
        forwards: () => world.forwards(),
      },
    })
  }

  async followed(signal: AbortSignal): Promise<void> {
    while (this.lnd.subscribers() === 0 && !signal.aborted) await delay(10)
    await this.#listed(signal, 1)
  }

  async race(to: number, signal: AbortSignal): Promise<void> {
    for (let at = this.world.now(); at < to && !signal.aborted; ) {
      at = Math.min(to, at + STEP_MS)
      this.#clock.jumpTo(at)
      const before = this.#listings
      const hasOpened = this.#play(at)
      // An event may only name a channel that the program knows of: it hears of a new one first.
      if (hasOpened || at === to) await this.#listed(signal, before + 1)
      await idle(1)
    }
    for (let i = 0; i < LAST_LOOKS; i++) await idle(5)
  }

  async live(signal: AbortSignal): Promise<void> {
    this.#isLive = true
    this.#clock.runAt(this.#speed)
    while (!signal.aborted) {
      this.#play(this.#clock.now())
      await delay(TICK_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]()
  }

  /** Plays up to a time; returns whether a channel has opened meanwhile. */
  #play(to: number): boolean {
    const events: readonly HtlcEvent[] = this.world.advance(to)
    const before = this.#activity
    this.#activity = this.#activityNow()
    for (const [scid, active] of this.#activity) {
      if (before.get(scid) === active) continue
      this.lnd.emitChannelEvent(active ? ACTIVE_CHANNEL : INACTIVE_CHANNEL)
    }
    const hasOpened = this.#activity.size > before.size
    if (hasOpened) this.lnd.emitChannelEvent(OPEN_CHANNEL)
    for (const event of events) this.lnd.emit(event)
    return hasOpened
  }

  // The program lists channels some seconds of its clock after something happened to one.
  async #listed(signal: AbortSignal, listings: number): Promise<void> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(LISTED_TIMEOUT_MS)])
    this.lnd.emitChannelEvent(ACTIVE_CHANNEL)
    this.#clock.runAt(this.#speed)
    while (this.#listings < listings && !patience.aborted) await delay(10)
    this.#clock.runAt(1)
  }

  #activityNow(): Map<Scid, boolean> {
    return new Map(this.world.channels().map(({ scid, active }) => [scid, active]))
  }
}

/**
 * Waits until this process had nothing to do for most of so many ms. Server and client both live
 * in it: when neither has work left, what was sent has arrived.
 */
async function idle(ms: number): Promise<void> {
  for (;;) {
    const before = performance.eventLoopUtilization()
    await delay(ms)
    if (performance.eventLoopUtilization(before).idle > ms / 2) return
  }
}
