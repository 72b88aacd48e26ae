import { type AlertRule, GROUP_WAIT_MS } from '../kind.ts'

/** The channels of one peer refuse more than usual together. */
export const spikePeer: AlertRule = {
  kind: 'spike.peer',
  severity: 'warn',
  waitMs: () => GROUP_WAIT_MS,
  // The detector waits for half an hour of calm itself.
  calmMs: 0,
  absorbedBy: [
    { kind: 'lnd.down', of: 'node' },
    { kind: 'spike.node', of: 'node' },
    { kind: 'peer.offline', of: 'same' },
  ],
}
