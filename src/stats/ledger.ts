import { type Account, groupWidth } from './account.ts'
import { ALL, Cells, FIVE } from './cells.ts'
import { type ClosedPart, ClosedParts, partPrefix } from './closed-parts.ts'
import { type DueBucket, Retention } from './retention.ts'
import { type Row, type Rows, toRow } from './rows.ts'
import { BUCKETS, type BucketName, bucketPlace, bucketStart, TOTAL_COLUMNS } from './windows.ts'

/** The ledger's own state on disk, beside the rows of accounts. */
export type LedgerState = {
  running: number[]
  low: number[]
  lastPart: number[]
  parts: number
}

// What a closed five minutes is added to: the running hour and day, the windows, all time.
const SUM_COLUMNS = [1, 2, ...TOTAL_COLUMNS]

/**
 * Counters of many accounts over sliding windows. Only the running five minutes change with an
 * event; at their end they are added to the running hour and day and to each window's total, and
 * written once as a closed bucket. When a closed bucket leaves a window it is read back and
 * subtracted, so the totals are always up to date and no closed bucket stays in memory.
 *
 * Sums are Float64: exact up to 2^53 msat (90,071 BTC) in any one cell.
 */
export class Ledger {
  readonly #cells = new Cells()
  readonly #accounts = new Map<string, Account>()
  readonly #active: Account[][] = [[], [], []]
  readonly #closed = new ClosedParts()
  readonly #retention: Retention
  readonly #dirtyRunning = new Set<number>()
  readonly #dirtyAccounts: Account[] = []
  readonly #dirtyTotals = new Set<number>()
  #running: number[]

  constructor(now: number, retentionDays: number) {
    this.#retention = new Retention(now, retentionDays)
    this.#running = BUCKETS.map(({ ms }) => bucketStart(now, ms))
  }

  /** Keeps day buckets that many days from now on; those dropped before do not come back. */
  retain(days: number): void {
    this.#retention.retain(days)
  }

  /** Registers an account so that closed buckets can find it. */
  open(account: Account): void {
    this.#accounts.set(account.name, account)
  }

  /** Forgets an account and gives its cells back. */
  close(account: Account): void {
    this.#accounts.delete(account.name)
    for (const { id, base } of account.groups) this.#cells.release(base, groupWidth(id))
    account.clear()
    this.#dirtyRunning.add(account.index)
    this.#dirtyTotals.add(account.index)
  }

