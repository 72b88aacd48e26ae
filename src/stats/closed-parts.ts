import { LateRows, type Row, type Rows } from './rows.ts'
import type { BucketName } from './windows.ts'

/** A part of a closed bucket, written once and never changed. */
export type ClosedPart = { key: string; rows: Rows }

const ACCOUNTS_PER_PART = 500

/** Returns the prefix of the documents of a closed bucket, or of all of one length. */
export function partPrefix(name: BucketName, start?: number): string {
  return start === undefined ? `stats:${name}:` : `stats:${name}:${start}:`
}

/** Returns when the bucket began that the document of a part is of (epoch ms). */
export function partStart(key: string): number {
  return Number(key.split(':')[2])
}

/** What was closed, or came late for what is closed, and awaits being written. */
export class ClosedParts {
  readonly late = new LateRows()
  readonly #parts: ClosedPart[] = []
  /** How many there were ever: each has a key of its own. */
  count = 0

  /** Adds the rows of a closed bucket's accounts, by name. */
  add(prefix: string, rows: readonly (readonly [string, Row[]])[]): void {
    for (let i = 0; i < rows.length; i += ACCOUNTS_PER_PART) {
      const part = Object.fromEntries(rows.slice(i, i + ACCOUNTS_PER_PART))
      this.#parts.push({ key: `${prefix}${this.count++}`, rows: part })
    }
  }

  /** Takes all parts out, to be written. */
  take(): ClosedPart[] {
    for (const [prefix, rows] of this.late.take()) this.add(prefix, Object.entries(rows))
    return this.#parts.splice(0)
  }
}
