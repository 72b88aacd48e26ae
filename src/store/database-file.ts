import { access, constants, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { attach } from './attached.ts'
import { makeFolder } from './make-folder.ts'
import { codeOf, damaged, StoreError, storeErrorOf } from './store-error.ts'

const SCHEME = 'sqlite://'

/**
 * Returns the absolute path of the database that a `sqlite://PATH` names; a relative path counts
 * from the working folder.
 * @throws StoreError for any other text.
 */
export function databaseFile(url: string): string {
  const path = url.startsWith(SCHEME) ? url.slice(SCHEME.length) : ''
  if (path !== '' && !path.startsWith(':') && !path.endsWith('/')) return resolve(path)
  throw new StoreError(
    'bad-url',
    `DATABASE_URL must be sqlite:// and the path of a file, such as ` +
      `sqlite://data/missed-sats.sqlite, but it is ${JSON.stringify(url)}.`,
  )
}

/**
 * Returns the path of the database that a DATABASE_URL names, which must exist.
 * @throws StoreError when it does not.
 */
export async function findDatabaseFile(url: string): Promise<string> {
  const file = databaseFile(url)
  try {
    if ((await sizeOf(file)) > 0) return file
  } catch (error) {
    throw storeErrorOf(error, file)
  }
  throw missing(file)
}

/**
 * Makes the file, readable for its owner alone, and its folder, where they do not exist.
 * @throws StoreError when it cannot, or when the place holds something that is not a file.
 */
export async function makeDatabaseFile(file: string): Promise<void> {
  try {
    await makeFolder(dirname(file), 0o700)
    await makePrivate(file)
    const found = await stat(file)
    if (!found.isFile()) throw notAFile(file)
    // SQLite would open it for reading alone and fail at the first write.
    for (const path of [file, dirname(file)]) await access(path, constants.R_OK | constants.W_OK)
    if (found.size === 0 && (await sizeOf(`${file}-wal`)) > 0) throw orphanedLog(file)
    await makePrivate(`${file}.lock`)
  } catch (error) {
    throw storeErrorOf(error, file)
  }
}

/** Returns the bytes that a database takes on disk, its write-ahead log included. */
export async function sizeOnDisk(file: string): Promise<number> {
  return (await sizeOf(file)) + (await sizeOf(`${file}-wal`))
}

/**
 * Looks the whole file through before anything is done to it.
 * @throws StoreError when it is damaged, no database, or another program's.
 */
export async function examineDatabase(file: string): Promise<void> {
  try {
    const attached = await attach(file)
    try {
      const [verdict] = await attached.query('PRAGMA beside.quick_check(1)')
      if (verdict?.['quick_check'] !== 'ok') throw damaged(file, String(verdict?.['quick_check']))
      const tables = await attached.query(
        "SELECT name FROM beside.sqlite_schema WHERE type='table'",
      )
      if (tables.length > 0 && !tables.some(({ name }) => name === 'documents')) {
        throw otherProgram(file)
      }
    } finally {
      await attached.close()
    }
  } catch (error) {
    throw storeErrorOf(error, file)
  }
}

async function makePrivate(path: string): Promise<void> {
  try {
    // Only ever a new file: closing a second handle of an open one would drop SQLite's locks on it.
    await (await open(path, 'wx', 0o600)).close()
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0
    throw error
  }
}

function missing(file: string): StoreError {
  return new StoreError(
    'missing',
    `There is no database ${file}. DATABASE_URL names it, relative to the working folder or not.`,
  )
}

function notAFile(file: string): StoreError {
  return new StoreError(
    'cannot-open',
    `${file} is a folder or a device, not a file. Point DATABASE_URL at a file.`,
  )
}

function orphanedLog(file: string): StoreError {
  return damaged(file, `it is empty while ${file}-wal, which belongs to it, is not`)
}

function otherProgram(file: string): StoreError {
  return new StoreError(
    'other-program',
    `${file} is the database of another program. Point DATABASE_URL at a file of its own.`,
  )
}
