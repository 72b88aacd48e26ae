import type { Clock } from '../clock.ts'
import { type Managed, type ManagedReport, rebalanceCostPpm } from '../lightning/managed-channel.ts'
import type { Scid } from '../lightning/scid.ts'
import type { Log } from '../log.ts'
import { readReport, readWholeNumber } from './answers.ts'
import { Presence } from './presence.ts'
import { createRequester, type Requester } from './request.ts'

/**
 * lnd-manage (https://github.com/C-Otto/lnd-manageJ) as a source beside LND. It is only read, and its
 * absence is no trouble: then there is nothing to tell.
 */
export type LndManage = AsyncDisposable & {
  /**
   * Returns what it says of a channel and its peer; undefined when it says nothing. Takes three
   * seconds at most: an answer that comes later is there the next time.
   */
  report(scid: Scid, pubkey: string | undefined): Promise<Managed | undefined>
  /**
   * Reads what refilling each of these channels cost, unless that was done within the hour or is
   * being done. Never throws.
   */
  readRebalanceCosts(scids: readonly Scid[]): Promise<void>
  /** Returns what refilling the channel cost so far, in ppm; undefined when it is not known. */
  rebalanceCostPpm(scid: Scid): number | undefined
  /** Returns the height of its chain. @throws Error that says why there is no answer. */
  blockHeight(): Promise<number>
}

// Computing a channel anew takes it seconds, behind a queue of others more.
const LIMIT_MS = 10_000
const PATIENCE_MS = 3_000
// It computes its own figures every five minutes.
const FRESH_MS = 5 * 60_000
// Two a channel that people ask for; a report has about 1 kB.
const MAX_REPORTS = 500
const READERS = 2
const COSTS_FRESH_MS = 3_600_000

/** Connects to the lnd-manage at this URL: nothing is asked before somebody asks. */
export function connectLndManage(url: string, parts: { clock: Clock; log: Log }): LndManage {
  return new Bookkeeper(createRequester(url), parts)
}

class Bookkeeper implements LndManage {
  readonly #requester: Requester
  readonly #clock: Clock
  readonly #presence: Presence
  /** What is on its way: a handful of questions. */
  readonly #asking = new Set<AbortController>()
  #isClosed = false
  /** By path, the oldest first. */
  readonly #reports = new Map<string, { at: number; report: Promise<ManagedReport | undefined> }>()
  /** Of channels that LND lists: at most MAX_CHANNELS numbers. */
  readonly #costs = new Map<Scid, number>()
  #reading: Promise<void> | undefined
  #costsReadAt = Number.NEGATIVE_INFINITY

  constructor(requester: Requester, { clock, log }: { clock: Clock; log: Log }) {
    this.#requester = requester
    this.#clock = clock
    this.#presence = new Presence(clock, log)
  }

  async report(scid: Scid, pubkey: string | undefined): Promise<Managed | undefined> {
    const answered = new AbortController()
    const patience = this.#clock.sleep(PATIENCE_MS, answered.signal).then(() => undefined)
    const read = (path: string) =>
      Promise.race([this.#report(path).catch(() => undefined), patience])
    const [channel, peer] = await Promise.all([
      read(`/api/channel/${scid}/details`),
      pubkey === undefined ? undefined : read(`/api/node/${pubkey}/details`),
    ])
    answered.abort()
    return channel || peer ? { channel, peer } : undefined
  }

  readRebalanceCosts(scids: readonly Scid[]): Promise<void> {
    const isFresh = this.#clock.monotonic() - this.#costsReadAt < COSTS_FRESH_MS
    if (isFresh || scids.length === 0) return Promise.resolve()
    this.#reading ??= this.#readAllCosts(scids).finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  rebalanceCostPpm(scid: Scid): number | undefined {
    return this.#costs.get(scid)
  }

  async blockHeight(): Promise<number> {
    const height = await this.#ask('/api/status/block-height', readWholeNumber)
    if (height === undefined) throw new Error('what answers there is no lnd-manage')
    return Number(height)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    for (const question of this.#asking) question.abort(new Error('the program ends'))
    this.#requester[Symbol.dispose]()
    await this.#reading
  }

  async #readAllCosts(scids: readonly Scid[]): Promise<void> {
    const left = [...scids]
    const readers = Array.from({ length: READERS }, () => this.#readCosts(left))
    const isWhole = (await Promise.all(readers)).every(Boolean)
    const listed = new Set(scids)
    for (const scid of this.#costs.keys()) if (!listed.has(scid)) this.#costs.delete(scid)
    if (isWhole) this.#costsReadAt = this.#clock.monotonic()
  }

  /** Takes channels from the list until it is empty; returns false when lnd-manage is absent. */
  async #readCosts(left: Scid[]): Promise<boolean> {
    for (let scid = left.pop(); scid !== undefined; scid = left.pop()) {
      if (this.#isClosed || !this.#presence.mayAsk()) return false
      await this.#readCost(scid).catch(() => undefined)
    }
    return true
  }

  async #readCost(scid: Scid): Promise<void> {
    const of = (what: string) =>
      this.#ask(`/api/channel/${scid}/rebalance-${what}`, readWholeNumber)
    const amountMsat = (await of('target-amount')) ?? 0n
    // Most channels were never refilled: one question is enough.
    const costMsat = amountMsat > 0n ? ((await of('target-costs')) ?? 0n) : 0n
    const ppm = rebalanceCostPpm(amountMsat, costMsat)
    if (ppm === undefined) this.#costs.delete(scid)
    else this.#costs.set(scid, ppm)
  }

  /** Asks for a report, or returns the one that is there or on its way. */
  #report(path: string): Promise<ManagedReport | undefined> {
    const now = this.#clock.monotonic()
    const known = this.#reports.get(path)
    if (known && now - known.at < FRESH_MS) return known.report
    if (!this.#presence.mayAsk()) return Promise.resolve(undefined)
    const entry = { at: now, report: this.#ask(path, readReport) }
    this.#reports.delete(path)
    this.#reports.set(path, entry)
    const [oldest] = this.#reports.keys()
    if (this.#reports.size > MAX_REPORTS && oldest) this.#reports.delete(oldest)
    entry.report.catch(() => {
      if (this.#reports.get(path) === entry) this.#reports.delete(path)
    })
    return entry.report
  }

  /** Returns what it answers; undefined when it knows no such thing. @throws Error that says why not. */
  async #ask<T>(path: string, read: (text: string) => T): Promise<T | undefined> {
    const question = new AbortController()
    const answered = new AbortController()
    this.#asking.add(question)
    const limit = new Error(`no answer within ${LIMIT_MS / 1000} s`)
    void this.#clock.sleep(LIMIT_MS, answered.signal).then(() => question.abort(limit))
    try {
      const text = await this.#requester.get(path, question.signal)
      const answer = text === undefined ? undefined : read(text)
      this.#presence.answered()
      return answer
    } catch (error) {
      if (!this.#isClosed) this.#presence.failed(reasonOf(error))
      throw error
    } finally {
      this.#asking.delete(question)
      answered.abort()
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
