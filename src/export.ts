import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  EXPORT_BUCKETS,
  EXPORT_COLUMNS,
  EXPORT_TABLES,
  type ExportReport,
  type ExportWindow,
  exportReport,
} from './analyzer/export-report.ts'
import { systemClock } from './clock.ts'
import { csvPieces, jsonPieces } from './export-files.ts'
import { createLog } from './log.ts'
import { partPrefix } from './stats/closed-parts.ts'
import { findDatabaseFile } from './store/database-file.ts'
import { makeFolder } from './store/make-folder.ts'
import { loadMemory } from './store/memory-keeper.ts'
import { openStore } from './store/open-store.ts'
import { codeOf } from './store/store-error.ts'

const FORMATS = ['csv', 'json'] as const
export type ExportFormat = (typeof FORMATS)[number]

export type ExportOptions = {
  /** The DATABASE_URL. */
  url: string
  format: ExportFormat
  window: ExportWindow
  /** Undefined: everything goes to `out`. */
  folder: string | undefined
  out: Writable
  now?: number
}

// The most that MAX_CHANNELS may be: an export must evict none.
const LIMITS = { maxChannels: 100_000, retentionDays: 400 }

/**
 * Prints what the memory knows, or writes it into a folder, where it replaces its own files; a running
 * program is not disturbed. Returns the exit code.
 * @throws StoreError when the store cannot be read, Error when the folder cannot be written.
 */
export async function exportMemory(options: ExportOptions): Promise<number> {
  const { folder, format, out } = options
  const files = filesOf(await readReport(options), format)
  if (folder === undefined) {
    await pipeline(Readable.from(inARow(files)), out, { end: false }).catch(ignoreClosed)
    return 0
  }
  await writeInto(folder, files)
  return 0
}

async function writeInto(folder: string, files: readonly File[]): Promise<void> {
  try {
    await makeFolder(folder, 0o700)
    for (const { name, pieces } of files) {
      // What the node earns is nobody else's business.
      const file = createWriteStream(join(folder, name), { mode: 0o600 })
      await pipeline(Readable.from(pieces), file)
    }
  } catch (error) {
    throw unwritable(folder, error)
  }
}

function unwritable(folder: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error)
  const text =
    codeOf(error) === 'EEXIST'
      ? `${folder} is not a folder, or lies in something that is none. It was left as it is. Name a folder, new or not.`
      : `The export cannot be written to ${folder} (${reason}). Name a folder that may be written, on a disk with space.`
  return new Error(text, { cause: error })
}

async function readReport({ url, window, now = systemClock.now() }: ExportOptions) {
  await findDatabaseFile(url)
  await using store = await openStore({ url, log: createLog('silent'), lock: false })
  return store.snapshot(async (documents) => {
    const memory = await loadMemory(documents, LIMITS, now)
    const closed = await documents.readAll(partPrefix(EXPORT_BUCKETS[window]))
    return exportReport(memory, window, closed, now)
  })
}

type File = { name: string; pieces: Iterable<string> }

function filesOf(report: ExportReport, format: ExportFormat): readonly File[] {
  if (format === 'json')
    return [{ name: 'export.json', pieces: jsonPieces(report.window, EXPORT_TABLES, report) }]
  return EXPORT_TABLES.map((table) => ({
    name: `${table}.csv`,
    pieces: csvPieces(report[table], EXPORT_COLUMNS[table]),
  }))
}

function* inARow(files: readonly File[]): Generator<string> {
  for (const [i, { pieces }] of files.entries()) {
    if (i > 0) yield '\n'
    yield* pieces
  }
}

/** Whoever reads the output may have read enough. */
function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** Whether a text is a format. */
export function isExportFormat(format: string): format is ExportFormat {
  return FORMATS.some((one) => one === format)
}

/** Whether a text is a window that can be exported. */
export function isExportWindow(window: string): window is ExportWindow {
  return Object.hasOwn(EXPORT_BUCKETS, window)
}
