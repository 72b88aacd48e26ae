/** What is wrong with a store, in one stable word. */
export type StoreProblem =
  | 'bad-url'
  | 'damaged'
  | 'not-a-database'
  | 'other-program'
  | 'cannot-open'
  | 'missing'
  | 'exists'
  | 'full'
  | 'busy'
  | 'held'
  | 'newer'
  | 'older'
  | 'other-node'
  | 'closed'
  | 'failed'

/** A store that cannot be used. The message is for the operator: what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly problem: StoreProblem

  constructor(problem: StoreProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.problem = problem
  }
}

/** Returns the error of a database file whose content cannot be right. */
export function damaged(file: string, what: string, cause?: unknown): StoreError {
  return new StoreError(
    'damaged',
    `The database ${file} is damaged (${what}). Nothing in it was changed. Put a backup in its ` +
      `place, or move it and its -wal file away together to start with an empty one.`,
    cause,
  )
}

/** Returns what an error of SQLite or of the file system means to the operator. */
export function storeErrorOf(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  const described = DESCRIPTIONS[code]
  if (described) return new StoreError(described[0], described[1](file), error)
  if (code === 'SQLITE_CORRUPT') return damaged(file, wordsOf(error), error)
  const problem = code.startsWith('E') || code === 'SQLITE_CANTOPEN' ? 'cannot-open' : 'failed'
  const failed = problem === 'failed' ? 'failed' : 'cannot be opened'
  return new StoreError(
    problem,
    `The database ${file} ${failed} (${wordsOf(error)}). Check that its folder exists on a disk ` +
      `that works, and that the user who runs missed-sats may read and write both.`,
    error,
  )
}

/** Returns the code of an error of SQLite or of Node.js, or an empty text. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

const DESCRIPTIONS: Record<string, [StoreProblem, (file: string) => string]> = {
  SQLITE_NOTADB: [
    'not-a-database',
    (file) =>
      `${file} is not a database, or its beginning is damaged. Nothing in it was changed. Point ` +
      `DATABASE_URL at another file, or put a backup in its place.`,
  ],
  SQLITE_FULL: ['full', noSpace],
  ENOSPC: ['full', noSpace],
  SQLITE_BUSY: [
    'busy',
    (file) => `Another program keeps the database ${file} locked. Close it and try again.`,
  ],
  SQLITE_READONLY: [
    'cannot-open',
    (file) =>
      `The database ${file} cannot be written. Give the user who runs missed-sats write access ` +
      `to it and to its folder, or point DATABASE_URL at a file on a writable disk.`,
  ],
}

function noSpace(file: string): string {
  return `There is no space left for the database ${file}. Free some on its disk.`
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
