import { type AlertRule, GROUP_WAIT_MS } from '../kind.ts'

/** The whole node refuses more than usual. */
export const spikeNode: AlertRule = {
  kind: 'spike.node',
  severity: 'warn',
  waitMs: () => GROUP_WAIT_MS,
  // The detector waits for half an hour of calm itself.
  calmMs: 0,
  absorbedBy: [{ kind: 'lnd.down', of: 'node' }],
}
