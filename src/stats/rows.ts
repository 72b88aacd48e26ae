/** Values of one group, as written: the group's id, then its cells with trailing zeros left out. */
export type Row = readonly number[]
/** The rows of many accounts by name. */
export type Rows = Record<string, Row[]>

/** Returns the row of a group, or undefined when all its cells are zero. */
export function toRow(groupId: number, values: readonly number[]): Row | undefined {
  let length = values.length
  while (length > 0 && values[length - 1] === 0) length--
  return length === 0 ? undefined : [groupId, ...values.slice(0, length)]
}

/** Rows that came for buckets already closed, by the prefix of the bucket's documents. */
export class LateRows {
  readonly #parts = new Map<string, Rows>()

  /** Adds a vector to a group of an account in a closed bucket. */
  add(prefix: string, name: string, groupId: number, delta: ArrayLike<number>): void {
    const rows = this.#parts.get(prefix) ?? {}
    this.#parts.set(prefix, rows)
    const own = rows[name] ?? []
    rows[name] = own
    const known = own.findIndex(([id]) => id === groupId)
    const before = own[known] ?? [groupId]
    const after = [groupId]
    for (let i = 0; i < delta.length; i++) after.push((before[i + 1] ?? 0) + (delta[i] ?? 0))
    if (known < 0) own.push(after)
    else own[known] = after
  }

  /** The rows that await being written for a bucket. */
  get(prefix: string): Rows | undefined {
    return this.#parts.get(prefix)
  }

  /** Takes all rows out, to be written. */
  take(): [string, Rows][] {
    const parts = [...this.#parts]
    this.#parts.clear()
    return parts
  }
}
