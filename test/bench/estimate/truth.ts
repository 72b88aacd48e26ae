import { REFUSALS } from '../../../src/demo/forwarding.ts'
import type { Attempt } from '../../../src/demo/world-stage.ts'
import { isHeard, type Period } from './period.ts'

/** What a node truly missed for lack of balance, in msat, by the key of the peer asked for. */
export type Truth = ReadonlyMap<string, number>

/**
 * Plays the same days again for each peer towards which balance lacked, with ample balance towards that
 * peer alone: the fees that payments towards it earn more are what was missed. Only what ended
 * while somebody listened counts.
 */
export function truthOf(asItWas: Period): Truth {
  const lacking = new Set(asItWas.attempts.filter(lacksBalance).map(({ to }) => to))
  const missed = new Map<string, number>()
  for (const { name, pubkey } of asItWas.world.peers()) {
    if (!lacking.has(name)) continue
    const ours = asItWas.world.channels().filter(({ peer }) => peer.pubkey === pubkey)
    const ample = asItWas.again(new Set(ours.map(({ scid }) => scid)))
    ample.world.advance(ample.endAt)
    missed.set(pubkey, feesTowards(ample, name) - feesTowards(asItWas, name))
  }
  return missed
}

/** Returns the fees in msat that settled payments towards a peer paid while somebody listened. */
export function feesTowards(period: Period, peer: string): number {
  return period.attempts
    .filter(({ to, outcome, at }) => to === peer && outcome === 'settled' && isHeard(period, at))
    .reduce((sum, { feeMsat }) => sum + feeMsat, 0)
}

function lacksBalance({ refusal }: Attempt): boolean {
  return refusal?.detail === REFUSALS.insufficientBalance.detail
}
