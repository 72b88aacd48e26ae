import { type Analysis, analyse } from '../analyzer/analysis.ts'
import {
  demandPage,
  explanationOf,
  newestDemands,
  oneDemand,
  opportunitiesView,
} from '../analyzer/analysis-views.ts'
import type { AnalyzerViews } from '../analyzer/answers.ts'
import { missedByPeer } from '../analyzer/missed-by-peer.ts'
import { forecastOf } from '../analyzer/opportunities.ts'
import { type SavedStandings, Standings } from '../analyzer/standings.ts'
import type { Clock } from '../clock.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Memory } from '../stats/memory.ts'
import { availableMsat } from '../stats/trials.ts'
import { runInSlices } from './slices.ts'

export type AnalystParts = {
  memory: Memory
  clock: Clock
  /** What moving balance into a channel has cost before, in ppm; undefined where nobody knows. */
  pastCostPpm(scid: Scid): number | undefined
  /** Keeps the day's ranking, to compare with. */
  documents: {
    read(key: string): Promise<unknown>
    write(docs: readonly { key: string; value: unknown }[]): Promise<void>
  }
  /** Saves what is unsaved now. */
  save(): Promise<void>
  /** Ms on the clock of the process, whatever time the program runs by; default: Node's. */
  uptimeMs?(): number
}

const STANDINGS = 'analysis:standings'
// An analysis as old as this is as good as new.
const FRESH_MS = 30_000
// One that takes longer than this is not worth waiting for: the last one answers, the next is new.
const QUICK_MS = 700
// And it is not made more often than this many times as long as it takes: a tenth of one core.
const REST = 10

/** Analyses the memory every hour and when asked, and answers from the last analysis. */
export class Analyst {
  readonly views: AnalyzerViews
  readonly #parts: AnalystParts
  readonly #uptimeMs: () => number
  #last: Analysis | undefined
  #tookMs = 0
  #endedAt = 0
  readonly #standings = new Standings()
  #running: Promise<void> | undefined

  constructor(parts: AnalystParts) {
    this.#parts = parts
    this.#uptimeMs = parts.uptimeMs ?? (() => performance.now())
    this.views = this.#viewsOf(parts)
  }

  /** How long the last analysis took, in ms; undefined before the first. */
  get tookMs(): number | undefined {
    return this.#last && this.#tookMs
  }

  /** The last analysis; undefined before the first. */
  get last(): Analysis | undefined {
    return this.#last
  }

  /** Reads what an earlier run left to compare with. */
  async load(): Promise<void> {
    const saved = await this.#parts.documents.read(STANDINGS)
    if (saved) this.#standings.restore(saved as SavedStandings)
  }

  /** Analyses now, in slices; whoever asks meanwhile waits for the same analysis. */
  analyse(): Promise<void> {
    this.#running ??= this.#analyse().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Sees to it that what is asked now is answered from a new analysis, or soon will be. */
  async #refresh(): Promise<void> {
    const isOld = !this.#last || this.#parts.clock.now() - this.#last.at > FRESH_MS
    if (!isOld) return
    if (this.#tookMs < QUICK_MS) return await this.analyse()
    // It fails in the hourly run, too, whose error is logged.
    if (this.#uptimeMs() - this.#endedAt > REST * this.#tookMs) this.analyse().catch(() => {})
  }

  async #analyse(): Promise<void> {
    const { memory, clock, pastCostPpm, documents } = this.#parts
    const from = this.#uptimeMs()
    this.#last = await runInSlices(analyse(memory, clock.now(), pastCostPpm))
    this.#endedAt = this.#uptimeMs()
    this.#tookMs = this.#endedAt - from
    const week = this.#last.windows.get('7d')
    const began = week && this.#standings.note(week.opportunities, this.#last.at)
    if (began) await documents.write([{ key: STANDINGS, value: began }])
  }

  #viewsOf({ memory, clock, save }: AnalystParts): AnalyzerViews {
    const ask = <T>(answer: (analysis: Analysis) => T): T | undefined =>
      this.#last && answer(this.#last)
    return {
      refresh: () => this.#refresh(),
      opportunities: (window) => ask((analysis) => opportunitiesView(analysis, window)),
      missedByPeer: (window) => ask((analysis) => missedByPeer(memory, analysis, window)),
      newestDemands: (window, most) =>
        ask((analysis) => newestDemands(memory, analysis, window, most)),
      demands: (question) => ask((analysis) => demandPage(memory, analysis, question)),
      demand: (scid, window, id) =>
        ask((analysis) => oneDemand(memory, analysis, { scid, window, id })),
      explain: (scid, window) => ask((analysis) => explanationOf(memory, analysis, scid, window)),
      rankChange: (scid) => this.#standings.change(scid),
      track: () => memory.forecasts.record(),
      async ignore(id, on) {
        memory.demands.log.setIgnored(id, on)
        await save()
      },
      given(opportunities) {
        for (const one of opportunities) {
          const forecast = forecastOf(one, clock.now())
          const channel = memory.book.get(one.scid)?.channel
          const beforeMsat = channel && availableMsat(channel)
          if (forecast) memory.forecasts.given(one.scid, { ...forecast, beforeMsat })
        }
      },
      async done(scid) {
        const outcome = memory.forecasts.done(scid, clock.now())
        await save()
        return outcome
      },
    }
  }
}
