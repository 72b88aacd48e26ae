import { backupDatabase } from './store/backup.ts'

/**
 * Copies the database, also of a running program, to a new file. Returns the exit code.
 * @throws StoreError when it cannot.
 */
export async function backup(
  databaseUrl: string,
  file: string,
  print: (line: string) => void,
): Promise<number> {
  const bytes = await backupDatabase(databaseUrl, file)
  print(`Wrote ${file}, ${Math.ceil(bytes / 1000).toLocaleString('en')} kB.`)
  return 0
}
