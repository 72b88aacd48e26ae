import { failureClass, isOfOtherPolicy } from '../lightning/failure.ts'
import { type DemandRow, FLAGS, unserved } from '../stats/demand-columns.ts'
import type { Memory } from '../stats/memory.ts'
import type { PolicyChange } from '../stats/own-channel.ts'
import { Trials } from './chance-trials.ts'
import { type Numbered, SessionTable } from './session-table.ts'
import { findTimers } from './timers.ts'
import type { EstimatedDemand } from './views.ts'

/** A refused demand and what its chance is read off by; the chance is 0 until it is known. */
export type DemandCase = EstimatedDemand & {
  isSearch: boolean
  /** Place of the outgoing peer's effect. */
  effect: number
  /** Forwards of it that failed downstream in the usual time. */
  failed: number
  /** Refused ticks of a timer; 1 for any other demand. */
  ticks: number
}

/** All that own experience tells, and all that was refused. */
export type Cases = {
  trials: Trials
  /** Every refused demand by itself in time order, then the timers of each span. */
  demands: DemandCase[]
  /** For each span, the places of its demands in time order: those by themselves and its timers. */
  spans: number[][]
  /** Places of outgoing peers' effects by peer number. */
  effects: Map<number, number>
  /** Mean rounds of the timers that got through. */
  rounds: number
  /** Of each timer's forwarded ticks: after how many failures it was, whether it settled, and its trial. */
  timerTries: { before: number; settled: boolean; trial: number }[]
}

/** The steps of the method, so that a bench may leave one out. */
export type Steps = {
  served: boolean
  timers: boolean
  searches: boolean
  inflow: boolean
  peerEffects: boolean
  downstream: boolean
}
export const ALL_STEPS: Steps = {
  served: true,
  timers: true,
  searches: true,
  inflow: true,
  peerEffects: true,
  downstream: true,
}

const HALF_LIFE_MS = 21 * 86_400_000
const HOUR = 3_600_000
const ROUNDS_WEIGHT = 5
const SESSIONS_PER_SLICE = 2_000

/**
 * Reads the remembered sessions since the first of some times into trials and refused demands, and
 * for each of these times the demands since then, timers put together. Yields between slices.
 */
export function* readCases(
  memory: Memory,
  froms: readonly number[],
  now: number,
  steps: Steps,
): Generator<void, Cases> {
  const table = yield* SessionTable.read(memory, Math.min(...froms))
  const timers = steps.timers ? yield* findTimers(table, table.order) : []
  const reader = new CaseReader(memory, table, now, steps, roundsOf(timers, table))
  for (const timer of timers) reader.learnTimer(timer)
  const timed = new Set(timers.flat())
  for (let i = 0; i < table.size; i++) {
    if (i % SESSIONS_PER_SLICE === SESSIONS_PER_SLICE - 1) yield
    const place = table.order[i] ?? 0
    reader.addSession(place, timed.has(place))
  }
  for (const from of froms) {
    const since = table.order.subarray(table.firstSince(from), table.size)
    const isAll = since.length === table.size
    const own = isAll || !steps.timers ? timers : yield* findTimers(table, since)
    reader.addSpan(from, own)
    yield
  }
  return reader.cases
}

class CaseReader {
  readonly cases: Cases
  readonly #table: SessionTable
  readonly #now: number
  readonly #steps: Steps
  readonly #changes: ReadonlyMap<number, readonly PolicyChange[]>
  /** Places of the refused demands of a session. */
  readonly #demandsOf = new Map<number, number[]>()

  constructor(memory: Memory, table: SessionTable, now: number, steps: Steps, rounds: number) {
    this.#table = table
    this.#now = now
    this.#steps = steps
    this.#changes = new Map([...memory.book].map((own) => [own.serial, own.policyChanges]))
    this.cases = {
      trials: new Trials(),
      demands: [],
      spans: [],
      effects: new Map(),
      rounds,
      timerTries: [],
    }
  }

