import { FLAGS } from '../stats/demand-columns.ts'
import type { FoldedDemand } from '../stats/folded-demands.ts'
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
}

// The longest window; what is remembered of before is of no use.
const EXPERIENCE_MS = 30 * 86_400_000
const DEMANDS_PER_SLICE = 2_000

/**
 * Estimates what was missed: sessions, served share, P(settles) by regression on own sessions,
 * searches and timers, inflow cap, and the interval by draws from the posterior
 * (docs/estimate-bench.md).
 * A generator, to be run in slices of some milliseconds so that the event loop stays free; the same
 * memory gives the same result.
 */
export function* estimate(
  memory: Memory,
  spans: readonly EstimateSpan[],
  now: number,
  steps: Steps = ALL_STEPS,
): Generator<void, Estimate> {
  const froms = spans.map(({ from }) => from)
  const experience = Math.min(now - EXPERIENCE_MS, ...froms)
  const folded = [...memory.demands.log.folded.since(experience)]
  const cases = yield* readCases(memory, [...froms, experience], now, steps)
  const posterior = yield* fitChances(cases.trials, cases.effects.size)
  yield
  const chances = yield* DemandChances.prepare(cases, posterior.mode)
  for (const [i, demand] of cases.demands.entries()) {
    if (i % DEMANDS_PER_SLICE === DEMANDS_PER_SLICE - 1) yield
    demand.chance = chances.chance(i, posterior.mode)
  }
  const all: SpanSums[] = []
  for (const [s, { from }] of spans.entries()) {
    const sums = yield* sumsOf(memory, cases, cases.spans[s] ?? [], chances.kept, steps)
    addFolded(sums, memory, folded, from)
    all.push(sums)
  }
  const worths = new Float64Array(cases.demands.length)
  for (const [i, one] of cases.demands.entries()) worths[i] = worthOf(one, cases.rounds)
  yield
  const intervals = yield* drawIntervals(
    { worths, fillLogits: (...filled) => chances.fillLogits(...filled) },
    all.map(({ draw }) => draw),
    posterior,
  )
  const result = new Map<EstimateSpan['name'], SpanEstimate>()
  for (const [s, { name, from }] of spans.entries()) {
    const sums = all[s]
    if (sums) result.set(name, yield* sums.estimate(from, now, intervals[s] ?? []))
  }
  yield* note(memory, all)
  return { at: now, spans: result, trials: cases.trials.size }
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
  places: readonly number[],
  kept: Float64Array,
  steps: Steps,
): Generator<void, SpanSums> {
  const within = places.flatMap((place) => demands[place] ?? [])
  yield
  const inflow = steps.inflow ? yield* inflowOf(memory, within, rounds) : undefined
  const sums = new SpanSums(demands.length)
  for (const [i, demand] of within.entries()) {
    if (i % DEMANDS_PER_SLICE === DEMANDS_PER_SLICE - 1) yield
    const place = places[i] ?? 0
    const q = inflow?.[i] ?? 1
    const expectedMsat = worthOf(demand, rounds) * demand.chance * q
    sums.add({ demand, inflow: q, expectedMsat }, place, q * (kept[place] ?? 0))
  }
  return sums
}

// Days that lie whole within the span, of channels that are still known: nobody asks for others.
function addFolded(
  sums: SpanSums,
  { demands, book }: Memory,
  folded: readonly FoldedDemand[],
  from: number,
): void {
  if (folded.length === 0) return
  const peers = new Map([...book].map((own) => [own.serial, demands.peers.idOf(own)]))
  for (const one of folded) {
    const peer = peers.get(one.asked)
    if (peer !== undefined && one.day >= from) sums.addFolded(one, peer)
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

// For the day totals that they may fold into: what the longest span made of them. What a change of
// our own explains is marked for good: changes are remembered for a shorter time than demands.
function* note(memory: Memory, all: readonly SpanSums[]): Generator<void, void> {
  const [longest] = all.toSorted((a, b) => b.demands.length - a.demands.length)
  for (const [i, { demand, inflow, expectedMsat }] of (longest?.demands ?? []).entries()) {
    if (i % DEMANDS_PER_SLICE === DEMANDS_PER_SLICE - 1) yield
    if (demand.id === undefined) continue
    if (demand.leftOut === 'policy-change')
      memory.demands.log.setFlag(demand.id, FLAGS.excused, true)
    const p = demand.chance * inflow
    const worth = p > 0 ? expectedMsat / p : 0
    memory.demands.log.note(demand.id, expectedMsat, worth ** 2 * p * (1 - p))
  }
}
