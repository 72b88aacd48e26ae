import type { PeerOf } from '../alerts/absorption.ts'
import { AlertDesk } from '../alerts/desk.ts'
import { DESK_PREFIXES } from '../alerts/desk-documents.ts'
import type { AlertRule } from '../alerts/kind.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Doc, Documents } from './documents.ts'
import { type Saver, startSaving } from './saver.ts'

/** Reads the alerts and mailboxes back as they were last saved. */
export async function loadDesk(
  documents: Documents,
  rules: readonly AlertRule[],
  peerOf: PeerOf,
  now: number,
): Promise<AlertDesk> {
  const found = new Map<string, unknown>()
  for (const prefix of DESK_PREFIXES) {
    for (const [key, value] of await documents.readAll(prefix)) found.set(key, value)
  }
  return AlertDesk.restore(rules, peerOf, found, now)
}

/**
 * Saves what changed at the desk, as one atomic batch: once a second, whenever `flush` asks (which
 * the outbox does before each call), and at disposal. `beside` gives what belongs to the same moment.
 */
export function keepDesk(
  desk: AlertDesk,
  documents: Documents,
  deps: { clock: Clock; log: Log; beside?: () => readonly Doc[] },
): Saver {
  const { beside, clock } = deps
  return startSaving({
    ...deps,
    collect: () => [...desk.takeDocuments(clock.now()), ...(beside?.() ?? [])],
    write: (docs) => documents.write(docs),
  })
}
