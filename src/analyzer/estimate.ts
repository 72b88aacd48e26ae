import type { Memory } from '../stats/memory.ts'
import type { Window } from '../stats/views.ts'
import { fitChances } from './chance-model.ts'
import { ALL_STEPS, type Cases, type DemandCase, readCases, type Steps } from './demand-cases.ts'
import { DemandChances, worthOf } from './demand-chances.ts'
import { drawIntervals } from './draws.ts'
import { type Inflow, inflowChances, type Source } from './inflow.ts'
import { type SpanEstimate, SpanSums } from './span-estimate.ts'

/** A span to estimate for: a window that ends now, or a whole recording. */
export type EstimateSpan = { name: Window | 'all'; from: number }

/** What was missed over some spans that end now, and what that rests on. */
export type Estimate = {
  /** Epoch ms. */
  at: number
  spans: ReadonlyMap<EstimateSpan['name'], SpanEstimate>
  /** Own demands of which the outcome is known. */
  trials: number
  /** How many rounds a rebalancer makes once it gets through. */
  timerRounds: number
}

// The longest window; what is remembered of before is of no use.
const EXPERIENCE_MS = 30 * 86_400_000
const DEMANDS_PER_SLICE = 5_000

/**
 * Estimates what was missed: sessions, served share, P(settles) by regression on own sessions,
 * searches and timers, inflow cap, and the interval by draws from the posterior (estimator.md §3).
 * A generator, to be run in slices of some milliseconds so that the event loop stays free; the same
 * memory gives the same result.
 */
export function* estimate(
  memory: Memory,
  spans: readonly EstimateSpan[],
  now: number,
  steps: Steps = ALL_STEPS,
): Generator<void, Estimate> {
  const earliest = Math.min(now - EXPERIENCE_MS, ...spans.map(({ from }) => from))
  const cases = yield* readCases(memory, earliest, now, steps)
  const posterior = yield* fitChances(cases.trials, cases.effects.size)
  yield
  const chances = new DemandChances(cases, posterior.mode)
  for (const [i, demand] of cases.demands.entries()) {
    if (i % DEMANDS_PER_SLICE === DEMANDS_PER_SLICE - 1) yield
    demand.chance = chances.chance(i, posterior.mode)
  }
  const all: SpanSums[] = []
  for (const { from } of spans) all.push(yield* sumsOf(memory, cases, chances.kept, from, steps))
  const worths = new Float64Array(cases.demands.length)
  for (const [i, one] of cases.demands.entries()) worths[i] = worthOf(one, cases.rounds)
  yield
  const intervals = yield* drawIntervals(
    { worths, fillLogits: (coefficients, logits) => chances.fillLogits(coefficients, logits) },
    all.map(({ draw }) => draw),
    posterior,
  )
  const result = new Map<EstimateSpan['name'], SpanEstimate>()
  for (const [s, { name, from }] of spans.entries()) {
    const sums = all[s]
    if (sums) result.set(name, yield* sums.estimate(from, now, intervals[s] ?? []))
  }
  yield* note(memory, all)
  return { at: now, spans: result, trials: cases.trials.size, timerRounds: cases.rounds }
}

/** Runs a generator to its end in one go, for those who have nothing else to do meanwhile. */
export function runToEnd<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

/** The demands of a span, each with P(its neighbour still had the amount). Yields between slices. */
function* sumsOf(
  memory: Memory,
  { demands, rounds }: Cases,
  kept: Float64Array,
  from: number,
  steps: Steps,
): Generator<void, SpanSums> {
  const found = demands.findIndex(({ at }) => at >= from)
  const first = found < 0 ? demands.length : found
  const within = demands.slice(first)
  const inflow = steps.inflow ? yield* inflowOf(memory, within, rounds) : undefined
  const sums = new SpanSums(first, within.length)
  for (const [i, demand] of within.entries()) {
    if (i % DEMANDS_PER_SLICE === DEMANDS_PER_SLICE - 1) yield
    const q = inflow?.[i] ?? 1
    const expectedMsat = worthOf(demand, rounds) * demand.chance * q
    sums.add({ demand, inflow: q, expectedMsat }, q * (kept[first + i] ?? 0))
  }
  addFolded(sums, memory, from)
  return sums
}

// Of channels that were evicted since nobody asks any more.
function addFolded(sums: SpanSums, { demands, book }: Memory, from: number): void {
  if (demands.log.folded.size === 0) return
  const peers = new Map([...book].map((own) => [own.serial, demands.peers.idOf(own)]))
  for (const one of demands.log.folded.since(from)) {
    const peer = peers.get(one.asked)
    if (peer !== undefined) sums.addFolded(one, peer)
  }
}

function* inflowOf(
  memory: Memory,
  demands: readonly DemandCase[],
  rounds: number,
): Generator<void, Float64Array> {
  const inflow = new Float64Array(demands.length).fill(1)
  const groups = yield* placesByPeer(demands)
  let done = 0
  for (const places of groups.values()) {
    const asked = places.map((i) => inflowAsked(memory, demands[i], rounds))
    for (const [k, q] of inflowChances(asked).entries()) inflow[places[k] ?? 0] = q
    done += places.length
    if (done < DEMANDS_PER_SLICE) continue
    done = 0
    yield
  }
  return inflow
}

/** Places of the demands that count, by outgoing peer and whether they are for balance. */
function* placesByPeer(demands: readonly DemandCase[]): Generator<void, Map<number, number[]>> {
  const groups = new Map<number, number[]>()
  for (const [i, { peer, isLiquidity, leftOut }] of demands.entries()) {
    if (i % DEMANDS_PER_SLICE === DEMANDS_PER_SLICE - 1) yield
    if (leftOut !== undefined) continue
    const key = 2 * peer + (isLiquidity ? 1 : 0)
    const group = groups.get(key)
    if (group) group.push(i)
    else groups.set(key, [i])
  }
  return groups
}

const NOTHING_ASKED: Inflow = {
  at: 0,
  amountMsat: 0,
  chance: 0,
  rounds: 1,
  isTimer: false,
  sources: [],
}

function inflowAsked(memory: Memory, demand: DemandCase | undefined, rounds: number): Inflow {
  if (!demand) return NOTHING_ASKED
  const isTimer = demand.kind === 'timer'
  return {
    at: demand.at,
    amountMsat: demand.wantedMsat,
    chance: demand.chance,
    rounds: isTimer ? rounds : 1,
    isTimer,
    sources: sourcesOf(memory, demand.fromPeer),
  }
}

function sourcesOf({ demands }: Memory, peer: number): Source[] {
  return demands.channelsOf(peer).map((own) => ({
    key: own.serial,
    receivableAt: (at) => own.balances.receivableAt(at),
  }))
}

// For the day totals that they may fold into: what the longest span made of them.
function* note(memory: Memory, all: readonly SpanSums[]): Generator<void, void> {
  const [longest] = all.toSorted((a, b) => a.first - b.first)
  for (const [i, { demand, inflow, expectedMsat }] of (longest?.demands ?? []).entries()) {
    if (i % DEMANDS_PER_SLICE === DEMANDS_PER_SLICE - 1) yield
    if (demand.id === undefined) continue
    const p = demand.chance * inflow
    const worth = p > 0 ? expectedMsat / p : 0
    memory.demands.log.note(demand.id, expectedMsat, worth ** 2 * p * (1 - p))
  }
}
