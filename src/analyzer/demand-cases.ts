import { failureClass } from '../lightning/failure.ts'
import { Columns, type DemandRow, FLAGS, NO_REFUSAL, rowsOf } from '../stats/demand-columns.ts'
import type { Memory } from '../stats/memory.ts'
import type { PolicyChange } from '../stats/policy-changes.ts'
import type { Trial } from './chance-model.ts'
import { findTimers } from './timers.ts'
import type { EstimatedDemand } from './views.ts'

/** A refused demand before its chance is known. */
export type DemandCase = Omit<EstimatedDemand, 'chance'> & {
  /** Of the session: what its chance is read off by. */
  wholeMsat: number
  isSearch: boolean
  /** Forwards of it that failed downstream in the usual time. */
  failed: number
  /** Refused ticks of a timer; 1 for any other demand. */
  ticks: number
}

/** All that own experience tells, and all that was refused, in time order. */
export type Cases = {
  trials: Trial[]
  demands: DemandCase[]
  /** Places of outgoing peers' effects by peer number. */
  peers: Map<number, number>
  /** Mean rounds of the timers that got through. */
  rounds: number
  /** Of each timer's forwarded ticks: after how many failures it was, and whether it settled. */
  timerTries: { before: number; settled: boolean; trial: number }[]
}

/** The steps of the method, so that a bench may leave one out. */
export type Steps = {
  timers: boolean
  searches: boolean
  inflow: boolean
  peerEffects: boolean
  downstream: boolean
}
export const ALL_STEPS: Steps = {
  timers: true,
  searches: true,
  inflow: true,
  peerEffects: true,
  downstream: true,
}

type Lead = { row: DemandRow; number: number | undefined; rows: Numbered[] }
type Numbered = { row: DemandRow; number: number | undefined }

const HALF_LIFE_MS = 21 * 86_400_000
const HOUR = 3_600_000
const ROUNDS_WEIGHT = 5
const ROWS_PER_SLICE = 4_000
const POLICY_CLASSES: ReadonlySet<string> = new Set([
  'FEE_INSUFFICIENT',
  'AMOUNT_BELOW_MINIMUM',
  'INCORRECT_CLTV_EXPIRY',
])

/** Reads the remembered sessions since a time into trials and refused demands. Yields between slices. */
export function* readCases(
  memory: Memory,
  from: number,
  now: number,
  steps: Steps,
): Generator<void, Cases> {
  const leads = yield* readLeads(memory, from)
  const ticks = leads.map(({ row }) => ({
    at: row.at,
    fromPeer: row.fromPeer,
    peer: row.peer,
    amountMsat: row.wholeMsat,
  }))
  const timers = steps.timers ? yield* findTimers(ticks) : []
  const cases: Cases = {
    trials: [],
    demands: [],
    peers: new Map(),
    rounds: roundsOf(timers, leads),
    timerTries: [],
  }
  const changes = policyChanges(memory)
  const timed = new Set<number>()
  for (const timer of timers) {
    for (const place of timer) timed.add(place)
    addTimer(
      cases,
      timer.flatMap((place) => leads[place] ?? []),
      now,
      changes,
      steps,
    )
  }
  for (const [place, lead] of leads.entries()) {
    if (place % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) yield
    if (!timed.has(place)) addSession(cases, lead, now, changes, steps)
  }
  cases.demands.sort((a, b) => a.at - b.at || (a.id ?? 0) - (b.id ?? 0))
  return cases
}

function* readLeads(memory: Memory, from: number): Generator<void, Lead[]> {
  const { log, sessions } = memory.demands
  const leads: Lead[] = []
  const add = (row: DemandRow, number: number | undefined): void => {
    if ((row.flags & FLAGS.lead) !== 0) leads.push({ row, number, rows: [] })
    leads.at(-1)?.rows.push({ row, number })
  }
  let read = 0
  for (const { columns, base, from: first, to } of log.chunks()) {
    for (let i = first; i < to; i++) {
      if ((columns.cells.lastAt[i] ?? 0) >= from) add(columns.read(i), base + i)
    }
    read += Columns.ROWS
    if (read % ROWS_PER_SLICE < Columns.ROWS) yield
  }
  for (const session of sessions) for (const row of rowsOf(session)) add(row, undefined)
  yield
  return leads.sort((a, b) => a.row.at - b.row.at)
}

function addSession(
  cases: Cases,
  { row, rows }: Lead,
  now: number,
  changes: ReadonlyMap<number, readonly PolicyChange[]>,
  steps: Steps,
): void {
  if ((row.flags & FLAGS.trial) !== 0) cases.trials.push(trialOf(cases, row, now, steps))
  for (const one of rows) {
    if (!isMoney(one.row)) continue
    cases.demands.push({
      ...baseCase(cases, one, changes, steps),
      kind: isSearch(one.row, steps) ? 'search' : 'payment',
      ticks: 1,
    })
  }
}