  /** A timer is one trial, its first forwarded tick; all its forwarded ticks tell how patient to be. */
  learnTimer(places: readonly number[]): void {
    const forwarded = places.filter((place) => this.#table.hasFlag(place, FLAGS.trial))
    const [first] = forwarded
    if (first === undefined) return
    const trial = this.#addTrial(first)
    let before = 0
    for (const place of forwarded) {
      const settled = hasSettled(this.#table, place)
      this.cases.timerTries.push({ before, settled, trial })
      if (!settled) before++
    }
  }

  addSession(place: number, isTimed: boolean): void {
    const table = this.#table
    if (!isTimed && table.hasFlag(place, FLAGS.trial)) this.#addTrial(place)
    for (const one of table.refusedOf(place)) {
      if ((one.row.flags & FLAGS.money) === 0) continue
      const demand = this.#caseOf(one)
      const known = this.#demandsOf.get(place) ?? []
      known.push(this.cases.demands.push(demand) - 1)
      this.#demandsOf.set(place, known)
    }
  }

  /** The demands since a time: of each timer that never got through one loss, of the rest all. */
  addSpan(from: number, timers: readonly (readonly number[])[]): void {
    const { demands, spans } = this.cases
    const rows = demands.length
    const merged = new Set(timers.flat().flatMap((place) => this.#demandsOf.get(place) ?? []))
    const losses = timers.flatMap((timer) => this.#lossesOf(timer))
    losses.sort((a, b) => (demands[a]?.at ?? 0) - (demands[b]?.at ?? 0))
    const places: number[] = []
    const end = this.#ownDemands(rows)
    for (let i = this.#firstSince(from); i < end; i++) {
      const at = demands[i]?.at ?? 0
      while (losses.length > 0 && (demands[losses[0] ?? 0]?.at ?? 0) <= at) {
        places.push(losses.shift() ?? 0)
      }
      if (!merged.has(i)) places.push(i)
    }
    spans.push([...places, ...losses])
  }

  /** How many demands stand by themselves: those of timers come after them. */
  #ownDemands(all: number): number {
    let count = all
    while (count > 0 && this.cases.demands[count - 1]?.kind === 'timer') count--
    return count
  }

  #firstSince(from: number): number {
    const found = this.cases.demands.findIndex(({ at, kind }) => kind !== 'timer' && at >= from)
    return found < 0 ? this.cases.demands.length : found
  }

  // All its refused ticks together are one loss for each figure; none if it got through.
  #lossesOf(places: readonly number[]): number[] {
    const table = this.#table
    if (places.some((place) => hasSettled(table, place))) return []
    const forwarded = places.filter((place) => table.hasFlag(place, FLAGS.trial)).length
    const ticks = places
      .flatMap((place) => this.#demandsOf.get(place) ?? [])
      .flatMap((place) => this.cases.demands[place] ?? [])
    return [true, false].flatMap((isLiquidity) => {
      const own = ticks.filter((tick) => tick.isLiquidity === isLiquidity)
      const [best] = own.toSorted((a, b) => b.feeMsat - a.feeMsat)
      if (!best) return []
      return [this.cases.demands.push(this.#lossOf(best, own, forwarded)) - 1]
    })
  }

  #lossOf(best: DemandCase, ticks: readonly DemandCase[], forwarded: number): DemandCase {
    const sum = (of: (tick: DemandCase) => number) => ticks.reduce((all, tick) => all + of(tick), 0)
    return {
      ...best,
      kind: 'timer',
      attempts: sum(({ attempts }) => attempts),
      offeredMsat: sum(({ offeredMsat }) => offeredMsat),
      lastAt: Math.max(...ticks.map(({ lastAt }) => lastAt)),
      failed: this.#steps.downstream ? forwarded : 0,
      ticks: ticks.length,
      leftOut: ticks.find(({ leftOut }) => leftOut !== undefined)?.leftOut,
    }
  }

  #addTrial(place: number): number {
    const { at, amountMsat, settledShare, peer } = this.#table
    const age = Math.max(0, this.#now - (at[place] ?? 0))
    return this.cases.trials.add({
      amountMsat: amountMsat[place] ?? 0,
      isSearch: this.#steps.searches && this.#table.hasFlag(place, FLAGS.search),
      peer: this.#effectOf(peer[place] ?? 0),
      settled: Math.min(1, settledShare[place] ?? 0),
      weight: 2 ** (-age / HALF_LIFE_MS),
    })
  }

  #caseOf({ row, number }: Numbered): DemandCase {
    const { at, lastAt, peer, fromPeer, asked, from, failureCode, attempts, flags } = row
    const isSearch = this.#steps.searches && (flags & FLAGS.search) !== 0
    const whole = { wantedMsat: row.sizeMsat, feeMsat: row.feeMsat }
    const { wantedMsat, feeMsat } = this.#steps.served ? unserved(row) : whole
    return {
      id: number,
      kind: isSearch ? 'search' : 'payment',
      ticks: 1,
      at,
      lastAt,
      peer,
      fromPeer,
      asked,
      from,
      failureCode,
      attempts,
      isLiquidity: (flags & FLAGS.liquidity) !== 0,
      amountMsat: row.wholeMsat,
      wantedMsat,
      feeMsat,
      askedMsat: row.sizeMsat,
      askedFeeMsat: row.feeMsat,
      offeredMsat: row.offeredMsat,
      servedShare: Math.min(1, row.settledShare),
      chance: 0,
      isSearch,
      effect: this.#effectOf(peer),
      failed: this.#steps.downstream ? row.failed : 0,
      leftOut: this.#leftOut(row),
    }
  }

  #leftOut(row: DemandRow): EstimatedDemand['leftOut'] {
    if ((row.flags & FLAGS.ignored) !== 0) return 'ignored'
    if ((row.flags & FLAGS.excused) !== 0) return 'policy-change'
    if (!isOfOtherPolicy(failureClass(row.failureCode))) return undefined
    const isAfterChange = (this.#changes.get(row.asked) ?? []).some(
      ({ at }) => row.lastAt >= at && row.at <= at + HOUR,
    )
    return isAfterChange ? 'policy-change' : undefined
  }

  #effectOf(peer: number): number {
    const { effects } = this.cases
    const key = this.#steps.peerEffects ? peer : 0
    const known = effects.get(key)
    if (known !== undefined) return known
    effects.set(key, effects.size)
    return effects.size - 1
  }
}

function hasSettled({ settledShare }: SessionTable, place: number): boolean {
  return (settledShare[place] ?? 0) > 0
}

// A rebalancer that got through makes more rounds than one; how many, own timers tell.
function roundsOf(timers: readonly (readonly number[])[], table: SessionTable): number {
  let settledTicks = 0
  let settledTimers = 0
  for (const timer of timers) {
    const settled = timer.filter((place) => hasSettled(table, place)).length
    settledTicks += settled
    if (settled > 0) settledTimers++
  }
  return (settledTicks + ROUNDS_WEIGHT) / (settledTimers + ROUNDS_WEIGHT)
}
