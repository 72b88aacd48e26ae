import type { Reading } from '../../analyzer/reading.ts'
import type { LndStatus } from '../../lightning/node-status.ts'
import { type AlertRule, MINUTE_MS } from '../kind.ts'

// A node that starts syncs for minutes; only one that does not get there is news.
const STARTING_WAIT_MS = 5 * MINUTE_MS

/** LND or its event stream is lost. */
export const lndDown: AlertRule = {
  kind: 'lnd.down',
  severity: 'crit',
  waitMs: (facts) =>
    facts.kind === 'lnd' && facts.state === 'starting' ? STARTING_WAIT_MS : MINUTE_MS,
  calmMs: MINUTE_MS,
  absorbedBy: [],
}

/** Fires whenever LND is not listened to; the rule's wait says for how long it must be so. */
export function readLnd({ state, since }: LndStatus): Reading {
  return {
    kind: 'lnd.down',
    subject: 'node',
    severity: lndDown.severity,
    level: state === 'listening' ? 'calm' : 'fire',
    facts: { kind: 'lnd', since, state },
  }
}
