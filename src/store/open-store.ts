import { Keyv } from 'keyv'
import { type Clock, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import { AtomicStore, type Row, rowsOf } from './atomic-store.ts'
import { decode } from './codec.ts'
import { databaseFile, examineDatabase, makeDatabaseFile, sizeOnDisk } from './database-file.ts'
import type { Doc, Documents } from './documents.ts'
import { takeInstanceLock } from './instance-lock.ts'
import {
  checkedMeta,
  META_KEY,
  type Meta,
  MIGRATIONS,
  type Migration,
  migrate,
  olderForm,
  otherNode,
  versionAfter,
} from './migrations.ts'
import { damaged, StoreError, storeErrorOf } from './store-error.ts'

/** The documents of one node in one SQLite file. Every method throws StoreError. */
export type Store = Documents &
  AsyncDisposable & {
    /** Binds a new store to its node; throws when it is already another node's. */
    claim(pubkey: string): Promise<void>
    /** Reads one member of many documents; those that lack it are left out. */
    readMember(question: MemberQuestion): Promise<Map<string, unknown>>
    /** Reads as of one moment, whatever the running program writes meanwhile. */
    snapshot<T>(read: (documents: Pick<Documents, 'readAll'>) => Promise<T>): Promise<T>
    /** Gives space that is not used any more back to the disk, when it is much of the file. */
    giveBack(): Promise<void>
    /** Bytes on disk, the write-ahead log included. */
    sizeBytes(): Promise<number>
    /** The form on disk. */
    readonly version: number
  }

/** A member, by its name, of each document whose key begins with `prefix` and is not below `from`. */
export type MemberQuestion = { prefix: string; from: string; member: string }

export type StoreOptions = {
  /** `sqlite://PATH`. */
  url: string
  log: Log
  /** False for a helper that may use the store of a running program. */
  lock?: boolean
  clock?: Pick<Clock, 'now'>
  migrations?: readonly Migration[]
  /** Bounds the file to that many pages of 4 KiB: a full disk, for tests. */
  maxPages?: number
}

// Printable ASCII sorts alike in SQLite and in JavaScript; 255 is the width of Keyv's column.
const KEY = /^[\x20-\x7e]{1,255}$/
// Nothing that SQLite's paths would have to have escaped.
const MEMBER = /^[\w#:.-]{1,255}$/
const LOWEST_CHARACTER = ' '
const ABOVE_ALL_CHARACTERS = '\x7f'
// With documents of up to some 150 KB, a page is at most some 15 MB of text at a time.
const PAGE_ROWS = 100
// Buckets come and go all the time and use pages again: they are given back when the file has become
// a third larger than it must be, and is not tiny (a page has 4 KiB).
const MIN_FREE_PAGES = 256
const FREE_SHARE = 1 / 4
// One statement moves a few MB, so that the second's save does not wait for long.
const PAGES_AT_ONCE = 1_000

/**
 * Opens the store that a DATABASE_URL names, and makes it where there is none.
 * @throws StoreError when it is damaged, unreadable, held by another process or too new. Nothing
 *   is ever replaced.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const file = databaseFile(options.url)
  await makeDatabaseFile(file)
  const unlock = options.lock === false ? undefined : await takeInstanceLock(file)
  try {
    await examineDatabase(file)
    return await SqliteStore.open(file, options, unlock)
  } catch (error) {
    await unlock?.()
    throw storeErrorOf(error, file)
  }
}

class SqliteStore implements Store {
  readonly #file: string
  readonly #store: AtomicStore
  readonly #keyv: Keyv<string>
  readonly #unlock: (() => Promise<void>) | undefined
  #meta: Meta | undefined
  #tail: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined

  private constructor(file: string, unlock: (() => Promise<void>) | undefined) {
    this.#file = file
    this.#unlock = unlock
    this.#store = new AtomicStore(file)
    this.#keyv = new Keyv<string>({
      store: this.#store,
      useKeyPrefix: false,
      throwOnErrors: true,
      serialize: ({ value }) => String(value),
      // Texts pass as they are: Keyv's own envelope and codec lose bigints and cost ten times ours.
      deserialize: (text) => ({ value: text as never }),
    })
    this.#keyv.on('error', () => undefined)
  }

  static async open(
    file: string,
    options: StoreOptions,
    unlock: (() => Promise<void>) | undefined,
  ): Promise<SqliteStore> {
    const store = new SqliteStore(file, unlock)
    try {
      const mode = await store.#store.prepare(options.maxPages)
      if (mode !== 'wal') options.log.warn({ mode }, 'this disk allows no write-ahead log')
      await store.#begin(options)
      return store
    } catch (error) {
      await store.#store.disconnect().catch(() => undefined)
      throw error
    }
  }

  get version(): number {
    return this.#meta?.version ?? 0
  }

  read(key: string): Promise<unknown> {
    return this.#inTurn(() => this.#get(key))
  }

  readAll(prefix: string): Promise<Map<string, unknown>> {
    return this.#inTurn(() => this.#getAll(prefix))
  }

  async readMember({ prefix, from, member }: MemberQuestion): Promise<Map<string, unknown>> {
    if (!MEMBER.test(member)) throw new TypeError(`not a name of a member: ${member}`)
    const found = new Map<string, unknown>()
    // In pages, each in its turn: a save meanwhile does not wait for all of them.
    for (let next: string | undefined = from; next !== undefined; ) {
      const start: string = next
      next = await this.#inTurn(() => this.#addMembers(found, prefix, start, member))
    }
    return found
  }

  async write(docs: readonly Doc[]): Promise<void> {
    const foreign = docs.find(({ key }) => !KEY.test(key) || key.startsWith('meta:'))
    if (foreign) throw new TypeError(`not a key of a document: ${JSON.stringify(foreign.key)}`)
    await this.#write(docs)
  }

  claim(pubkey: string): Promise<void> {
    return this.#inTurn(async () => {
      // Read again: a helper may have been here in the meantime.
      const meta = checkedMeta(await this.#get(META_KEY), this.version, this.#file)
      if (meta.pubkey === pubkey) return
      if (meta.pubkey !== null) throw otherNode(this.#file, meta.pubkey, pubkey)
      await this.#set(rowsOf([{ key: META_KEY, value: { ...meta, pubkey } }]))
    })
  }

  snapshot<T>(read: (documents: Pick<Documents, 'readAll'>) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#store.query('BEGIN')
      try {
        return await read({ readAll: (prefix) => this.#getAll(prefix) })
      } finally {
        await this.#store.query('ROLLBACK')
      }
    })
  }

  async giveBack(): Promise<void> {
    const { all, free } = await this.#inTurn(() => this.#store.pages())
    if (free < MIN_FREE_PAGES || free < all * FREE_SHARE) return
    for (let left = free; left > 0; left -= PAGES_AT_ONCE) {
      await this.#inTurn(() => this.#store.giveBack(Math.min(left, PAGES_AT_ONCE)))
    }
  }

  sizeBytes(): Promise<number> {
    return this.#inTurn(() => sizeOnDisk(this.#file))
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Encodes at once: the batch is what the documents are now, whatever becomes of them. */
  async #write(docs: readonly Doc[]): Promise<void> {
    const rows = rowsOf(docs)
    if (rows.length > 0) await this.#inTurn(() => this.#set(rows))
  }

  async #begin({ log, lock, clock, migrations = MIGRATIONS }: StoreOptions): Promise<void> {
    const known = versionAfter(migrations)
    if (await this.#store.isEmpty()) {
      await this.#store.rebuild()
      const createdAt = (clock ?? systemClock).now()
      this.#meta = { version: known, pubkey: null, createdAt }
      await this.#write([{ key: META_KEY, value: this.#meta }])
      log.info({ file: this.#file }, 'made a new database')
      return
    }
    const meta = checkedMeta(await this.#get(META_KEY), known, this.#file)
    if (meta.version < known && lock === false) throw olderForm(this.#file)
    this.#meta = await migrate(this.#migrationPlace(), meta, migrations)
    if (meta.version < known) log.info({ from: meta.version, to: known }, 'migrated the database')
  }

  #migrationPlace() {
    return {
      file: this.#file,
      readAll: (prefix: string) => this.#getAll(prefix),
      write: (docs: readonly Doc[]) => this.#write(docs),
      copyTo: async (copy: string) => void (await this.#store.query('VACUUM INTO ?', copy)),
      rebuild: () => this.#store.rebuild(),
    }
  }

  /** SQLite runs statements on a pool of threads: they keep their order only one at a time. */
  async #inTurn<T>(act: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw closed(this.#file)
    const turn = this.#tail.then(act)
    this.#tail = turn.catch(() => undefined)
    try {
      return await turn
    } catch (error) {
      throw storeErrorOf(error, this.#file)
    }
  }

  async #get(key: string): Promise<unknown> {
    const text = await this.#keyv.get(key)
    return text === undefined ? undefined : this.#decode(key, text)
  }

  async #getAll(prefix: string): Promise<Map<string, unknown>> {
    const found = new Map<string, unknown>()
    let from = prefix
    for (;;) {
      const rows = await this.#store.page(from, prefix + ABOVE_ALL_CHARACTERS, PAGE_ROWS)
      for (const { key, value } of rows) found.set(key, this.#decode(key, value))
      const last = rows.at(-1)
      if (!last || rows.length < PAGE_ROWS) return found
      from = last.key + LOWEST_CHARACTER
    }
  }

  /** Adds a page of members and returns the key to go on from; undefined when there is no more. */
  async #addMembers(
    found: Map<string, unknown>,
    prefix: string,
    from: string,
    member: string,
  ): Promise<string | undefined> {
    const end = prefix + ABOVE_ALL_CHARACTERS
    const rows = await this.#store.memberPage(member, from, end, PAGE_ROWS)
    for (const { key, value } of rows) {
      if (value !== null) found.set(key, this.#decode(key, value))
    }
    const last = rows.at(-1)
    return last && rows.length === PAGE_ROWS ? last.key + LOWEST_CHARACTER : undefined
  }

  async #set(rows: readonly Row[]): Promise<void> {
    await this.#keyv.setMany([...rows])
  }

  #decode(key: string, text: string): unknown {
    try {
      return decode(text)
    } catch (error) {
      throw damaged(this.#file, `its document ${key} cannot be read`, error)
    }
  }

  async #close(): Promise<void> {
    await this.#tail
    try {
      await this.#store.disconnect()
    } finally {
      await this.#unlock?.()
    }
  }
}

function closed(file: string): StoreError {
  return new StoreError('closed', `The database ${file} is already closed.`)
}
