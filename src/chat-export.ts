import type { AnalyzerViews } from './analyzer/answers.ts'
import { ANALYSIS_COLUMNS, demandRows, opportunityRows } from './analyzer/export-analysis.ts'
import {
  EXPORT_BUCKETS,
  EXPORT_COLUMNS,
  type ExportReport,
  type ExportRow,
  exportReport,
} from './analyzer/export-report.ts'
import type { Clock } from './clock.ts'
import { csvPieces, jsonPieces, lastWithin } from './export-files.ts'
import type { ChatTable, ExportFile, ExportQuestion } from './messages/export.ts'
import { partPrefix } from './stats/ledger.ts'
import type { Memory } from './stats/memory.ts'
import type { Store } from './store/open-store.ts'

type Parts = {
  memory: Memory
  analyzer: Pick<AnalyzerViews, 'opportunities' | 'demands'>
  store: Pick<Store, 'snapshot'>
  /** Resolves when all that is remembered is on disk. */
  save(): Promise<void>
  clock: Pick<Clock, 'now'>
}

// Telegram takes 50 MB of a bot. But a file is held in memory three times while it is made and sent,
// and a Raspberry Pi over Tor uploads some 100 kB a second: 8 MB are 24 MB and 80 s, and hold about
// 100,000 rows of 80 bytes.
const MOST_BYTES = 8_000_000

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
): (question: ExportQuestion) => Promise<readonly ExportFile[]> {
  return async (question) => {
    const { format, window, tables } = question
    const report = await readReport(parts, question)
    const rowsOf = {
      ...report,
      demands: tables.includes('demands') ? demandsOf(parts, question) : [],
      opportunities: opportunityRows(parts.analyzer.opportunities(window)?.rows ?? []),
    }
    const most = format === 'json' ? MOST_BYTES / tables.length : MOST_BYTES
    const cut = tables.map((table) => cutTo(most, table, rowsOf[table], format))
    return format === 'json'
      ? [jsonFile(report, question, cut)]
      : cut.map((one) => csvFile(one, window))
  }
}

function cutTo(
  mostBytes: number,
  table: ChatTable,
  all: readonly ExportRow[],
  format: ExportQuestion['format'],
): Cut {
  const { rows, leftOut } = lastWithin(all, mostBytes, bytesOf(format))
  return { table, rows: table === 'opportunities' ? [...rows].reverse() : rows, leftOut }
}

type Cut = { table: ChatTable; rows: readonly ExportRow[]; leftOut: number }

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

async function readReport({ memory, store, save, clock }: Parts, { window }: ExportQuestion) {
  await save()
  const closed = await store.snapshot((documents) =>
    documents.readAll(partPrefix(EXPORT_BUCKETS[window])),
  )
  return exportReport(memory, window, closed, clock.now())
}

function demandsOf({ analyzer }: Parts, { window }: ExportQuestion): readonly ExportRow[] {
  const channels = analyzer.opportunities(window)?.rows ?? []
  const asked = channels.filter(({ refusedAttempts }) => refusedAttempts > 0)
  return demandRows(
    asked.flatMap(({ scid, alias }) => {
      // All that are remembered: the log itself is bounded.
      const page = analyzer.demands({ scid, window, offset: 0, limit: Number.MAX_SAFE_INTEGER })
      return page?.rows.map((row) => ({ ...row, scid, alias })) ?? []
    }),
  )
}

/** What a row takes in the file; of CSV the names of columns are left out, so this is above it. */
function bytesOf(format: ExportQuestion['format']): (row: ExportRow) => number {
  return format === 'json'
    ? (row) => Buffer.byteLength(JSON.stringify(row)) + 2
    : (row) => Buffer.byteLength(Object.values(row).join(',')) + 3 * Object.keys(row).length
}
