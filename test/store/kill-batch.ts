import type { Doc } from '../../src/store/documents.ts'

/** The document that tells which batch the others must be of. */
export const HEAD = 'batch:head'

const DOCUMENTS = 20
const FILLING = 'x'.repeat(2_000)

/** Batch n: every document carries n, some are deleted and come back in a later one. */
export function batchOf(number: number): readonly Doc[] {
  const docs = Array.from({ length: DOCUMENTS }, (_, i) => ({
    key: `batch:${i}`,
    value: (i + number) % 3 === 0 ? undefined : { number, msat: BigInt(number), filling: FILLING },
  }))
  return [...docs, { key: HEAD, value: number }]
}
