// Two memories of the same flow: the short one sees a sudden drain, the long one a steady one.
const SHORT_MS = 3_600_000
const LONG_MS = 6 * SHORT_MS
// A flow seen in fewer looks within the long memory is a payment or two, not a flow.
const LEAST_LOOKS = 5

type Flow = { localMsat: number; short: number; long: number; looks: number }

/**
 * Follows how fast the outbound side of channels runs dry, from their balance once a minute. Two
 * exponential averages and a count each: 10,000 channels × about 120 bytes.
 */
export class Outflow {
  #flows = new Map<string, Flow>()

  /** Takes in the balances of all channels (Float64 msat), so many ms after the last. */
  look(balances: ReadonlyMap<string, number>, elapsedMs: number): void {
    const flows = new Map<string, Flow>()
    for (const [channel, localMsat] of balances) {
      const before = this.#flows.get(channel)
      flows.set(channel, before ? next(before, localMsat, elapsedMs) : first(localMsat))
    }
    this.#flows = flows
  }

  /** Returns the net outflow in msat a ms, the faster of both; undefined when it is not yet one. */
  perMs(channel: string): number | undefined {
    const flow = this.#flows.get(channel)
    if (flow === undefined || flow.looks < LEAST_LOOKS) return undefined
    return Math.max(flow.short, flow.long)
  }

  /** Returns the outflow that both memories agree on, for a look further ahead; undefined as above. */
  steadyPerMs(channel: string): number | undefined {
    const flow = this.#flows.get(channel)
    if (flow === undefined || flow.looks < LEAST_LOOKS) return undefined
    return Math.min(flow.short, flow.long)
  }
}

function first(localMsat: number): Flow {
  return { localMsat, short: 0, long: 0, looks: 0 }
}

function next(flow: Flow, localMsat: number, elapsedMs: number): Flow {
  if (elapsedMs <= 0) return { ...flow, localMsat }
  const rate = (flow.localMsat - localMsat) / elapsedMs
  const short = Math.exp(-elapsedMs / SHORT_MS)
  const long = Math.exp(-elapsedMs / LONG_MS)
  return {
    localMsat,
    short: flow.short * short + rate * (1 - short),
    long: flow.long * long + rate * (1 - long),
    looks: flow.looks * long + (rate > 0 ? 1 : 0),
  }
}
