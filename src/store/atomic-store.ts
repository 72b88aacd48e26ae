import KeyvSqlite from '@keyv/sqlite'
import { encode, MARK } from './codec.ts'
import type { Doc } from './documents.ts'

/** The text that deletes its document; no encoded document is empty. */
export const TOMBSTONE = ''

const TABLE = 'documents'
// Of another connection to the file: `missed-sats pair` beside the running program.
const BUSY_TIMEOUT_MS = 5_000
// The write-ahead log may grow past this for one large batch, and is cut back to it afterwards.
const MAX_IDLE_WAL_BYTES = 16 * 1024 * 1024

/** One row of the table. */
export type Row = { key: string; value: string }

/**
 * Keyv's SQLite adapter with what it lacks: batches that are one statement and so all or nothing
 * (as shipped it writes a batch row by row), deletions within them, and reads by prefix. It must
 * be used by one caller at a time: un-awaited statements run in any order.
 */
export class AtomicStore extends KeyvSqlite {
  /** Must be followed by `prepare` in the same tick, else a failing open ends the process. */
  constructor(file: string) {
    super({ uri: `sqlite://${file}`, table: TABLE, busyTimeout: BUSY_TIMEOUT_MS })
    // The failed opening also rejects every query, where it is handled.
    this.on('error', () => undefined)
  }

  /** Sets the file up for durable writes and returns the journal mode that the disk allows. */
  async prepare(maxPages: number | undefined): Promise<string> {
    await this.query('PRAGMA synchronous=FULL')
    // Whoever kills this process or its power finds complete batches only, in either mode.
    const modes = await this.query('PRAGMA journal_mode=WAL')
    await this.query(`PRAGMA journal_size_limit=${MAX_IDLE_WAL_BYTES}`)
    if (maxPages !== undefined) await this.query(`PRAGMA max_page_count=${maxPages}`)
    for (const event of ['INSERT', 'UPDATE']) await this.query(buryAfter(event))
    return String(modes[0]?.journal_mode)
  }

  /** Lays the file anew, as one that can give space back. */
  async rebuild(): Promise<void> {
    await this.query('PRAGMA auto_vacuum=INCREMENTAL')
    await this.query('VACUUM')
  }

  /** Returns how many pages the file has, and how many of them hold nothing. */
  async pages(): Promise<{ all: number; free: number }> {
    const [all] = await this.query('PRAGMA page_count')
    const [free] = await this.query('PRAGMA freelist_count')
    return { all: Number(all?.page_count), free: Number(free?.freelist_count) }
  }

  /** Gives at most that many pages that hold nothing back to the disk. */
  async giveBack(pages: number): Promise<void> {
    await this.query(`PRAGMA incremental_vacuum(${pages})`)
  }

  /** Writes all entries in one statement: all of them or none; TOMBSTONE deletes. */
  async setMany(entries: readonly Row[]): Promise<void> {
    const rows = JSON.stringify(entries.map(({ key, value }) => [key, value]))
    await this.query(
      `INSERT INTO ${TABLE}(key, value) SELECT value->>0, value->>1 FROM json_each(?) WHERE true
       ON CONFLICT(key) DO UPDATE SET value = excluded.value`,
      rows,
    )
  }

  /** Returns at most `limit` rows with keys from `from` to before `end`, by key. */
  async page(from: string, end: string, limit: number): Promise<readonly Row[]> {
    return this.query(
      `SELECT key, value FROM ${TABLE} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`,
      [from, end, limit],
    )
  }

  /**
   * Returns one member of each document with a key from `from` to before `end`, by key, at most
   * `limit`; null where the document has no such member. SQLite takes it out, so that the rest of
   * the document never reaches the heap.
   */
  async memberPage(
    member: string,
    from: string,
    end: string,
    limit: number,
  ): Promise<readonly { key: string; value: string | null }[]> {
    return this.query(
      `SELECT key, CASE WHEN substr(value, 1, 1) = '${MARK}'
         THEN '${MARK}' || (substr(value, 2) -> ?1) ELSE value -> ?1 END AS value
       FROM ${TABLE} WHERE key >= ?2 AND key < ?3 ORDER BY key LIMIT ?4`,
      [`$."${member}"`, from, end, limit],
    )
  }

  /** Whether nothing was ever stored. */
  async isEmpty(): Promise<boolean> {
    return (await this.query(`SELECT 1 FROM ${TABLE} LIMIT 1`)).length === 0
  }
}

/**
 * Returns the rows of a batch. Of several values of one key the last counts: what a statement
 * makes of several is not defined.
 * @throws TypeError when a document holds what cannot be stored.
 */
export function rowsOf(docs: readonly Doc[]): readonly Row[] {
  const texts = new Map<string, string>()
  for (const { key, value } of docs) {
    texts.set(key, value === undefined ? TOMBSTONE : encode(key, value))
  }
  return Array.from(texts, ([key, value]) => ({ key, value }))
}

/** A trigger belongs to the statement that fires it, so a batch with deletions stays atomic. */
function buryAfter(event: string): string {
  return `CREATE TRIGGER IF NOT EXISTS bury_after_${event.toLowerCase()} AFTER ${event} ON ${TABLE}
    WHEN NEW.value = '${TOMBSTONE}' BEGIN DELETE FROM ${TABLE} WHERE key = NEW.key; END`
}
