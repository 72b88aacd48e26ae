import { writeCopy } from './copy.ts'
import type { Doc } from './documents.ts'
import { damaged, StoreError } from './store-error.ts'

/** The document that says what the store is; the room `meta` is closed to others. */
export const META_KEY = 'meta:store'

/** What a store says of itself. `createdAt` is epoch ms; `pubkey` is null until a node claimed it. */
export type Meta = { version: number; pubkey: string | null; createdAt: number }

/**
 * Brings the documents from one form on disk to the next: returns those that change. They are
 * written together with the new version, as one atomic batch. `rebuild` lays the file itself anew,
 * as one that gives space back; killed in between it is done again.
 */
export type Migration = (
  readAll: (prefix: string) => Promise<ReadonlyMap<string, unknown>>,
  rebuild: () => Promise<void>,
) => Promise<readonly Doc[]>

/** Form 2 has the documents of form 1, in a file that can give space back to the disk. */
const giveSpaceBack: Migration = async (_readAll, rebuild) => {
  await rebuild()
  return []
}

/** In order: the first brings form 1 to form 2. Released ones never change. */
export const MIGRATIONS: readonly Migration[] = [giveSpaceBack]

/** Returns the form on disk that the given migrations lead to. */
export function versionAfter(migrations: readonly Migration[]): number {
  return migrations.length + 1
}

/**
 * Returns a store's word on itself.
 * @throws StoreError when it makes no sense, or when a newer program wrote the store.
 */
export function checkedMeta(found: unknown, known: number, file: string): Meta {
  if (!isMeta(found)) throw damaged(file, 'it does not say which form its documents have')
  if (found.version > known) throw newer(file, found.version, known)
  return found
}

/** What a migration needs of the store. */
export type MigrationPlace = {
  file: string
  readAll(prefix: string): Promise<ReadonlyMap<string, unknown>>
  write(docs: readonly Doc[]): Promise<void>
  /** Writes a copy of the whole database to a file that does not exist. */
  copyTo(file: string): Promise<void>
  /** Lays the file anew, as one that gives space back. */
  rebuild(): Promise<void>
}

/** Brings a store to the newest form, one step after the other, each after a copy of the file. */
export async function migrate(
  place: MigrationPlace,
  meta: Meta,
  migrations: readonly Migration[],
): Promise<Meta> {
  let current = meta
  for (const migration of migrations.slice(meta.version - 1)) {
    await writeCopy(place.copyTo, `${place.file}.form-${current.version}`)
    const docs = await migration(place.readAll, place.rebuild)
    current = { ...current, version: current.version + 1 }
    await place.write([...docs, { key: META_KEY, value: current }])
  }
  return current
}

function isMeta(found: unknown): found is Meta {
  if (typeof found !== 'object' || found === null) return false
  const { version, pubkey } = found as Partial<Meta>
  return (
    Number.isInteger(version) &&
    Number(version) >= 1 &&
    (pubkey === null || typeof pubkey === 'string')
  )
}

function newer(file: string, version: number, known: number): StoreError {
  return new StoreError(
    'newer',
    `The database ${file} was written by a newer missed-sats (form ${version}; this one knows ` +
      `forms up to ${known}). Run that version again, or point DATABASE_URL at another file.`,
  )
}

/** Returns the error of a store that another node claimed. */
export function otherNode(file: string, owner: string, pubkey: string): StoreError {
  return new StoreError(
    'other-node',
    `The database ${file} belongs to node ${short(owner)}, and LND is node ${short(pubkey)}. Use ` +
      `another DATABASE_URL for this node, or move the file and its -wal file away together.`,
  )
}

function short(pubkey: string): string {
  return `${pubkey.slice(0, 10)}…`
}

/** Returns the error of a store that a helper beside the running program may not migrate. */
export function olderForm(file: string): StoreError {
  return new StoreError(
    'older',
    `The database ${file} was written by an older missed-sats. Run \`missed-sats start\` once: it ` +
      `brings the file to the present form.`,
  )
}
