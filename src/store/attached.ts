import KeyvSqlite from '@keyv/sqlite'

/** A file attached, under the name `beside`, to an empty database in memory. */
export type Attached = {
  query(sql: string, ...parameters: unknown[]): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

/**
 * Opens a file without touching it: Keyv's adapter would at once create its table in it.
 * @throws SQLite's error when the file cannot be opened.
 */
export async function attach(file: string): Promise<Attached> {
  const memory = new KeyvSqlite({ uri: 'sqlite://:memory:' })
  try {
    await memory.query('ATTACH DATABASE ? AS beside', file)
  } catch (error) {
    await memory.close()
    throw error
  }
  return { query: memory.query, close: memory.close }
}
