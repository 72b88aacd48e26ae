import type { Analysis } from '../analyzer/analysis.ts'
import type { Subject } from '../analyzer/reading.ts'
import type { SpanEstimate } from '../analyzer/span-estimate.ts'
import type { Missed, Opportunity } from '../analyzer/views.ts'
import { failureClass, failureFamily } from '../lightning/failure.ts'
import type { Scid } from '../lightning/scid.ts'
import { OUTGOING } from '../stats/account.ts'
import type { Columns } from '../stats/demand-columns.ts'
import { FLAGS } from '../stats/demand-columns.ts'
import type { Memory } from '../stats/memory.ts'
import { sideView } from '../stats/memory-views.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import { WINDOW_COLUMNS } from '../stats/windows.ts'
import { HOUR_MS, MINUTE_MS } from './kind.ts'
import type { RevenueInput } from './kinds/revenue-missed.ts'

/** What the estimator tells of the last hour and day. */
export type Estimates = {
  /** Undefined while no fresh estimate is there. */
  revenue(now: number): readonly RevenueInput[] | undefined
  /** Distinct demands of the last hour: refused for lack of balance, or because the peer was away. */
  refused(scid: Scid, now: number): RefusedDemands
  /** What a subject missed within 24 hours; undefined where nobody knows. */
  missed(subject: Subject): Missed | undefined
}

export type RefusedDemands = { balance: number; away: number }

/** An estimate of the last 24 hours, and the step that an analysis found best. */
export type DayEstimate = { at: number; estimate: SpanEstimate; best: Opportunity | undefined }

// An analysis is made every hour; what is older than two of them tells nothing of now.
const USUAL_FRESH_MS = 2 * HOUR_MS
const NOBODY: RefusedDemands = { balance: 0, away: 0 }

/** Returns a function that tells what the last analysis says of 24 hours. */
export function dayOf(last: () => Analysis | undefined): () => DayEstimate | undefined {
  let read: { analysis: Analysis | undefined; day: DayEstimate | undefined } | undefined
  return () => {
    const analysis = last()
    if (read?.analysis !== analysis) read = { analysis, day: analysis && dayIn(analysis) }
    return read?.day
  }
}

function dayIn({ at, windows }: Analysis): DayEstimate | undefined {
  const day = windows.get('24h')
  return day && { at, estimate: day.estimate, best: day.node.best }
}

/** What alerts ask of the last estimate of a day, and of the demands that the memory holds. */
export class DayFigures implements Estimates {
  readonly #memory: Memory
  readonly #last: () => DayEstimate | undefined
  readonly #freshMs: number
  #read: { day: DayEstimate; inputs: readonly RevenueInput[] } | undefined
  #countedMinute = 0
  #refused: ReadonlyMap<number, RefusedDemands> = new Map()

  /** An estimate older than `freshMs` tells nothing of now. */
  constructor(
    memory: Memory,
    last: () => DayEstimate | undefined,
    freshMs: number = USUAL_FRESH_MS,
  ) {
    this.#memory = memory
    this.#last = last
    this.#freshMs = freshMs
  }

  revenue(now: number): readonly RevenueInput[] | undefined {
    const day = this.#last()
    if (day === undefined || now - day.at > this.#freshMs) return undefined
    if (day !== this.#read?.day) this.#read = { day, inputs: this.#inputs(day) }
    return this.#read.inputs
  }

  refused(scid: Scid, now: number): RefusedDemands {
    const minute = Math.floor(now / MINUTE_MS)
    if (minute !== this.#countedMinute) this.#refused = refusedSince(this.#memory, now - HOUR_MS)
    this.#countedMinute = minute
    const own = this.#memory.book.get(scid)
    return (own && this.#refused.get(own.serial)) ?? NOBODY
  }

  missed(subject: Subject): Missed | undefined {
    const day = this.#last()
    if (day === undefined) return undefined
    if (subject === 'node') return bestStep(this.#memory, day)
    const { book, demands } = this.#memory
    const id = subject.slice(subject.indexOf(':') + 1)
    if (subject.startsWith('channel:')) {
      const own = book.get(id as Scid)
      return own && day.estimate.channels.get(own.serial)?.liquidity
    }
    const own = [...book].find(({ channel }) => channel?.peer.pubkey === id)
    return own && day.estimate.peers.get(demands.peers.idOf(own))
  }

  #inputs(day: DayEstimate): readonly RevenueInput[] {
    const channels = [...this.#memory.book].flatMap((own) => this.#channel(own, day))
    const node = this.#node(day)
    return node ? [...channels, node] : channels
  }

  #channel(own: OwnChannel, { estimate }: DayEstimate): readonly RevenueInput[] {
    const missed = estimate.channels.get(own.serial)?.liquidity
    if (missed === undefined) return []
    return [{ subject: `channel:${own.scid}`, missed, earnedMsat: this.#earned(own) }]
  }

  // Where the best step is to refill a channel, that channel's own figure is the node's: told once.
  #node(day: DayEstimate): RevenueInput | undefined {
    const missed = day.best && isRefill(day.best) ? undefined : bestStep(this.#memory, day)
    if (missed === undefined) return undefined
    return { subject: 'node', missed, earnedMsat: this.#earned(undefined) }
  }

  #earned(own: OwnChannel | undefined): bigint {
    const { column } = WINDOW_COLUMNS['24h']
    const account = own?.account ?? this.#memory.node
    return sideView(this.#memory, account, OUTGOING, column, 0).earnedMsat
  }
}

/** What the best single step would have brought at most: never the sum, which nobody can earn. */
function bestStep({ book }: Memory, { estimate, best }: DayEstimate): Missed | undefined {
  const own = best && book.get(best.scid)
  const missed = own && estimate.channels.get(own.serial)
  return missed && (isRefill(best) ? missed.liquidity : missed.other)
}

function isRefill({ recommendation }: Opportunity): boolean {
  return ['rebalance_in', 'raise_fee', 'add_capacity'].includes(recommendation.type)
}

/** Counts distinct demands by the serial of the channel asked for: those open, and those ended. */
function refusedSince({ demands }: Memory, from: number): ReadonlyMap<number, RefusedDemands> {
  const counts = new Map<number, RefusedDemands>()
  for (const { lastAt, classes } of demands.sessions) {
    if (lastAt < from) continue
    for (const one of classes) count(counts, one.asked, one.failureCode, one.isLiquidity)
  }
  // Demands are logged as they end, some late: the last chunk without one of the hour is the end.
  for (const chunk of [...demands.log.chunks()].reverse()) {
    if (!countChunk(counts, chunk, from)) break
  }
  return counts
}

function countChunk(
  counts: Map<number, RefusedDemands>,
  { columns: { cells }, from: first, to }: { columns: Columns; from: number; to: number },
  from: number,
): boolean {
  let hasAny = false
  for (let i = first; i < to; i++) {
    if ((cells.lastAt[i] ?? 0) < from) continue
    hasAny = true
    const isLiquidity = ((cells.flags[i] ?? 0) & FLAGS.liquidity) !== 0
    const code = cells.failureCode[i] ?? -1
    if (code >= 0) count(counts, cells.asked[i] ?? 0, code, isLiquidity)
  }
  return hasAny
}

function count(
  counts: Map<number, RefusedDemands>,
  asked: number,
  failureCode: number,
  isLiquidity: boolean,
): void {
  const { balance, away } = counts.get(asked) ?? NOBODY
  const isAway = failureFamily(failureClass(failureCode)) === 'peer'
  if (isLiquidity) counts.set(asked, { balance: balance + 1, away })
  else if (isAway) counts.set(asked, { balance, away: away + 1 })
}
