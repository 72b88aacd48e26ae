import { Columns, type DemandRow, FLAGS, NO_REFUSAL, rowsOf } from '../stats/demand-columns.ts'
import type { Memory } from '../stats/memory.ts'
import type { Ticks } from './timers.ts'

/** A refused row of a session with its number; undefined while the session goes on. */
export type Numbered = { row: DemandRow; number: number | undefined }

/** Where a refused row stands: read when it is asked for, it takes a tenth of the space meanwhile. */
type Standing = { columns: Columns; at: number; number: number | undefined }

/** Rows side by side; `base` is the number of the first, undefined for sessions that go on. */
type Chunk = { columns: Columns; base: number | undefined; from: number; to: number }

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
  readonly #refused = new Map<number, Standing[]>()

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
    const standing = this.#refused.get(place) ?? []
    return standing.map(({ columns, at, number }) => ({ row: columns.read(at), number }))
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
    const open = [...chunksOf([...sessions].flatMap(rowsOf))]
    const end = log.next
    const table = new SessionTable(log.size + sessions.size)
    let read = 0
    for (const chunk of log.chunks()) {
      table.#addChunk({ ...chunk, to: Math.min(chunk.to, end - chunk.base) }, from)
      read += Columns.ROWS
      if (read % ROWS_PER_SLICE === 0) yield
    }
    for (const chunk of open) table.#addChunk(chunk, from)
    return table
  }

  #addChunk({ columns, base, from, to }: Chunk, since: number): void {
    const { lastAt, failureCode, flags } = columns.cells
    for (let i = from; i < to; i++) {
      if ((lastAt[i] ?? 0) < since) continue
      if (((flags[i] ?? 0) & FLAGS.lead) !== 0) this.#addSession(columns, i)
      if (failureCode[i] === NO_REFUSAL) continue
      this.#addRefused({ columns, at: i, number: base === undefined ? base : base + i })
    }
  }

  #addSession({ cells }: Columns, i: number): void {
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

  /** Adds a refused row to the session that was added last. */
  #addRefused(standing: Standing): void {
    const place = this.size - 1
    const known = this.#refused.get(place)
    if (known) known.push(standing)
    else this.#refused.set(place, [standing])
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

function* chunksOf(rows: readonly DemandRow[]): Generator<Chunk> {
  for (let from = 0; from < rows.length; from += Columns.ROWS) {
    const columns = new Columns()
    const chunk = rows.slice(from, from + Columns.ROWS)
    for (const [i, row] of chunk.entries()) columns.write(i, row)
    yield { columns, base: undefined, from: 0, to: chunk.length }
  }
}
