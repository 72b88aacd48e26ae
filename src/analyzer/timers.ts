/** Sessions as the search for timers sees them, in columns. Float64 msat, epoch ms. */
export type Ticks = {
  size: number
  at: Float64Array
  amountMsat: Float64Array
  fromPeer: Uint32Array
  peer: Uint32Array
}
type Tick = { at: number; fromPeer: number; peer: number; amountMsat: number }

const LEAST_STEP_MS = 200_000
const MOST_STEP_MS = 5_400_000
const STEP_TOLERANCE = 0.12
const LEAST_TICKS = 3
const LN2 = Math.log(2)
const SAME = 0.01
const BUCKETS = Math.ceil(LN2 / SAME)
const TICKS_PER_SLICE = 2_000
// Peers are numbered below 2^21 (as channels are), buckets below 2^7: keys stay below 2^49.
const MAX_PEERS = 2 ** 21
const MAX_BUCKETS = 2 ** 7

type Chain = { ticks: number[]; stepMs: number; lastAt: number; amountMsat: number }

/**
 * Finds timers: rebalancers that try the same amount (or half, or double) between the same two peers
 * again and again at one step of some minutes to an hour and a half, sometimes leaving out a tick.
 * Goes through the ticks in the order of `order`, that of time. Returns the timers as lists of places,
 * of three ticks and more. Yields between slices.
 */
export function* findTimers(ticks: Ticks, order: Uint32Array): Generator<void, number[][]> {
  const chains = new Map<number, Chain[]>()
  const found: number[][] = []
  for (let i = 0; i < order.length; i++) {
    if (i % TICKS_PER_SLICE === TICKS_PER_SLICE - 1) yield
    const place = order[i] ?? 0
    const tick = {
      at: ticks.at[place] ?? 0,
      amountMsat: ticks.amountMsat[place] ?? 0,
      fromPeer: ticks.fromPeer[place] ?? 0,
      peer: ticks.peer[place] ?? 0,
    }
    if (tick.amountMsat <= 0) continue
    const chain = bestChain(chains, tick)
    if (chain) extend(chain, tick, place, found)
    else begin(chains, tick, place)
  }
  return found.filter((timer) => timer.length >= LEAST_TICKS)
}

function bestChain(chains: Map<number, Chain[]>, tick: Tick): Chain | undefined {
  let best: Chain | undefined
  const [pair, middle] = [pairOf(tick), bucketOf(tick)]
  for (let step = -1; step <= 1; step++) {
    const bucket = chains.get(pair + ((middle + step + BUCKETS) % BUCKETS))
    if (bucket === undefined) continue
    for (const chain of bucket) {
      if (!fits(chain, tick)) continue
      if (!best || chain.ticks.length > best.ticks.length) best = chain
    }
  }
  return best
}

function fits(chain: Chain, { at, amountMsat }: Tick): boolean {
  const gap = at - chain.lastAt
  if (gap < LEAST_STEP_MS || gap > MOST_STEP_MS) return false
  const ratio = Math.log(amountMsat / chain.amountMsat) / LN2
  const octaves = Math.round(ratio)
  if (Math.abs(octaves) > 1 || Math.abs(ratio - octaves) * LN2 > SAME) return false
  if (chain.ticks.length === 1) return true
  const steps = Math.round(gap / chain.stepMs)
  return steps >= 1 && Math.abs(gap - steps * chain.stepMs) <= STEP_TOLERANCE * chain.stepMs
}

function extend(chain: Chain, { at }: Tick, place: number, found: number[][]): void {
  if (chain.ticks.length === 1) chain.stepMs = at - chain.lastAt
  chain.ticks.push(place)
  chain.lastAt = at
  if (chain.ticks.length === LEAST_TICKS) found.push(chain.ticks)
}

function begin(chains: Map<number, Chain[]>, tick: Tick, place: number): void {
  const key = pairOf(tick) + bucketOf(tick)
  // A chain that no tick can join any more is let go of: a bucket holds what is 90 minutes old.
  const open = (chains.get(key) ?? []).filter(({ lastAt }) => tick.at - lastAt <= MOST_STEP_MS)
  open.push({ ticks: [place], stepMs: 0, lastAt: tick.at, amountMsat: tick.amountMsat })
  chains.set(key, open)
}

function pairOf({ fromPeer, peer }: Tick): number {
  return (fromPeer * MAX_PEERS + peer) * MAX_BUCKETS
}

// Amounts an octave apart share a bucket.
function bucketOf({ amountMsat }: Tick): number {
  return Math.floor(((Math.log2(amountMsat) % 1) * LN2) / SAME) % BUCKETS
}
