import type { Channel } from '../../src/lightning/channel.ts'
import type { HtlcEvent } from '../../src/lightning/htlc.ts'
import type { Scid } from '../../src/lightning/scid.ts'
import { type DemandRow, rowsOf, unserved } from '../../src/stats/demand-columns.ts'
import { Memory } from '../../src/stats/memory.ts'
import { ALICE, BOB, CAROL, channel, event, NOON } from './events.ts'

/** An attempt as a story tells it: from one channel to another, in sats, at seconds after noon. */
type Told = { at: number; sat: number; feeSat?: number; from?: Scid; to?: Scid }

/** A node with three peers and the events of a story, told in seconds after noon. */
export class Story {
  readonly memory = new Memory({ maxChannels: 100, retentionDays: 400 }, NOON)
  /** All events so far. */
  readonly told: HtlcEvent[] = []
  #nextId = 0
  #now = NOON

  constructor(channels: readonly Channel[] = [channel(ALICE), channel(BOB), channel(CAROL)]) {
    this.memory.streamUp(NOON)
    this.memory.updateChannels(channels, NOON)
  }

  /** Epoch ms. */
  get now(): number {
    return this.#now
  }

  /** An attempt that we refused, for lack of balance unless the failure is given. */
  refused(told: Told, failure: Partial<HtlcEvent> = {}): this {
    const amounts = amountsOf(told)
    this.tell({
      kind: 'linkFail',
      wireFailure: 15,
      failureDetail: 6,
      ...amounts,
      incomingHtlcId: this.#nextId++,
      ...failure,
    })
    return this
  }

  /** An attempt that we forwarded; it ends so many seconds later, or stays on its way. */
  forwarded(told: Told, end?: 'settled' | 'failed' | 'refused', afterSeconds = 2): this {
    const id = this.#nextId++
    const ids = { incomingHtlcId: id, outgoingHtlcId: id }
    this.tell({ kind: 'forward', ...amountsOf(told), ...ids })
    const route = { incoming: told.from ?? ALICE, outgoing: told.to ?? BOB }
    const at = NOON + (told.at + afterSeconds) * 1000
    if (end === 'settled') this.tell({ kind: 'settle', ...ids, ...route, at })
    if (end === 'failed') this.tell({ kind: 'forwardFail', ...ids, ...route, at })
    if (end === 'refused') {
      this.tell({ kind: 'linkFail', ...ids, ...route, at, wireFailure: 15, failureDetail: 8 })
    }
    return this
  }

  tell(given: Partial<HtlcEvent>): this {
    const one = event(given)
    this.told.push(one)
    this.#now = Math.max(this.#now, one.at)
    this.memory.record(one, this.#now)
    return this
  }

  /** Lets time pass, in seconds after noon. */
  until(seconds: number): this {
    this.#now = Math.max(this.#now, NOON + seconds * 1000)
    this.memory.demands.sessions.advance(this.#now)
    return this
  }

  /** All sessions so far, closed and open, as rows. */
  rows(): DemandRow[] {
    const { log, sessions } = this.memory.demands
    const closed = Array.from({ length: log.size }, (_, i) => log.row(log.first + i) ?? [])
    return [...closed.flat(), ...[...sessions].flatMap(rowsOf)]
  }

  /** The rows of demands that were refused, as far as they were not served after all. */
  demands(): (DemandRow & { wantedMsat: number })[] {
    const refused = this.rows().filter(({ attempts }) => attempts > 0)
    return refused.map((row) => ({ ...row, ...unserved(row) }))
  }
}

function amountsOf({ at, sat, feeSat = sat / 1000, from = ALICE, to = BOB }: Told) {
  return {
    at: NOON + at * 1000,
    incoming: from,
    outgoing: to,
    outgoingMsat: sat * 1000,
    incomingMsat: Math.round((sat + feeSat) * 1000),
  }
}
