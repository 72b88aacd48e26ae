import { Columns, type DemandRow, FLAGS } from './demand-columns.ts'
import { type FoldedDay, FoldedDemands } from './folded-demands.ts'

// 30 days of at most 250,000 rows at 91 bytes: 23 MB. A node with 100 events a second, a third of
// them attempts of which one in ten is a new demand, makes 290,000 a day: only the largest fold.
const KEPT_MS = 30 * 86_400_000
const MAX_ROWS = 250_000

export type DemandChunk = { number: number; bytes: Uint8Array | undefined }

/**
 * The closed sessions of the last 30 days in columns, a row for each class refused (or one for a
 * session that was not refused), in the order of closing. Beyond 250,000 rows the oldest fold into
 * day totals by channel and class. Rows have stable numbers; a chunk of 512 is what is saved.
 */
export class DemandLog {
  readonly #chunks = new Map<number, Columns>()
  readonly #dirty = new Set<number>()
  readonly folded = new FoldedDemands()
  #first = 0
  #next = 0

  /** How many rows are remembered. */
  get size(): number {
    return this.#next - this.#first
  }

  /** The number of the first remembered row, and of the row to come. */
  get first(): number {
    return this.#first
  }

  get next(): number {
    return this.#next
  }

  /** Appends a row; returns its number. */
  append(row: DemandRow): number {
    const number = this.#next++
    this.#chunkFor(number).write(number % Columns.ROWS, row)
    this.#dirty.add(chunkOf(number))
    if (this.size > MAX_ROWS) this.#fold()
    return number
  }

  /** Returns a row by its number, or undefined when it is not remembered. */
  row(number: number): DemandRow | undefined {
    if (number < this.#first || number >= this.#next) return undefined
    const columns = this.#chunks.get(chunkOf(number))
    return columns?.read(number % Columns.ROWS)
  }

  /** Walks the columns chunk by chunk: the number of the first row, and where rows begin and end. */
  *chunks(): Generator<{ columns: Columns; base: number; from: number; to: number }> {
    for (const [number, columns] of this.#chunks) {
      const base = number * Columns.ROWS
      const from = Math.max(0, this.#first - base)
      yield { columns, base, from, to: Math.min(Columns.ROWS, this.#next - base) }
    }
  }

  /** An operator says that a demand is not to be counted, or that it is. Returns whether it is there. */
  setIgnored(number: number, isIgnored: boolean): boolean {
    return this.setFlag(number, FLAGS.ignored, isIgnored)
  }

  /** Sets or takes a flag of a row. Returns whether it is there. */
  setFlag(number: number, flag: number, isSet: boolean): boolean {
    const columns = this.#chunks.get(chunkOf(number))
    if (!columns || number < this.#first || number >= this.#next) return false
    const at = number % Columns.ROWS
    const flags = columns.cells.flags[at] ?? 0
    const after = isSet ? flags | flag : flags & ~flag
    if (after === flags) return true
    columns.cells.flags[at] = after
    this.#dirty.add(chunkOf(number))
    return true
  }

  /**
   * Notes what the last analysis expected of a row, for the day totals that it may fold into. Not
   * saved for its own sake: the next analysis says it again.
   */
  note(number: number, expectedMsat: number, variance: number): void {
    const columns = this.#chunks.get(chunkOf(number))
    if (!columns) return
    columns.cells.expected[number % Columns.ROWS] = expectedMsat
    columns.cells.variance[number % Columns.ROWS] = variance
  }

  /** Drops chunks of which every row is older than 30 days, and day totals likewise. */
  prune(now: number): void {
    this.folded.prune(now - KEPT_MS)
    for (const [number, columns] of this.#chunks) {
      const isWhole = (number + 1) * Columns.ROWS <= this.#next
      if (!isWhole || latest(columns) >= now - KEPT_MS) return
      this.#drop(number)
    }
  }

  /** Returns the chunks that changed since the last call; of one that is gone, no bytes. */
  takeDirty(): DemandChunk[] {
    const changed = [...this.#dirty].map((number) => ({
      number,
      bytes: this.#chunks.get(number)?.bytes,
    }))
    this.#dirty.clear()
    return changed
  }

  state(): { first: number; next: number } {
    return { first: this.#first, next: this.#next }
  }

  restoreState({ first, next }: { first: number; next: number }): void {
    this.#first = first
    this.#next = next
  }

  restoreChunk(number: number, bytes: Uint8Array): void {
    this.#chunks.set(number, new Columns(bytes))
  }

  /** After all chunks were put back, in any order. */
  finishRestore(): void {
    const sorted = [...this.#chunks].sort(([a], [b]) => a - b)
    this.#chunks.clear()
    for (const [number, columns] of sorted) this.#chunks.set(number, columns)
    this.#dirty.clear()
  }

  restoreFolded(day: number, entries: FoldedDay): void {
    this.folded.restore(day, entries)
  }

  #chunkFor(number: number): Columns {
    const known = this.#chunks.get(chunkOf(number))
    if (known) return known
    const columns = new Columns()
    this.#chunks.set(chunkOf(number), columns)
    return columns
  }

  #fold(): void {
    const [oldest] = this.#chunks
    if (!oldest) return
    const [number, columns] = oldest
    for (let i = Math.max(0, this.#first - number * Columns.ROWS); i < Columns.ROWS; i++) {
      this.folded.add(columns.read(i))
    }
    this.#drop(number)
  }

  #drop(number: number): void {
    this.#chunks.delete(number)
    this.#dirty.add(number)
    this.#first = Math.max(this.#first, (number + 1) * Columns.ROWS)
  }
}

function chunkOf(number: number): number {
  return Math.floor(number / Columns.ROWS)
}

function latest(columns: Columns): number {
  let most = 0
  for (const at of columns.cells.at) most = Math.max(most, at)
  return most
}
