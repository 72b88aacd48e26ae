import { open, rename, rm } from 'node:fs/promises'

/**
 * Writes a copy of a database, readable for its owner alone, under another name until it is whole:
 * whoever writes it may be killed. What stood under the name is replaced.
 */
export async function writeCopy(
  copyTo: (part: string) => Promise<void>,
  copy: string,
): Promise<void> {
  const part = `${copy}.part`
  await rm(part, { force: true })
  // SQLite fills an empty file as well as none, and would make one that everybody may read.
  await (await open(part, 'wx', 0o600)).close()
  try {
    await copyTo(part)
    await rename(part, copy)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}
