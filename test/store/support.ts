import { createLog } from '../../src/log.ts'
import { openStore, type Store, type StoreOptions } from '../../src/store/open-store.ts'

/** Opens the store of a file, with a clock that stands still. */
export function open(file: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const clock = { now: () => 1_700_000_000_000 }
  return openStore({ url: `sqlite://${file}`, log: createLog('silent'), clock, ...options })
}

/** Makes a store of some 240 KB in a file, and closes it. */
export async function fill(file: string): Promise<void> {
  await using store = await open(file)
  const docs = Array.from({ length: 200 }, (_, i) => ({ key: `k:${i}`, value: 'x'.repeat(1000) }))
  await store.write(docs)
}
