/** A document to save: JSON values, with bigints of msat and bytes. */
export type MemoryDoc = { key: string; value: unknown }
