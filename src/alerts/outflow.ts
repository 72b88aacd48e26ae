import { HOUR_MS } from './kind.ts'

// Two memories of the same flow: the short one sees a sudden drain, the long one a steady one.
const MEMORIES_MS = [HOUR_MS, 6 * HOUR_MS] as const
// Fewer forwards in the long memory say nothing of a flow.
const LEAST_FORWARDS = 5

type Flow = { localMsat: number; settled: number; rates: [number, number]; forwards: number }

/**
 * Follows how fast the outbound side of channels runs dry, from their balance once a minute. Two
 * exponential averages and a count each: 10,000 channels × about 120 bytes.
 */
export class Outflow {
  readonly #flows = new Map<string, Flow>()

  /** Notes a channel's balance and settled outgoing forwards so far, `elapsedMs` after the last. */
  note(channel: string, localMsat: number, settled: number, elapsedMs: number): void {
    const flow = this.#flows.get(channel)
    if (flow === undefined) {
      this.#flows.set(channel, { localMsat, settled, rates: [0, 0], forwards: 0 })
      return
    }
    if (elapsedMs <= 0) return
    const rate = (flow.localMsat - localMsat) / elapsedMs
    const kept = MEMORIES_MS.map((memory) => Math.exp(-elapsedMs / memory))
    const [short = 0, long = 0] = kept
    flow.rates = [
      flow.rates[0] * short + rate * (1 - short),
      flow.rates[1] * long + rate * (1 - long),
    ]
    flow.forwards = flow.forwards * long + Math.max(0, settled - flow.settled)
    flow.localMsat = localMsat
    flow.settled = settled
  }

  /** Returns the net outflow in msat a ms, or undefined when too few forwards made it. */
  perMs(channel: string): number | undefined {
    const flow = this.#flows.get(channel)
    if (flow === undefined || flow.forwards < LEAST_FORWARDS) return undefined
    return Math.max(...flow.rates)
  }

  /** Forgets channels that are no longer there. */
  keepOnly(channels: ReadonlySet<string>): void {
    for (const channel of this.#flows.keys()) {
      if (!channels.has(channel)) this.#flows.delete(channel)
    }
  }
}
