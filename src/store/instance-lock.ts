import { attach } from './attached.ts'
import { codeOf, StoreError, storeErrorOf } from './store-error.ts'

/**
 * Takes the lock that one process may hold on a database: an exclusive transaction on the empty
 * file `FILE.lock`. The operating system drops it with the process, however it ends, so no stale
 * lock remains; the database itself stays readable and writable for helpers that ask for no lock.
 * @throws StoreError when another process holds it.
 */
export async function takeInstanceLock(file: string): Promise<() => Promise<void>> {
  const lockFile = `${file}.lock`
  try {
    return await lockedFile(lockFile)
  } catch (error) {
    throw codeOf(error) === 'SQLITE_BUSY' ? held(file, error) : storeErrorOf(error, lockFile)
  }
}

async function lockedFile(lockFile: string): Promise<() => Promise<void>> {
  const attached = await attach(lockFile)
  try {
    // Nothing is ever written into it, so no journal file needs to lie beside it.
    await attached.query('PRAGMA beside.journal_mode=OFF')
    await attached.query('BEGIN EXCLUSIVE')
    return () => attached.close()
  } catch (error) {
    await attached.close()
    throw error
  }
}

function held(file: string, cause: unknown): StoreError {
  return new StoreError(
    'held',
    `The database ${file} is held by another process of missed-sats. Stop that one first, or ` +
      `give this one a DATABASE_URL of its own.`,
    cause,
  )
}
