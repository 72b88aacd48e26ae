import { type AlertRule, DAY_MS, GROUP_WAIT_MS, MINUTE_MS } from '../kind.ts'

/** The channels of one peer refuse more than usual together. */
export const spikePeer: AlertRule = {
  kind: 'spike.peer',
  severity: 'warn',
  waitMs: () => GROUP_WAIT_MS,
  calmMs: 30 * MINUTE_MS,
  settlesMs: DAY_MS,
  absorbedBy: [
    { kind: 'lnd.down', of: 'node' },
    { kind: 'spike.node', of: 'node' },
    { kind: 'peer.offline', of: 'same' },
  ],
}
