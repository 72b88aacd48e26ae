import type { DayEstimate } from '../alerts/day-estimate.ts'
import { DayFigures } from '../alerts/estimates.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../alerts/kind.ts'
import { USUAL_LOW_PCT } from '../alerts/kinds/liq-low.ts'
import { KINDS } from '../alerts/kinds.ts'
import { NodeWatch } from '../alerts/node-watch.ts'
import { Rung, type RungAlert } from '../alerts/rung.ts'
import { estimate, runToEnd } from '../analyzer/estimate.ts'
import type { AlertKind, Reading } from '../analyzer/reading.ts'
import { Spikes } from '../analyzer/spikes/spikes.ts'
import type { LndStatus } from '../lightning/node-status.ts'
import type { Memory } from '../stats/memory.ts'

// Balances and silence move slowly: looking at 200 channels every minute of a month would take
// longer than all else.
const LOOK_MINUTES = 5
// Live, an estimate is made every hour. Each reads all demands of the last 30 days, some 15 µs apiece:
// in a long recording it comes less often, so that all of them together read 200,000, in 2 s.
const MOST_READ = 200_000
// What a recording cannot show.
const NEVER_SHOWN: ReadonlySet<AlertKind> = new Set(['lnd.down', 'bot.delivery'])
const ALL_WELL = { oldestUnsentMs: undefined, oldestUnsentAt: undefined, deadChats: 0 }

type Seen = { readings: readonly Reading[]; blindKinds: ReadonlySet<AlertKind> }

/** What would have rung in a recording, as for a node that ran since it began, with usual settings. */
export class ReplayAlerts {
  readonly #memory: Memory
  readonly #spikes: Spikes
  readonly #rung: Rung
  readonly #watch = new NodeWatch()
  readonly #figures: DayFigures
  readonly #readPerHour: number
  #day: DayEstimate | undefined
  #looked: Seen = { readings: [], blindKinds: new Set() }
  /** The last minute (of epoch) that has passed. */
  #minute: number
  #estimateAt: number

  /** Watches a memory that is about to take in what happened from one time to another (epoch ms). */
  constructor(memory: Memory, from: number, to: number) {
    this.#memory = memory
    this.#readPerHour = MOST_READ / Math.max(1, (to - from) / HOUR_MS)
    this.#minute = Math.floor(from / MINUTE_MS)
    this.#estimateAt = from + HOUR_MS
    this.#spikes = new Spikes({
      channels: memory.book,
      observed: (begin, end) => memory.coverage.coveredMs(begin, end),
      now: from,
    })
    this.#rung = new Rung(KINDS, (scid) => memory.book.get(scid)?.channel?.peer.pubkey)
    this.#figures = new DayFigures(memory, () => this.#day, Number.POSITIVE_INFINITY)
    memory.listen((outcome, at) => this.#spikes.take(outcome, at))
  }

  /** Lets every minute up to a time pass, whether or not something came in it. */
  passTo(at: number): void {
    const minute = Math.floor(at / MINUTE_MS)
    while (this.#minute < minute) this.#pass(++this.#minute * MINUTE_MS)
  }

  /** Returns what rang, in order. */
  all(): readonly RungAlert[] {
    return this.#rung.all()
  }

  #pass(now: number): void {
    const { isUp } = this.#memory.coverage
    this.#memory.demands.tick(now)
    if (now >= this.#estimateAt && isUp) this.#estimate(now)
    if (this.#minute % LOOK_MINUTES === 0 || isUp === this.#looked.blindKinds.has('liq.low')) {
      this.#looked = this.#look(now)
    }
    const blindKinds = isUp ? this.#looked.blindKinds : ALL_KINDS
    const spikes = this.#spikes.readings(now)
    this.#rung.minute(now, [...this.#looked.readings, ...spikes], blindKinds)
  }

  #look(now: number): Seen {
    const state = this.#memory.coverage.isUp ? 'listening' : 'unreachable'
    const lnd: LndStatus = { state, since: now, detail: '', reconnects: 0 }
    const { readings, blindKinds } = this.#watch.read({
      now,
      elapsedMs: LOOK_MINUTES * MINUTE_MS,
      memory: this.#memory,
      lnd,
      delivery: ALL_WELL,
      estimates: this.#figures,
      revenueMsat: [],
      lowPct: USUAL_LOW_PCT,
    })
    return { readings: readings.filter(({ kind }) => !NEVER_SHOWN.has(kind)), blindKinds }
  }

  #estimate(now: number): void {
    const spans = [{ name: '24h', from: now - DAY_MS }] as const
    const found = runToEnd(estimate(this.#memory, spans, now)).spans.get('24h')
    this.#day = found && { at: now, estimate: found, best: undefined }
    const hours = Math.ceil(this.#memory.demands.log.size / this.#readPerHour)
    this.#estimateAt = now + Math.max(1, hours) * HOUR_MS
  }
}

const ALL_KINDS: ReadonlySet<AlertKind> = new Set(KINDS.map(({ kind }) => kind))
