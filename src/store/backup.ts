import { lstat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { attach } from './attached.ts'
import { writeCopy } from './copy.ts'
import { examineDatabase, findDatabaseFile, sizeOnDisk } from './database-file.ts'
import { StoreError, storeErrorOf } from './store-error.ts'

/**
 * Writes a copy of the database of a DATABASE_URL, as it is at one moment, to a file that does not
 * exist, and returns its size in bytes. A running program is not disturbed; the form on disk stays
 * what it is. The database is looked through before, and the copy after.
 * @throws StoreError when there is none, when it is damaged, or when the copy cannot be written.
 */
export async function backupDatabase(url: string, target: string): Promise<number> {
  const file = await findDatabaseFile(url)
  const copy = resolve(target)
  await examineDatabase(file)
  // A log of another database beside it would be taken for its own.
  for (const path of [copy, `${copy}-wal`]) if (await exists(path)) throw taken(path)
  try {
    await writeCopy((part) => copyOf(file, part), copy)
  } catch (error) {
    throw storeErrorOf(error, copy)
  }
  return sizeOnDisk(copy)
}

async function copyOf(file: string, part: string): Promise<void> {
  const attached = await attach(file)
  try {
    await attached.query('VACUUM beside INTO ?', part)
  } finally {
    await attached.close()
  }
  await examineDatabase(part)
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

function taken(copy: string): StoreError {
  return new StoreError(
    'exists',
    `${copy} exists already and was left as it is. Name a file that does not exist.`,
  )
}
