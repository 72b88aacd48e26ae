import type { Memory } from '../stats/memory.ts'
import type { Window } from '../stats/views.ts'
import { fitChances } from './chance-model.ts'
import { ALL_STEPS, type Cases, type DemandCase, readCases, type Steps } from './demand-cases.ts'
import { prepareChances, worthOf } from './demand-chances.ts'
import { drawIntervals } from './draws.ts'
import { groupBy } from './group-by.ts'
import { type Inflow, inflowChances, type Source } from './inflow.ts'
import {
  type SpanEstimate,
  type SpanPart,
  spanDraw,
  spanEstimate,
  spanPart,
} from './span-estimate.ts'
import type { EstimatedDemand, WindowDemand } from './views.ts'

/** A span to estimate for: a window that ends now, or a whole recording. */
export type EstimateSpan = { name: Window | 'all'; from: number }

/** What was missed over some spans that end now, and what that rests on. */
export type Estimate = {
  /** Epoch ms. */
  at: number
  spans: ReadonlyMap<EstimateSpan['name'], SpanEstimate>
  /** Own demands of which the outcome is known, and how many of them settled. */
  trials: number
  settledTrials: number
  /** How many rounds a rebalancer makes once it gets through. */
  timerRounds: number
}

// The longest window; what is remembered of before is of no use.
const EXPERIENCE_MS = 30 * 86_400_000

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
  const posterior = yield* fitChances(cases.trials, cases.peers.size)
  const fillChances = prepareChances(cases, posterior.mode)
  const chances = new Float64Array(cases.demands.length)
  fillChances(posterior.mode, chances)
  const demands = cases.demands.map((one, i) => ({ ...one, chance: chances[i] ?? 0 }))
  yield
  const parts: SpanPart[] = []
  for (const { from } of spans) parts.push(yield* partOf(memory, cases, demands, from, steps))
  const values = Float64Array.from(cases.demands, (one) => worthOf(one, cases.rounds))
  const intervals = yield* drawIntervals({ values, fillChances }, parts.map(spanDraw), posterior)
  note(memory, parts)
  return {
    at: now,
    spans: new Map(
      spans.flatMap(({ name, from }, s) => {
        const part = parts[s]
        return part ? [[name, spanEstimate({ from, to: now }, part, intervals[s] ?? [])]] : []
      }),
    ),
    trials: cases.trials.length,
    settledTrials: cases.trials.reduce((sum, { settled }) => sum + settled, 0),
    timerRounds: cases.rounds,
  }
}

/** Runs a generator to its end in one go, for those who have nothing else to do meanwhile. */
export function runToEnd<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

type Estimated = DemandCase & EstimatedDemand

/** The demands of a span, each with P(its neighbour still had the amount). */
function* partOf(
  memory: Memory,
  cases: Cases,
  demands: readonly Estimated[],
  from: number,
  steps: Steps,
): Generator<void, SpanPart> {
  const first = demands.findIndex(({ at }) => at >= from)
  const within = first < 0 ? [] : demands.slice(first)
  const inflow = new Float64Array(within.length).fill(1)
  if (steps.inflow) {
    const counted = [...within.keys()].filter((i) => within[i]?.leftOut === undefined)
    const groups = groupBy(counted, (i) => `${within[i]?.peer} ${within[i]?.isLiquidity}`)
    for (const places of groups.values()) {
      const asked = places.flatMap((i) => inflowOf(memory, cases, within[i]))
      const found = inflowChances(asked)
      for (const [k, place] of places.entries()) inflow[place] = found[k] ?? 1
      yield
    }
  }
  const all = within.map((demand, i): WindowDemand => {
    const q = inflow[i] ?? 1
    return { demand, inflow: q, expectedMsat: worthOf(demand, cases.rounds) * demand.chance * q }
  })
  return spanPart(first < 0 ? demands.length : first, all)
}

function inflowOf(memory: Memory, cases: Cases, demand: Estimated | undefined): Inflow[] {
  if (!demand) return []
  const isTimer = demand.kind === 'timer'
  return [
    {
      at: demand.at,
      amountMsat: demand.wantedMsat,
      chance: demand.chance,
      rounds: isTimer ? cases.rounds : 1,
      isTimer,
      sources: sourcesOf(memory, demand.fromPeer),
    },
  ]
}

function sourcesOf({ demands }: Memory, peer: number): Source[] {
  return demands.channelsOf(peer).map((own) => ({
    key: own.serial,
    receivableAt: (at) => own.balances.receivableAt(at),
  }))
}

// For the day totals that they may fold into: what the longest span made of them.
function note(memory: Memory, parts: readonly SpanPart[]): void {
  const [longest] = parts.toSorted((a, b) => a.first - b.first)
  for (const { demand, inflow, expectedMsat } of longest?.demands ?? []) {
    if (demand.id === undefined) continue
    const p = demand.chance * inflow
    const value = p > 0 ? expectedMsat / p : 0
    memory.demands.log.note(demand.id, expectedMsat, value ** 2 * p * (1 - p))
  }
}
