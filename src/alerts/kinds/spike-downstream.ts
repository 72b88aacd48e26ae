import { type AlertRule, DAY_MS, GROUP_WAIT_MS, MINUTE_MS } from '../kind.ts'

/** More forwards than usual fail beyond our peer; seldom anything that we can mend. */
export const spikeDownstream: AlertRule = {
  kind: 'spike.downstream',
  severity: 'digest',
  waitMs: () => GROUP_WAIT_MS,
  calmMs: 30 * MINUTE_MS,
  settlesMs: DAY_MS,
  absorbedBy: [
    { kind: 'lnd.down', of: 'node' },
    { kind: 'spike.node', of: 'node' },
    { kind: 'peer.offline', of: 'peer' },
    { kind: 'spike.peer', of: 'peer' },
  ],
}
