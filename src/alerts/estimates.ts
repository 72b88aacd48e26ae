import { isTooLittle } from '../analyzer/confidence.ts'
import type { Subject } from '../analyzer/reading.ts'
import type { Missed } from '../analyzer/views.ts'
import { failureClass, failureFamily } from '../lightning/failure.ts'
import type { Scid } from '../lightning/scid.ts'
import { OUTGOING } from '../stats/account.ts'
import type { Columns } from '../stats/demand-columns.ts'
import { FLAGS } from '../stats/demand-columns.ts'
import type { Memory } from '../stats/memory.ts'
import { sideView, spanOf } from '../stats/memory-views.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import { WINDOW_COLUMNS } from '../stats/windows.ts'
import {
  bestStep,
  type DayEstimate,
  type Figure,
  isRefill,
  liquidityOf,
  peerFigure,
} from './day-estimate.ts'
import { HOUR_MS, MINUTE_MS } from './kind.ts'
import type { RevenueInput } from './kinds/revenue-missed.ts'

/** What the estimator tells of the last hour and day. */
export type Estimates = {
  /** Undefined while no fresh estimate is there. */
  revenue(now: number): readonly RevenueInput[] | undefined
  /** Distinct demands of the last hour: refused for lack of balance, or because the peer was away. */
  refused(scid: Scid, now: number): RefusedDemands
  /** What a subject missed within 24 hours; undefined where nobody knows, or by too little data. */
  missed(subject: Subject): Missed | undefined
}

export type RefusedDemands = { balance: number; away: number }

// An analysis is made every hour; what is older than two of them tells nothing of now.
const USUAL_FRESH_MS = 2 * HOUR_MS
const NOBODY: RefusedDemands = { balance: 0, away: 0 }

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
    const found = day && this.#figure(subject, day)
    return found && this.#isKnown(found, day) ? found.missed : undefined
  }

  #figure(subject: Subject, day: DayEstimate): Figure | undefined {
    if (subject === 'node') return bestStep(this.#memory, day)
    const { book } = this.#memory
    const id = subject.slice(subject.indexOf(':') + 1)
    if (subject.startsWith('channel:')) {
      const own = book.get(id as Scid)
      return own && liquidityOf(day.estimate.channels.get(own.serial))
    }
    const own = [...book].find(({ channel }) => channel?.peer.pubkey === id)
    return own && peerFigure(this.#memory, own, day)
  }

  #isKnown({ demands }: Figure, { at }: DayEstimate): boolean {
    // A day is known by its week, as the analysis has it.
    return !isTooLittle(spanOf(this.#memory, '7d', at).coveredMs, demands)
  }

  #inputs(day: DayEstimate): readonly RevenueInput[] {
    const channels = [...this.#memory.book].flatMap((own) => this.#channel(own, day))
    const node = this.#node(day)
    return node ? [...channels, node] : channels
  }

  #channel(own: OwnChannel, day: DayEstimate): readonly RevenueInput[] {
    const found = liquidityOf(day.estimate.channels.get(own.serial))
    return found ? [this.#input(`channel:${own.scid}`, found, day, own)] : []
  }

  // Where the best step is to refill a channel, that channel's own figure is the node's: told once.
  #node(day: DayEstimate): RevenueInput | undefined {
    const found = day.best && isRefill(day.best) ? undefined : bestStep(this.#memory, day)
    return found && this.#input('node', found, day, undefined)
  }

  #input(
    subject: Subject,
    found: Figure,
    day: DayEstimate,
    own: OwnChannel | undefined,
  ): RevenueInput {
    const { missed } = found
    return { subject, missed, earnedMsat: this.#earned(own), isKnown: this.#isKnown(found, day) }
  }

  #earned(own: OwnChannel | undefined): bigint {
    const { column } = WINDOW_COLUMNS['24h']
    const account = own?.account ?? this.#memory.node
    return sideView(this.#memory, account, OUTGOING, column, 0).earnedMsat
  }
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
