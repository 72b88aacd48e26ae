import { failureClass, isOfOtherPolicy } from '../lightning/failure.ts'
import { type DemandRow, FLAGS, unserved } from '../stats/demand-columns.ts'
import type { Memory } from '../stats/memory.ts'
import type { PolicyChange } from '../stats/policy-changes.ts'
import { Trials } from './chance-model.ts'
import { type Numbered, SessionTable } from './session-table.ts'
import { findTimers } from './timers.ts'
import type { EstimatedDemand } from './views.ts'

/** A refused demand and what its chance is read off by; the chance is 0 until it is known. */
export type DemandCase = EstimatedDemand & {
  /** The amount of its session's first member. */
  wholeMsat: number
  isSearch: boolean
  /** Place of the outgoing peer's effect. */
  effect: number
  /** Forwards of it that failed downstream in the usual time. */
  failed: number
  /** Refused ticks of a timer; 1 for any other demand. */
  ticks: number
}

/** All that own experience tells, and all that was refused, in time order. */
export type Cases = {
  trials: Trials
  demands: DemandCase[]
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
const SESSIONS_PER_SLICE = 5_000

/**
 * Reads the remembered sessions since a time into trials and refused demands, timers put together.
 * Yields between slices.
 */
export function* readCases(
  memory: Memory,
  from: number,
  now: number,
  steps: Steps,
): Generator<void, Cases> {
  const table = yield* SessionTable.read(memory, from)
  const timers = steps.timers ? yield* findTimers(table, table.order) : []
  const reader = new CaseReader(memory, table, now, steps, roundsOf(timers, table))
  const timed = new Set(timers.flat())
  for (const timer of timers) reader.addTimer(timer)
  reader.sortTimers()
  for (let i = 0; i < table.size; i++) {
    if (i % SESSIONS_PER_SLICE === SESSIONS_PER_SLICE - 1) yield
    const place = table.order[i] ?? 0
    if (!timed.has(place)) reader.addSession(place)
  }
  return reader.finish()
}

class CaseReader {
  readonly cases: Cases
  readonly #table: SessionTable
  readonly #now: number
  readonly #steps: Steps
  // The losses of timers that are not among the demands yet, the earliest last.
  readonly #timers: DemandCase[] = []
  readonly #changes: ReadonlyMap<number, readonly PolicyChange[]>

  constructor(memory: Memory, table: SessionTable, now: number, steps: Steps, rounds: number) {
    this.#table = table
    this.#now = now
    this.#steps = steps
    this.#changes = new Map([...memory.book].map((own) => [own.serial, own.policyChanges]))
    const trials = new Trials()
    this.cases = { trials, demands: [], effects: new Map(), rounds, timerTries: [] }
  }

  /** After all timers were added, and before the sessions, which come in time order. */
  sortTimers(): void {
    this.#timers.sort((a, b) => b.at - a.at)
  }

  /** After all sessions were added. */
  finish(): Cases {
    this.#untilThen(Number.POSITIVE_INFINITY)
    return this.cases
  }

  addSession(place: number): void {
    const table = this.#table
    if (table.hasFlag(place, FLAGS.trial)) this.#addTrial(place)
    for (const one of table.refusedOf(place)) {
      if (!isMoney(one.row)) continue
      const base = this.#caseOf(one)
      this.#untilThen(base.at)
      this.cases.demands.push({ ...base, kind: base.isSearch ? 'search' : 'payment', ticks: 1 })
    }
  }

  #untilThen(at: number): void {
    for (let next = this.#timers.at(-1); next && next.at <= at; next = this.#timers.at(-1)) {
      this.cases.demands.push(next)
      this.#timers.pop()
    }
  }

  // One trial, its first forwarded tick; one loss for all its refused ticks, none if it got through.
  addTimer(places: readonly number[]): void {
    const table = this.#table
    const forwarded = places.filter((place) => table.hasFlag(place, FLAGS.trial))
    const [first] = forwarded
    if (first !== undefined) {
      const trial = this.#addTrial(first)
      for (const [before, place] of forwarded.entries()) {
        this.cases.timerTries.push({ before, settled: hasSettled(table, place), trial })
      }
    }
    if (places.some((place) => hasSettled(table, place))) return
    const refused = places
      .flatMap((place) => table.refusedOf(place))
      .filter(({ row }) => isMoney(row))
    for (const isLiquidity of [true, false]) {
      this.#addLoss(
        refused.filter(({ row }) => ((row.flags & FLAGS.liquidity) !== 0) === isLiquidity),
        forwarded.length,
      )
    }
  }

  #addLoss(refused: readonly Numbered[], failed: number): void {
    const [best] = refused.toSorted((a, b) => b.row.feeMsat - a.row.feeMsat)
    if (!best) return
    this.#timers.push({
      ...this.#caseOf(best),
      kind: 'timer',
      attempts: refused.reduce((sum, { row }) => sum + row.attempts, 0),
      offeredMsat: refused.reduce((sum, { row }) => sum + row.offeredMsat, 0),
      lastAt: Math.max(...refused.map(({ row }) => row.lastAt)),
      failed: this.#steps.downstream ? failed : 0,
      ticks: refused.length,
    })
  }

  #addTrial(place: number): number {
    const { at, amountMsat, settledShare, peer } = this.#table
    return this.cases.trials.add({
      amountMsat: amountMsat[place] ?? 0,
      isSearch: this.#steps.searches && this.#table.hasFlag(place, FLAGS.search),
      peer: this.#effectOf(peer[place] ?? 0),
      settled: Math.min(1, settledShare[place] ?? 0),
      weight: 2 ** (-(this.#now - (at[place] ?? 0)) / HALF_LIFE_MS),
    })
  }

  #caseOf({ row, number }: Numbered): Omit<DemandCase, 'kind' | 'ticks'> {
    const { at, lastAt, peer, fromPeer, asked, from, failureCode, attempts, flags } = row
    return {
      id: number,
      at,
      lastAt,
      peer,
      fromPeer,
      asked,
      from,
      failureCode,
      attempts,
      isLiquidity: (flags & FLAGS.liquidity) !== 0,
      wholeMsat: row.wholeMsat,
      ...(this.#steps.served ? unserved(row) : { wantedMsat: row.sizeMsat, feeMsat: row.feeMsat }),
      askedMsat: row.sizeMsat,
      askedFeeMsat: row.feeMsat,
      offeredMsat: row.offeredMsat,
      servedShare: Math.min(1, row.settledShare),
      chance: 0,
      isSearch: this.#steps.searches && (flags & FLAGS.search) !== 0,
      effect: this.#effectOf(peer),
      failed: this.#steps.downstream ? row.failed : 0,
      leftOut: this.#leftOut(row),
    }
  }

  #leftOut(row: DemandRow): EstimatedDemand['leftOut'] {
    if ((row.flags & FLAGS.ignored) !== 0) return 'ignored'
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

function isMoney(row: DemandRow): boolean {
  return (row.flags & FLAGS.money) !== 0
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
