import { Columns, type DemandRow, FLAGS, NO_REFUSAL, rowsOf } from '../stats/demand-columns.ts'
import type { Memory } from '../stats/memory.ts'
import type { Ticks } from './timers.ts'

/** A refused row of a session with its number; undefined while the session goes on. */
export type Numbered = { row: DemandRow; number: number | undefined }

const ROWS_PER_SLICE = 8 * Columns.ROWS

/**
 * All sessions since a time in columns, their refused rows beside them, and the order of time. In
 * columns, because most of 250,000 sessions are forwards that went well and of which four figures
 * are asked.
 */
export class SessionTable implements Ticks {
  size = 0
  readonly at: Float64Array
  readonly amountMsat: Float64Array
  readonly settledShare: Float32Array
  readonly fromPeer: Uint32Array
  readonly peer: Uint32Array
  readonly flags: Uint8Array
  /** Places in the order of time. */
  readonly order: Uint32Array
  readonly #refused = new Map<number, Numbered[]>()

  constructor(capacity: number) {
    this.at = new Float64Array(capacity)
    this.amountMsat = new Float64Array(capacity)
    this.settledShare = new Float32Array(capacity)
    this.fromPeer = new Uint32Array(capacity)
    this.peer = new Uint32Array(capacity)
    this.flags = new Uint8Array(capacity)
    this.order = new Uint32Array(capacity)
  }

  /** The refused rows of a session. */
  refusedOf(place: number): readonly Numbered[] {
    return this.#refused.get(place) ?? []
  }

  hasFlag(place: number, flag: number): boolean {
    return ((this.flags[place] ?? 0) & flag) !== 0
  }

  /** Returns how many sessions, in the order of time, began before a time. */
  firstSince(from: number): number {
    let low = 0
    let high = this.size
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.at[this.order[middle] ?? 0] ?? 0) < from) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * Reads what is remembered since a time: the open sessions as they are now, and those that are
   * closed by now. Yields between slices.
   */
  static *read({ demands }: Memory, from: number): Generator<void, SessionTable> {
    const { log, sessions } = demands
    const open = [...sessions].map(rowsOf)
    const end = log.next
    const table = new SessionTable(log.size + open.length)
    let read = 0
    for (const chunk of log.chunks()) {
      table.#addChunk({ ...chunk, to: Math.min(chunk.to, end - chunk.base) }, from)
      read += Columns.ROWS
      if (read % ROWS_PER_SLICE === 0) yield
    }
    for (const rows of open) for (const row of rows) table.#add(row, undefined)
    return table
  }

  #addChunk(
    chunk: { columns: Columns; base: number; from: number; to: number },
    since: number,
  ): void {
    const { columns, base } = chunk
    const { lastAt, failureCode } = columns.cells
    for (let i = chunk.from; i < chunk.to; i++) {
      if ((lastAt[i] ?? 0) < since) continue
      if (failureCode[i] !== NO_REFUSAL) this.#add(columns.read(i), base + i)
      else this.#addForward(columns, i)
    }
  }

  #add(row: DemandRow, number: number | undefined): void {
    if ((row.flags & FLAGS.lead) !== 0) {
      const { at, wholeMsat, settledShare, fromPeer, peer, flags } = row
      this.#put(at, wholeMsat, settledShare, fromPeer, peer, flags)
    }
    if (row.failureCode === NO_REFUSAL) return
    const place = this.size - 1
    const known = this.#refused.get(place)
    if (known) known.push({ row, number })
    else this.#refused.set(place, [{ row, number }])
  }

  #addForward({ cells }: Columns, i: number): void {
    const cell = (name: keyof DemandRow) => cells[name][i] ?? 0
    this.#put(
      cell('at'),
      cell('wholeMsat'),
      cell('settledShare'),
      cell('fromPeer'),
      cell('peer'),
      cell('flags'),
    )
  }

  #put(
    at: number,
    amountMsat: number,
    settledShare: number,
    fromPeer: number,
    peer: number,
    flags: number,
  ): void {
    const place = this.size++
    this.at[place] = at
    this.amountMsat[place] = amountMsat
    this.settledShare[place] = settledShare
    this.fromPeer[place] = fromPeer
    this.peer[place] = peer
    this.flags[place] = flags
    // Sessions come in the order in which they closed: nearly that in which they began.
    let i = place
    for (; i > 0 && (this.at[this.order[i - 1] ?? 0] ?? 0) > at; i--) {
      this.order[i] = this.order[i - 1] ?? 0
    }
    this.order[i] = place
  }
}
