import type { AnalyzerViews } from '../analyzer/answers.ts'
import { ANALYSIS_COLUMNS, demandRows, opportunityRows } from '../analyzer/export-analysis.ts'
import {
  EXPORT_BUCKETS,
  EXPORT_COLUMNS,
  type ExportReport,
  type ExportRow,
  exportReport,
} from '../analyzer/export-report.ts'
import type { Clock } from '../clock.ts'
import { csvPieces, jsonPieces, lastWithin } from '../export-files.ts'
import type { ChatTable, ExportFile, ExportQuestion, LeftOut } from '../messages/export.ts'
import type { Memory } from '../stats/memory.ts'
import { bucketMs, bucketStart, WINDOW_COLUMNS } from '../stats/windows.ts'
import type { Store } from '../store/open-store.ts'
import { newestBuckets } from './newest-buckets.ts'

type Parts = {
  memory: Memory
  analyzer: Pick<AnalyzerViews, 'opportunities' | 'newestDemands'>
  store: Pick<Store, 'readAll'>
  /** Resolves when all that is remembered is on disk. */
  save(): Promise<void>
  clock: Pick<Clock, 'now'>
}

// Telegram takes 50 MB of a bot. But a file is held in memory three times while it is made and sent,
// and a Raspberry Pi over Tor uploads some 100 kB a second: 8 MB are 24 MB and 80 s, and hold about
// 100,000 rows of 80 bytes. As many rows of hours or days, or of demands, take some 70 MB meanwhile.
const MOST = { bytes: 8_000_000, rows: 100_000 }

const NO_DEMANDS = { total: 0, rows: [] }

const COLUMNS: Readonly<Record<ChatTable, readonly string[]>> = {
  ...EXPORT_COLUMNS,
  ...ANALYSIS_COLUMNS,
}

/**
 * Returns what writes the files that a chat asks for: a CSV for each table, or one JSON with all. What
 * is too much for a file loses its oldest rows.
 */
export function chatExport(
  parts: Parts,
  most = MOST,
): (question: ExportQuestion) => Promise<readonly ExportFile[]> {
  return async (question) => {
    const { format, window, tables } = question
    const { report, since } = await readReport(parts, question, most.rows)
    const wanted = tables.includes('demands') ? most.rows : 0
    const { total, rows: newest } = parts.analyzer.newestDemands(window, wanted) ?? NO_DEMANDS
    const rowsOf = {
      ...report,
      demands: demandRows(newest),
      opportunities: opportunityRows(parts.analyzer.opportunities(window)?.rows ?? []),
    }
    const mostBytes = format === 'json' ? most.bytes / tables.length : most.bytes
    const cut = tables.map((table) => {
      const { rows, leftOut } = lastWithin(rowsOf[table], mostBytes, bytesOf(format))
      const kept = table === 'opportunities' ? [...rows].reverse() : rows
      const older = table === 'demands' ? total - newest.length : 0
      return { table, rows: kept, leftOut: leftOutOf(table, rows, leftOut + older, since) }
    })
    return format === 'json'
      ? [jsonFile(report, question, cut)]
      : cut.map((one) => csvFile(one, window))
  }
}

/** What a table lacks: rows, or everything before a time. */
function leftOutOf(
  table: ChatTable,
  rows: readonly ExportRow[],
  leftOut: number,
  since: number | undefined,
): LeftOut | undefined {
  const from = rows[0]?.['from']
  if (leftOut > 0)
    return typeof from === 'string' ? { before: Date.parse(from) } : { rows: leftOut }
  const isOfBuckets = table === 'forwards' || table === 'refusals'
  return isOfBuckets && since !== undefined ? { before: since } : undefined
}

type Cut = { table: ChatTable; rows: readonly ExportRow[]; leftOut: LeftOut | undefined }

function csvFile({ table, rows, leftOut }: Cut, window: string): ExportFile {
  const content = [...csvPieces(rows, COLUMNS[table])].join('')
  return {
    name: `${table}-${window}.csv`,
    content,
    tables: [{ table, rows: rows.length, leftOut }],
  }
}

function jsonFile(
  report: ExportReport,
  { tables, window }: ExportQuestion,
  cut: readonly Cut[],
): ExportFile {
  const rowsOf = Object.fromEntries(cut.map(({ table, rows }) => [table, rows]))
  const pieces = jsonPieces(
    report.window,
    tables,
    rowsOf as Record<ChatTable, readonly ExportRow[]>,
  )
  return {
    name: `missed-sats-${window}.json`,
    content: [...pieces].join(''),
    tables: cut.map(({ table, rows, leftOut }) => ({ table, rows: rows.length, leftOut })),
  }
}

async function readReport(parts: Parts, { window }: ExportQuestion, mostRows: number) {
  const { memory, clock } = parts
  const bucket = EXPORT_BUCKETS[window]
  const from = clock.now() - WINDOW_COLUMNS[window].ms
  const ms = bucketMs(bucket)
  const { closed, since } = await newestBuckets(parts, bucket, bucketStart(from, ms), mostRows)
  return { report: exportReport(memory, window, closed, clock.now()), since }
}

/** What a row takes in the file; of CSV the names of columns are left out, so this is above it. */
function bytesOf(format: ExportQuestion['format']): (row: ExportRow) => number {
  return format === 'json'
    ? (row) => Buffer.byteLength(JSON.stringify(row)) + 2
    : (row) => Buffer.byteLength(Object.values(row).join(',')) + 3 * Object.keys(row).length
}
