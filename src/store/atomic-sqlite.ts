import { KeyvSqlite } from '@keyv/sqlite'

export const TABLE = 'docs'

/**
 * @keyv/sqlite with batches that are whole or not there: its own `setMany` writes row by row and
 * leaves half of them behind when the process is killed. One statement is one transaction.
 */
export class AtomicSqlite extends KeyvSqlite {
  constructor(path: string, busyTimeout: number) {
    super({ uri: `sqlite://${path}`, table: TABLE, busyTimeout })
    // A failed connection is reported by the first query; without a listener it would be thrown.
    this.on('error', () => undefined)
  }

  async setMany(entries: readonly { key: string; value: unknown }[]): Promise<boolean[]> {
    await this.query(
      `INSERT INTO ${TABLE}(key, value) SELECT value->>0, value->>1 FROM json_each(?) WHERE true
       ON CONFLICT(key) DO UPDATE SET value = excluded.value`,
      JSON.stringify(entries.map(({ key, value }) => [key, value])),
    )
    return entries.map(() => true)
  }
}
