import type { Scid } from '../lightning/scid.ts'
import { groupWidth } from './account.ts'
import { partStart } from './closed-parts.ts'
import type { Memory } from './memory.ts'
import { LateRows, type Rows } from './rows.ts'
import { type BucketName, bucketPlace } from './windows.ts'

/** What one group of a channel's counters came to in one bucket; Float64 msat and counts. */
export type HistoryRow = {
  /** Epoch ms of the bucket's start. */
  start: number
  /** The channel, perhaps one that was evicted since. */
  scid: Scid
  group: number
  cells: readonly number[]
}

/**
 * Returns the channels' history by hours or UTC days, those that began before `from` left out:
 * closed buckets, as their documents say, and the running one. Oldest first.
 */
export function channelHistory(
  memory: Memory,
  bucket: BucketName,
  closed: ReadonlyMap<string, unknown>,
  from: number,
): readonly HistoryRow[] {
  // What was filled in late is in documents of its own: a bucket is the sum of its parts.
  const sums = new LateRows()
  for (const [key, rows] of closed) {
    const start = partStart(key)
    if (start >= from) addAll(sums, String(start), rows as Rows)
  }
  const running = memory.ledger.runningSince(bucket)
  if (running >= from) addAll(sums, String(running), runningRows(memory, bucketPlace(bucket)))
  return sums
    .take()
    .sort(([a], [b]) => Number(a) - Number(b))
    .flatMap(([start, rows]) => rowsOf(Number(start), rows, memory.node.name))
}

function addAll(sums: LateRows, start: string, rows: Rows): void {
  for (const [name, own] of Object.entries(rows)) {
    for (const [group = 0, ...cells] of own) {
      // On disk zeros at the end are left out.
      const padded = Array.from({ length: groupWidth(group) }, (_, i) => cells[i] ?? 0)
      sums.add(start, name, group, padded)
    }
  }
}

function runningRows(memory: Memory, place: number): Rows {
  const accounts = [...memory.book].map((own) => own.account)
  return Object.fromEntries(
    accounts.map((account) => [account.name, memory.ledger.runningBucketRows(account, place)]),
  )
}

function rowsOf(start: number, rows: Rows, node: string): readonly HistoryRow[] {
  return Object.entries(rows).flatMap(([name, own]) => {
    if (name === node) return []
    // An account is named by its channel's id and serial.
    const scid = name.split('#')[0] as Scid
    return own.map(([group = 0, ...cells]) => ({ start, scid, group, cells }))
  })
}