// One trial, its first forwarded tick; one loss for all its refused ticks, none if it got through.
function addTimer(
  cases: Cases,
  leads: readonly Lead[],
  now: number,
  changes: ReadonlyMap<number, readonly PolicyChange[]>,
  steps: Steps,
): void {
  const forwarded = leads.filter(({ row }) => (row.flags & FLAGS.trial) !== 0)
  const first = forwarded[0]
  if (first) {
    const trial = cases.trials.push(trialOf(cases, first.row, now, steps)) - 1
    for (const [before, { row }] of forwarded.entries()) {
      cases.timerTries.push({ before, settled: row.settledShare > 0, trial })
    }
  }
  if (leads.some(({ row }) => row.settledShare > 0)) return
  for (const isLiquidity of [true, false]) {
    const refused = leads
      .flatMap(({ rows }) => rows)
      .filter(({ row }) => isMoney(row) && ((row.flags & FLAGS.liquidity) !== 0) === isLiquidity)
    const best = refused.reduce<Numbered | undefined>(
      (most, one) => (!most || one.row.feeMsat > most.row.feeMsat ? one : most),
      undefined,
    )
    if (!best) continue
    cases.demands.push({
      ...baseCase(cases, best, changes, steps),
      kind: 'timer',
      attempts: refused.reduce((sum, { row }) => sum + row.attempts, 0),
      lastAt: refused.at(-1)?.row.lastAt ?? best.row.lastAt,
      failed: forwarded.length,
      ticks: refused.length,
    })
  }
}

function baseCase(
  cases: Cases,
  { row, number }: Numbered,
  changes: ReadonlyMap<number, readonly PolicyChange[]>,
  steps: Steps,
): Omit<DemandCase, 'kind' | 'ticks'> {
  placeOf(cases, row.peer)
  return {
    id: number,
    at: row.at,
    lastAt: row.lastAt,
    peer: row.peer,
    fromPeer: row.fromPeer,
    asked: row.asked,
    from: row.from,
    failureCode: row.failureCode,
    isLiquidity: (row.flags & FLAGS.liquidity) !== 0,
    attempts: row.attempts,
    wholeMsat: row.wholeMsat,
    wantedMsat: row.wantedMsat,
    feeMsat: row.feeMsat,
    servedShare: Math.min(1, row.settledShare),
    isSearch: isSearch(row, steps),
    failed: row.failed,
    leftOut: leftOut(row, changes),
  }
}

function trialOf(cases: Cases, row: DemandRow, now: number, steps: Steps): Trial {
  return {
    amountMsat: row.wholeMsat,
    isSearch: isSearch(row, steps),
    peer: placeOf(cases, row.peer),
    settled: Math.min(1, row.settledShare),
    weight: 2 ** (-(now - row.at) / HALF_LIFE_MS),
  }
}

function leftOut(
  row: DemandRow,
  changes: ReadonlyMap<number, readonly PolicyChange[]>,
): EstimatedDemand['leftOut'] {
  if ((row.flags & FLAGS.ignored) !== 0) return 'ignored'
  if (!POLICY_CLASSES.has(failureClass(row.failureCode))) return undefined
  const isAfterChange = (changes.get(row.asked) ?? []).some(
    ({ at }) => row.lastAt >= at && row.at <= at + HOUR,
  )
  return isAfterChange ? 'policy-change' : undefined
}

function policyChanges(memory: Memory): ReadonlyMap<number, readonly PolicyChange[]> {
  return new Map([...memory.book].map((own) => [own.serial, own.policyChanges]))
}

function placeOf(cases: Cases, peer: number): number {
  const known = cases.peers.get(peer)
  if (known !== undefined) return known
  cases.peers.set(peer, cases.peers.size)
  return cases.peers.size - 1
}

function isMoney(row: DemandRow): boolean {
  return row.failureCode !== NO_REFUSAL && (row.flags & FLAGS.money) !== 0
}

function isSearch(row: DemandRow, steps: Steps): boolean {
  return steps.searches && (row.flags & FLAGS.search) !== 0
}

// A rebalancer that got through makes more rounds than one; how many, own timers tell.
function roundsOf(timers: readonly number[][], leads: readonly Lead[]): number {
  let settledTicks = 0
  let settledTimers = 0
  for (const timer of timers) {
    const settled = timer.filter((place) => (leads[place]?.row.settledShare ?? 0) > 0).length
    settledTicks += settled
    if (settled > 0) settledTimers++
  }
  return (settledTicks + ROUNDS_WEIGHT) / (settledTimers + ROUNDS_WEIGHT)
}