  /** Adds a vector to a group of an account at a time (epoch ms), which may lie in the past. */
  post(account: Account, groupId: number, delta: ArrayLike<number>, at: number): void {
    const base = this.#base(account, groupId)
    if (at < (this.#running[FIVE] ?? 0)) {
      this.#postLate(account, groupId, base, delta, at)
      return
    }
    this.#cells.add(base, FIVE, delta)
    this.#activate(account, FIVE)
    this.#markRunning(account)
  }

  /** Returns one cell's sum over a window's column, the running five minutes included. */
  sum(base: number, column: number): number {
    return this.#cells.get(base, column) + this.#cells.get(base, FIVE)
  }

  /** Returns all cells of a group over a window's column. */
  sums(account: Account, groupId: number, column: number): number[] {
    const width = groupWidth(groupId)
    const base = account.base(groupId)
    if (base < 0) return new Array<number>(width).fill(0)
    return Array.from({ length: width }, (_, i) => this.sum(base + i, column))
  }

  /** Returns when the oldest bucket begins that a window's total still holds (epoch ms). */
  lowOf(horizon: number): number {
    return this.#retention.lowOf(horizon)
  }

  /** Returns when the bucket of a length began that runs now (epoch ms). */
  runningSince(name: BucketName): number {
    return this.#running[bucketPlace(name)] ?? 0
  }

  /** Closes the buckets that have ended by now. Cheap when none has. */
  advance(now: number): void {
    const [five] = BUCKETS
    if (now < (this.#running[FIVE] ?? 0) + five.ms) return
    this.#closeFive()
    for (let bucket = 0; bucket < BUCKETS.length; bucket++) this.#closeBucket(bucket, now)
  }

  /** Returns the closed buckets that have left a window or their retention by now. */
  due(now: number): DueBucket[] {
    return this.#retention.due(now, this.#running)
  }

  /**
   * Takes a due bucket out of its window; `parts` are its documents as read back. Returns the keys
   * to delete, when it was its retention that ended. Late additions not yet written count too.
   */
  settle(due: DueBucket, parts: ReadonlyMap<string, unknown>): string[] {
    const horizon = this.#retention.leave(due)
    if (!horizon) return []
    if (horizon.column === undefined) return [...parts.keys()]
    for (const rows of parts.values()) this.#subtract(rows as Rows, horizon.column)
    const pending = this.#closed.late.get(due.prefix)
    if (pending) this.#subtract(pending, horizon.column)
    return []
  }

  /** Returns the parts that were closed, or filled in late, since the last call. */
  takeClosed(): ClosedPart[] {
    return this.#closed.take()
  }

  /** Returns the places of accounts whose running rows changed since the last call. */
  takeDirtyRunning(): number[] {
    for (const account of this.#dirtyAccounts) {
      account.isDirty = false
      this.#dirtyRunning.add(account.index)
    }
    this.#dirtyAccounts.length = 0
    return takeAll(this.#dirtyRunning)
  }

  /** Returns the places of accounts whose totals changed since the last call. */
  takeDirtyTotals(): number[] {
    return takeAll(this.#dirtyTotals)
  }

  /** Returns an account's rows of the running five minutes. */
  runningRows(account: Account): Row[] {
    return this.#rows(account, FIVE)
  }

  /** Returns an account's rows of a running bucket (by its place in BUCKETS) as it stands now. */
  runningBucketRows(account: Account, bucket: number): Row[] {
    return account.groups.flatMap(({ id, base }) => {
      const row = toRow(
        id,
        Array.from({ length: groupWidth(id) }, (_, i) => this.sum(base + i, bucket)),
      )
      return row ? [row] : []
    })
  }

  /** Returns an account's totals: rows of every other column, each headed by its number. */
  totalRows(account: Account): Row[][] {
    return SUM_COLUMNS.map((column) => this.#rows(account, column))
  }

  /** Puts an account's saved rows back into empty cells. */
  restore(account: Account, running: readonly Row[], totals: readonly (readonly Row[])[]): void {
    this.#fill(account, running, FIVE)
    totals.forEach((rows, i) => {
      this.#fill(account, rows, SUM_COLUMNS[i] ?? ALL)
    })
  }

  state(): LedgerState {
    return {
      running: [...this.#running],
      ...this.#retention.state(),
      parts: this.#closed.count,
    }
  }

  restoreState(state: LedgerState): void {
    this.#running = [...state.running]
    this.#retention.restore(state)
    this.#closed.count = state.parts
  }

  #fill(account: Account, rows: readonly Row[], column: number): void {
    for (const [groupId = 0, ...values] of rows) {
      this.#cells.add(this.#base(account, groupId), column, values)
    }
    if (rows.length > 0 && column < BUCKETS.length) this.#activate(account, column)
  }

  #rows(account: Account, column: number): Row[] {
    return account.groups.flatMap(({ id, base }) => {
      const row = toRow(id, this.#cells.read(base, groupWidth(id), column))
      return row ? [row] : []
    })
  }

  #base(account: Account, groupId: number): number {
    const known = account.base(groupId)
    if (known >= 0) return known
    const base = this.#cells.allocate(groupWidth(groupId))
    account.add(groupId, base)
    return base
  }

  #activate(account: Account, column: number): void {
    const bit = 1 << column
    if ((account.active & bit) !== 0) return
    account.active |= bit
    this.#active[column]?.push(account)
  }

  #markRunning(account: Account): void {
    if (account.isDirty) return
    account.isDirty = true
    this.#dirtyAccounts.push(account)
  }

  #closeFive(): void {
    for (const account of this.#active[FIVE] ?? []) {
      for (const { id, base } of account.groups) {
        const values = this.#cells.read(base, groupWidth(id), FIVE)
        for (const column of SUM_COLUMNS) this.#cells.add(base, column, values)
      }
      this.#activate(account, 1)
      this.#activate(account, 2)
      this.#dirtyRunning.add(account.index)
      this.#dirtyTotals.add(account.index)
    }
  }

  #closeBucket(bucket: number, now: number): void {
    const { name, ms } = BUCKETS[bucket] ?? BUCKETS[0]
    const start = this.#running[bucket] ?? 0
    if (now < start + ms) return
    const rows: [string, Row[]][] = []
    for (const account of this.#active[bucket] ?? []) {
      account.active &= ~(1 << bucket)
      if (this.#accounts.get(account.name) !== account) continue
      rows.push([account.name, this.#takeRows(account, bucket)])
      this.#dirtyTotals.add(account.index)
    }
    this.#active[bucket] = []
    this.#closed.add(partPrefix(name, start), rows)
    if (rows.length > 0) this.#retention.notePart(bucket, start)
    this.#running[bucket] = bucketStart(now, ms)
  }

  #takeRows(account: Account, column: number): Row[] {
    return account.groups.flatMap(({ id, base }) => {
      const row = toRow(id, this.#cells.take(base, groupWidth(id), column))
      return row ? [row] : []
    })
  }

  #postLate(
    account: Account,
    groupId: number,
    base: number,
    delta: ArrayLike<number>,
    at: number,
  ): void {
    BUCKETS.forEach(({ name, ms }, bucket) => {
      if (at >= (this.#running[bucket] ?? 0)) {
        this.#cells.add(base, bucket, delta)
        this.#activate(account, bucket)
      } else if (at >= this.#retention.keptSince(bucket)) {
        const start = bucketStart(at, ms)
        this.#closed.late.add(partPrefix(name, start), account.name, groupId, delta)
        this.#retention.notePart(bucket, start)
      }
    })
    for (const column of [...this.#retention.columnsHolding(at), ALL]) {
      this.#cells.add(base, column, delta)
    }
    this.#dirtyRunning.add(account.index)
    this.#dirtyTotals.add(account.index)
  }

  #subtract(rows: Rows, column: number): void {
    for (const [name, own] of Object.entries(rows)) {
      const account = this.#accounts.get(name)
      if (!account) continue
      for (const [groupId = 0, ...values] of own) {
        const base = account.base(groupId)
        if (base >= 0) this.#cells.add(base, column, values.map(negate))
      }
      this.#dirtyTotals.add(account.index)
    }
  }
}

function negate(value: number): number {
  return -value
}

function takeAll(set: Set<number>): number[] {
  const all = [...set]
  set.clear()
  return all
}
