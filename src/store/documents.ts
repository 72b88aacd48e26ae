/** A document to write; a value of undefined deletes it. Values are JSON with bigints allowed. */
export type Doc = { key: string; value: unknown }

/** What the parts of the program need of the store. Keys are `room:rest`. */
export type Documents = {
  read(key: string): Promise<unknown>
  /** All documents whose key begins with the prefix, by key. */
  readAll(prefix: string): Promise<Map<string, unknown>>
  /** One atomic batch: all of it or none, on disk when it resolves. */
  write(docs: readonly Doc[]): Promise<void>
}
