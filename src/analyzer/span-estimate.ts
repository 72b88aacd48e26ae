import type { FoldedDemand } from '../stats/folded-demands.ts'
import { type Interval, type SpanDraw, SUMS_EACH } from './draws.ts'
import { NOTHING } from './gain.ts'
import type { ChannelMissed, EstimatedDemand, Missed, WindowDemand } from './views.ts'

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
  /** The same without demands of which only the day's total is left: what the demands below make up. */
  remembered: ReadonlyMap<number, ChannelMissed>
  /** The demands behind it by the serial of the channel asked for, in time order. */
  demands: ReadonlyMap<number, readonly WindowDemand[]>
}

type Folded = { expected: number; variance: number }
type Addressed = Pick<EstimatedDemand, 'asked' | 'peer' | 'isLiquidity'>

// The 90 % quantile of a normal number.
const ARM = 1.2816
const NO_FOLDED: Folded = { expected: 0, variance: 0 }
const NODE = 0
const NONE = -1
const DEMANDS_PER_SLICE = 2_000

/**
 * The demands of one span, sorted into the sums that they count in: liquidity by channel, peer and
 * node, the other classes by channel.
 */
export class SpanSums {
  readonly demands: WindowDemand[] = []
  readonly #kept: Float64Array
  readonly #sums: Int32Array
  readonly #expected: number[] = [0]
  /** Of folded demands: what they add to each sum, and its variance. */
  readonly #folded = new Map<number, Folded>()
  readonly #peers = new Map<number, number>()
  readonly #liquidity = new Map<number, number>()
  readonly #others = new Map<number, number>()
  readonly #byChannel = new Map<number, WindowDemand[]>()

  /** `size` is how many demands there are in all. */
  constructor(size: number) {
    this.#kept = new Float64Array(size)
    this.#sums = new Int32Array(size * SUMS_EACH).fill(NONE)
  }

  /**
   * Adds the next demand, by its place among all; `kept` is what its failures and the neighbour's
   * balance leave of its chance.
   */
  add(one: WindowDemand, place: number, kept: number): void {
    const { demand, expectedMsat } = one
    this.demands.push(one)
    this.#kept[place] = kept
    const own = this.#byChannel.get(demand.asked)
    if (own) own.push(one)
    else this.#byChannel.set(demand.asked, [one])
    const sums = demand.leftOut === undefined ? this.#placesOf(demand) : []
    this.#sums.set(sums, place * SUMS_EACH)
    for (const sum of sums) this.#expected[sum] = (this.#expected[sum] ?? 0) + expectedMsat
  }

  /** Adds demands of which only the day's total is remembered; `peer` is the peer asked for. */
  addFolded(one: FoldedDemand, peer: number): void {
    const { asked, isLiquidity, expectedMsat, variance } = one
    if (!this.#byChannel.has(asked)) this.#byChannel.set(asked, [])
    for (const sum of this.#placesOf({ asked, peer, isLiquidity })) {
      const before = this.#folded.get(sum) ?? { expected: 0, variance: 0 }
      this.#folded.set(sum, {
        expected: before.expected + expectedMsat,
        variance: before.variance + variance,
      })
    }
  }

  /** What the draws need of the span. */
  get draw(): SpanDraw {
    const first = this.#kept.findIndex((kept) => kept > 0)
    return {
      first: first < 0 ? this.#kept.length : first,
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
    const missedOf = (withFolded: boolean) => (place: number | undefined) =>
      place === undefined ? NOTHING : this.#missed(place, intervals[place], withFolded)
    const [missed, remembered] = [missedOf(true), missedOf(false)]
    const channels = new Map<number, ChannelMissed>()
    const own = new Map<number, ChannelMissed>()
    let done = 0
    for (const [serial, demands] of this.#byChannel) {
      channels.set(serial, this.#channelMissed(serial, demands, missed))
      own.set(serial, this.#channelMissed(serial, demands, remembered))
      done += demands.length
      if (done < DEMANDS_PER_SLICE) continue
      done = 0
      yield
    }
    const peers = new Map([...this.#peers].map(([peer, place]) => [peer, missed(place)]))
    const node = missed(NODE)
    return { from, to, node, peers, channels, remembered: own, demands: this.#byChannel }
  }

  #placesOf({ asked, peer, isLiquidity }: Addressed): number[] {
    if (!isLiquidity) return [this.#place(this.#others, asked)]
    return [NODE, this.#place(this.#peers, peer), this.#place(this.#liquidity, asked)]
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

  #missed(
    place: number,
    { low, high }: Interval = { low: 0, high: 0 },
    withFolded: boolean,
  ): Missed {
    const own = this.#expected[place] ?? 0
    const folded = (withFolded && this.#folded.get(place)) || NO_FOLDED
    // Independent of the draws: the arms of the interval add up by their squares.
    const arm = (length: number) =>
      Math.sign(length) * Math.sqrt(length ** 2 + ARM ** 2 * folded.variance)
    const expected = own + folded.expected
    const isFolded = folded.expected > 0
    const from = isFolded ? Math.max(0, expected - arm(own - low)) : low
    const to = isFolded ? expected + Math.abs(arm(high - own)) : high
    // Of a sum of small chances more than nine draws in ten may be nothing: the expectation, a mean,
    // would lie above them all.
    return {
      expectedMsat: whole(expected),
      lowMsat: whole(Math.min(from, expected)),
      highMsat: whole(Math.max(to, expected)),
    }
  }
}

function whole(msat: number): bigint {
  return BigInt(Math.round(msat))
}
