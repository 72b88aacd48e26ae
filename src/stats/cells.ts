/** The columns of a cell: the running buckets, the closed part of each window, and all time. */
export const FIVE = 0
export const HOUR = 1
export const DAY = 2
export const W1H = 3
export const W24H = 4
export const W7D = 5
export const W30D = 6
export const ALL = 7
const COLUMNS = 8

const PAGE_BITS = 13
const PAGE_CELLS = 2 ** PAGE_BITS
const IN_PAGE = PAGE_CELLS - 1

/**
 * A pool of cells, each eight Float64 columns of one counter or sum of msat (one cache line, 64
 * bytes), in pages of 512 KiB so that growth never copies. Cells come in groups that lie side by
 * side. 10,000 channels with both sides (10 cells each) and three classes of refusals (3 each) take
 * 10,000 · 29 · 64 B = 18.6 MB.
 */
export class Cells {
  readonly #pages: Float64Array[] = []
  readonly #free = new Map<number, number[]>()
  #next = 0

  /** Returns the first cell of a group of zeroed cells. */
  allocate(width: number): number {
    const freed = this.#free.get(width)?.pop()
    if (freed !== undefined) return freed
    if ((this.#next % PAGE_CELLS) + width > PAGE_CELLS) {
      this.#next = Math.ceil(this.#next / PAGE_CELLS) * PAGE_CELLS
    }
    const base = this.#next
    this.#next += width
    if (this.#next > this.#pages.length * PAGE_CELLS) {
      this.#pages.push(new Float64Array(PAGE_CELLS * COLUMNS))
    }
    return base
  }

  /** Zeroes a group and gives it back. */
  release(base: number, width: number): void {
    const offset = (base & IN_PAGE) * COLUMNS
    this.#page(base).fill(0, offset, offset + width * COLUMNS)
    const freed = this.#free.get(width)
    if (freed) freed.push(base)
    else this.#free.set(width, [base])
  }

  get(cell: number, column: number): number {
    return this.#page(cell)[(cell & IN_PAGE) * COLUMNS + column] ?? 0
  }

  /** Adds a vector, one value a cell, to one column of a group. */
  add(base: number, column: number, delta: ArrayLike<number>): void {
    const page = this.#page(base)
    let at = (base & IN_PAGE) * COLUMNS + column
    for (let i = 0; i < delta.length; i++, at += COLUMNS) {
      page[at] = (page[at] ?? 0) + (delta[i] ?? 0)
    }
  }

  /** Takes one column of a group out of it, leaving zeros. */
  take(base: number, width: number, column: number): number[] {
    const values = this.read(base, width, column)
    const page = this.#page(base)
    for (let i = 0; i < width; i++) page[((base + i) & IN_PAGE) * COLUMNS + column] = 0
    return values
  }

  /** Returns one column of a group. */
  read(base: number, width: number, column: number): number[] {
    const values = new Array<number>(width)
    for (let i = 0; i < width; i++) values[i] = this.get(base + i, column)
    return values
  }

  #page(cell: number): Float64Array {
    const page = this.#pages[cell >>> PAGE_BITS]
    if (!page) throw new RangeError(`no cell ${cell}`)
    return page
  }
}
