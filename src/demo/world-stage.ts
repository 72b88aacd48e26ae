import type { HtlcEvent, SettledForward } from '../lightning/htlc.ts'
import { draw, type Key } from './random.ts'
import type { WorldNode } from './world-node.ts'
import { WorldQueue } from './world-queue.ts'

// Block 870,000 was found at about this time; from there on a block takes ten minutes.
const KNOWN_BLOCK = { height: 870_000, at: Date.UTC(2024, 10, 13, 6) }
const BLOCK_MS = 600_000
// A live demo runs for days; a node with 10,000 forwards in a page asks at most a few pages.
const MAX_FORWARDS = 50_000

/** What became of one attempt of a payment to pass the node. */
export type Attempt = {
  /** The payment, part and attempt: the same in every world of one seed. */
  key: string
  at: number
  /** The peers' names. */
  from: string
  to: string
  outgoingMsat: number
  outcome: 'unsent' | 'refused' | 'failed' | 'settled'
  /** LND's numbers; undefined unless refused. */
  refusal: { wire: number; detail: number } | undefined
  feeMsat: number
}

/** What all actors of the simulated world share: its time, its plans, its dice and what was heard. */
export class WorldStage {
  readonly seed: number
  readonly node: WorldNode
  readonly forwards: SettledForward[] = []
  readonly trace: ((attempt: Attempt) => void) | undefined
  readonly #queue = new WorldQueue()
  #events: HtlcEvent[] = []
  #now: number

  constructor(
    seed: number,
    node: WorldNode,
    startAt: number,
    trace: ((attempt: Attempt) => void) | undefined,
  ) {
    this.seed = seed
    this.node = node
    this.trace = trace
    this.#now = startAt
  }

  /** Epoch ms. */
  get now(): number {
    return this.#now
  }

  get blockHeight(): number {
    return KNOWN_BLOCK.height + Math.floor((this.#now - KNOWN_BLOCK.at) / BLOCK_MS)
  }

  /** Returns a number in [0, 1) that depends on the world's seed and the keys alone. */
  draw(...keys: readonly Key[]): number {
    return draw(this.seed, ...keys)
  }

  /** Plans something for a time (epoch ms), at the earliest for now. */
  at(time: number, run: () => void): void {
    // Eighths of a millisecond are exact in a double and in LND's nanoseconds.
    this.#queue.add(Math.max(this.#now, Math.ceil(time * 8) / 8), run)
  }

  after(ms: number, run: () => void): void {
    this.at(this.#now + ms, run)
  }

  /** Lets LND say something now. */
  emit(event: Pick<HtlcEvent, 'kind' | 'role'> & Partial<HtlcEvent>): void {
    this.#events.push({
      incoming: undefined,
      outgoing: undefined,
      incomingHtlcId: 0,
      outgoingHtlcId: 0,
      incomingMsat: 0,
      outgoingMsat: 0,
      wireFailure: 0,
      failureDetail: 0,
      settled: false,
      ...event,
      at: this.#now,
    })
  }

  remember(forward: SettledForward): void {
    this.forwards.push(forward)
    if (this.forwards.length > MAX_FORWARDS) this.forwards.splice(0, MAX_FORWARDS / 10)
  }

  /** Plays everything up to and including a time; returns what LND said meanwhile. */
  play(to: number): HtlcEvent[] {
    for (let next = this.#queue.nextAt; next !== undefined && next <= to; ) {
      this.#now = next
      this.#queue.take()?.run()
      next = this.#queue.nextAt
    }
    this.#now = Math.max(this.#now, to)
    const events = this.#events
    this.#events = []
    return events
  }
}
