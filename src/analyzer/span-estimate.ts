import { type Interval, type SpanDraw, SUMS_EACH } from './draws.ts'
import type { ChannelMissed, Missed, WindowDemand } from './views.ts'

/** What was missed over a span. */
export type SpanEstimate = {
  from: number
  to: number
  /** Liquidity over all peers: it ranks, it is not attainable (channels compete for one inflow). */
  node: Missed
  /** Liquidity by outgoing peer number. */
  peers: ReadonlyMap<number, Missed>
  /** By the serial of the channel asked for. */
  channels: ReadonlyMap<number, ChannelMissed>
  /** The demands behind it by the serial of the channel asked for, in time order. */
  demands: ReadonlyMap<number, readonly WindowDemand[]>
}

const NODE = 0
const NONE = -1
const DEMANDS_PER_SLICE = 10_000
const NOTHING: Missed = { expectedMsat: 0n, lowMsat: 0n, highMsat: 0n }

/**
 * The demands of one span, sorted into the sums that they count in: liquidity by channel, peer and
 * node, the other classes by channel.
 */
export class SpanSums {
  /** The place of its first demand among all. */
  readonly first: number
  readonly demands: WindowDemand[] = []
  readonly #kept: Float64Array
  readonly #sums: Int32Array
  readonly #expected: number[] = [0]
  readonly #peers = new Map<number, number>()
  readonly #liquidity = new Map<number, number>()
  readonly #others = new Map<number, number>()
  readonly #byChannel = new Map<number, WindowDemand[]>()

  constructor(first: number, size: number) {
    this.first = first
    this.#kept = new Float64Array(size)
    this.#sums = new Int32Array(size * SUMS_EACH).fill(NONE)
  }

  /** Adds the next demand; `kept` is what its failures and the neighbour's balance leave of its chance. */
  add(one: WindowDemand, kept: number): void {
    const { demand, expectedMsat } = one
    const place = this.demands.push(one) - 1
    this.#kept[place] = kept
    const own = this.#byChannel.get(demand.asked)
    if (own) own.push(one)
    else this.#byChannel.set(demand.asked, [one])
    const sums = demand.leftOut === undefined ? this.#placesOf(one) : []
    this.#sums.set(sums, place * SUMS_EACH)
    for (const sum of sums) this.#expected[sum] = (this.#expected[sum] ?? 0) + expectedMsat
  }

  /** What the draws need of the span. */
  get draw(): SpanDraw {
    return {
      first: this.first,
      kept: this.#kept,
      sums: this.#sums,
      size: this.#expected.length,
    }
  }

  /** Puts expectations and intervals together. Yields between slices. */
  *estimate(
    from: number,
    to: number,
    intervals: readonly Interval[],
  ): Generator<void, SpanEstimate> {
    const missed = (place: number | undefined): Missed =>
      place === undefined ? NOTHING : this.#missed(place, intervals[place])
    const channels = new Map<number, ChannelMissed>()
    let done = 0
    for (const [serial, demands] of this.#byChannel) {
      channels.set(serial, this.#channelMissed(serial, demands, missed))
      done += demands.length
      if (done < DEMANDS_PER_SLICE) continue
      done = 0
      yield
    }
    const peers = new Map([...this.#peers].map(([peer, place]) => [peer, missed(place)]))
    return { from, to, node: missed(NODE), peers, channels, demands: this.#byChannel }
  }

  #placesOf({ demand }: WindowDemand): number[] {
    if (!demand.isLiquidity) return [this.#place(this.#others, demand.asked)]
    const peer = this.#place(this.#peers, demand.peer)
    return [NODE, peer, this.#place(this.#liquidity, demand.asked)]
  }

  #place(places: Map<number, number>, key: number): number {
    const known = places.get(key)
    if (known !== undefined) return known
    places.set(key, this.#expected.push(0) - 1)
    return this.#expected.length - 1
  }

  #channelMissed(
    serial: number,
    demands: readonly WindowDemand[],
    missed: (place: number | undefined) => Missed,
  ): ChannelMissed {
    const counted = demands.filter(({ demand }) => demand.leftOut === undefined)
    const liquidityDemands = counted.filter(({ demand }) => demand.isLiquidity).length
    return {
      liquidity: missed(this.#liquidity.get(serial)),
      other: missed(this.#others.get(serial)),
      liquidityDemands,
      otherDemands: counted.length - liquidityDemands,
    }
  }

  #missed(place: number, { low, high }: Interval = { low: 0, high: 0 }): Missed {
    return {
      expectedMsat: whole(this.#expected[place] ?? 0),
      lowMsat: whole(low),
      highMsat: whole(high),
    }
  }
}

function whole(msat: number): bigint {
  return BigInt(Math.round(msat))
}
