import { type AlertRule, GROUP_WAIT_MS } from '../kind.ts'

/** More forwards than usual fail beyond our peer; seldom anything that we can mend. */
export const spikeDownstream: AlertRule = {
  kind: 'spike.downstream',
  severity: 'digest',
  waitMs: () => GROUP_WAIT_MS,
  // The detector waits for half an hour of calm itself.
  calmMs: 0,
  absorbedBy: [
    { kind: 'lnd.down', of: 'node' },
    { kind: 'spike.node', of: 'node' },
    { kind: 'peer.offline', of: 'peer' },
    { kind: 'spike.peer', of: 'peer' },
  ],
}
