/** Says in plain words why the store cannot be used and what to do about it. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

const ADVICE: Readonly<Record<string, string>> = {
  SQLITE_CANTOPEN:
    'cannot be opened. Check that its folder exists and that this user may write to it.',
  SQLITE_READONLY: 'cannot be written to. Check its owner and permissions.',
  SQLITE_NOTADB: `is not a database. ${moveAway()}`,
  SQLITE_CORRUPT: `is damaged. ${moveAway()}`,
  SQLITE_FULL: 'cannot grow: the disk is full. Free some space.',
  SQLITE_BUSY:
    'is held by another process. Stop the other missed-sats, or use another DATABASE_URL.',
  SQLITE_IOERR: 'cannot be read or written: the disk reports an error. Check the disk.',
}

/** Returns what an operator should read of an error of SQLite's on a file. */
export function storeError(file: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  const advice = ADVICE[code] ?? `cannot be used (${code || messageOf(error)}). ${moveAway()}`
  return new StoreError(`The store ${file} ${advice}`, { cause: error })
}

/** Returns the error of a store whose content is not what it should be. */
export function damagedStore(file: string, cause?: unknown): StoreError {
  return new StoreError(`The store ${file} is damaged. ${moveAway()}`, { cause })
}

function moveAway(): string {
  return 'It was left as it is. Restore it from a backup, or move it away to begin anew.'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
