import type { DueDigest } from '../alerts/digest-schedule.ts'
import type { AnalyzerViews } from '../analyzer/answers.ts'
import { DIGEST_WINDOWS, type Digest, type DigestPeriod, digestOf } from '../analyzer/digest.ts'
import type { Emptying } from '../analyzer/emptying.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { NodeTraffic } from '../stats/node-traffic.ts'
import type { ChartWindow, MemoryViews, Series, Window } from '../stats/views.ts'

export type ReporterParts = {
  clock: Clock
  log: Log
  memory: MemoryViews
  analyzer: AnalyzerViews
  /** Analyses now, however long that takes. */
  analyse(): Promise<void>
  /** What the chart of a digest is drawn from. */
  series(window: ChartWindow, now: number): Promise<Series>
  past: PastTraffic
  emptying(): readonly Emptying[]
}

/** What is known of the past of a window. */
export type PastTraffic = {
  /** What the node forwarded in the span before a window that began at `to`; undefined: not known. */
  before(window: Window, to: number): Promise<NodeTraffic | undefined>
  /** Whether settled forwards of a span are still to be read from LND's history. */
  isBeingFilled(from: number, to: number): boolean
}

// The longest that a digest may wait for its chat; see `endOfDigest`.
const KEPT_MS = 30 * 3_600_000

/** Makes the figures of digests, and keeps those of a digest's hour for as long as it may wait. */
export class Reporter {
  readonly #parts: ReporterParts
  /** By period and moment: few chats have an hour of their own. */
  readonly #kept = new Map<string, Digest>()

  constructor(parts: ReporterParts) {
    this.#parts = parts
  }

  /** Makes the figures of a period up to now, from an analysis as new as can be had quickly. */
  async make(period: DigestPeriod): Promise<Digest> {
    await this.#parts.analyzer.refresh()
    return this.#make(period)
  }

  /** Makes the figures of a digest that is due, from an analysis of now, and keeps them. */
  async keep(due: DueDigest): Promise<void> {
    const key = keyOf(due)
    if (this.#kept.has(key)) return
    await this.#parts.analyse()
    this.#kept.set(key, await this.#make(due.period))
    for (const [one, { at }] of this.#kept) {
      if (this.#parts.clock.now() - at > KEPT_MS) this.#kept.delete(one)
    }
  }

  /** Returns the figures of a digest: those of its hour, or where they are gone those of now. */
  async of(due: DueDigest): Promise<Digest> {
    return this.#kept.get(keyOf(due)) ?? this.make(due.period)
  }

  async #make(period: DigestPeriod): Promise<Digest> {
    const { clock, memory, analyzer, past, emptying } = this.#parts
    const window = DIGEST_WINDOWS[period]
    const { from } = memory.node(window, clock.now()).span
    const before = await this.#tryTo(() => past.before(window, from))
    const series = await this.#tryTo(() => this.#parts.series(window, clock.now()))
    const now = clock.now()
    return digestOf({
      period,
      now,
      node: memory.node(window, now),
      day: memory.node('24h', now),
      before,
      series,
      isFilling: past.isBeingFilled(from, now),
      status: memory.status(now),
      opportunities: analyzer.opportunities(window),
      explanation: analyzer.explain(undefined, window),
      channel: (scid) => memory.channel(scid, window, now),
      emptying: emptying(),
    })
  }

  /** What cannot be read must not cost the rest of a digest. */
  async #tryTo<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read()
    } catch (error) {
      this.#parts.log.error({ err: error }, 'the past of a digest cannot be read')
      return undefined
    }
  }
}

function keyOf({ period, dueAt }: DueDigest): string {
  return `${period} ${dueAt}`
}
