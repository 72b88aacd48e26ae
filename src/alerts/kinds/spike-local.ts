import { type AlertRule, GROUP_WAIT_MS } from '../kind.ts'

/** Our own channel refuses far more distinct demands than usual; measured by analyzer/spikes. */
export const spikeLocal: AlertRule = {
  kind: 'spike.local',
  severity: 'warn',
  waitMs: () => GROUP_WAIT_MS,
  // The detector waits for half an hour of calm itself.
  calmMs: 0,
  absorbedBy: [
    { kind: 'lnd.down', of: 'node' },
    { kind: 'spike.node', of: 'node' },
    { kind: 'peer.offline', of: 'peer' },
    { kind: 'spike.peer', of: 'peer' },
    { kind: 'liq.low', of: 'same', fired: 'not-after' },
  ],
}
