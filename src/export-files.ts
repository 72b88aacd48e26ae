import { stringify } from 'csv-stringify/sync'
import type { ExportRow } from './analyzer/export-report.ts'

const ROWS_AT_ONCE = 1_000

/** One object with a row a line, in pieces: a month of a large node makes 100 MB of it. */
export function* jsonPieces<T extends string>(
  window: object,
  tables: readonly T[],
  rowsOf: Readonly<Record<T, readonly ExportRow[]>>,
): Generator<string> {
  yield `{"window": ${JSON.stringify(window)}`
  for (const table of tables) {
    yield `,\n"${table}": [`
    let separator = '\n'
    for (const row of rowsOf[table]) {
      yield separator + JSON.stringify(row)
      separator = ',\n'
    }
    yield ']'
  }
  yield '}\n'
}

/** A table with its columns' names on the first line, in pieces. */
export function* csvPieces(
  rows: readonly ExportRow[],
  names: readonly string[],
): Generator<string> {
  yield csvOf([names])
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) {
    yield csvOf(rows.slice(i, i + ROWS_AT_ONCE), names)
  }
}

function csvOf(
  rows: readonly (ExportRow | readonly string[])[],
  names: readonly string[] = [],
): string {
  return stringify([...rows], {
    ...(names.length > 0 && { columns: [...names] }),
    cast: { boolean: String },
    // Names of peers are a stranger's words, and a spreadsheet would obey them.
    escape_formulas: true,
  })
}

/** The last rows whose texts stay within so many bytes together, and how many were left out. */
export function lastWithin(
  rows: readonly ExportRow[],
  mostBytes: number,
  bytesOf: (row: ExportRow) => number,
): { rows: readonly ExportRow[]; leftOut: number } {
  let bytes = 0
  let first = rows.length
  while (first > 0) {
    bytes += bytesOf(rows[first - 1] ?? {})
    if (bytes > mostBytes) break
    first -= 1
  }
  return { rows: rows.slice(first), leftOut: first }
}
