import { type AlertRule, DAY_MS, GROUP_WAIT_MS, MINUTE_MS } from '../kind.ts'

/** The whole node refuses more than usual. */
export const spikeNode: AlertRule = {
  kind: 'spike.node',
  severity: 'warn',
  waitMs: () => GROUP_WAIT_MS,
  calmMs: 30 * MINUTE_MS,
  settlesMs: DAY_MS,
  absorbedBy: [{ kind: 'lnd.down', of: 'node' }],
}
