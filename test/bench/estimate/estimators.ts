import { failureFamily } from '../../../src/lightning/failure.ts'
import { OUTGOING } from '../../../src/stats/account.ts'
import { ALL } from '../../../src/stats/cells.ts'
import type { Memory } from '../../../src/stats/memory.ts'
import { sideView } from '../../../src/stats/memory-views.ts'
import type { Refused } from '../../../src/stats/views.ts'

/** A figure in msat with its 80 % interval. */
export type Figure = { expected: number; low: number; high: number }

/** What a node missed for lack of balance: by the key of the peer asked for, and their sum. */
export type Estimate = { peers: ReadonlyMap<string, number>; sum: Figure }

/** What judges a memory that has listened to a week. */
export type Estimator = (memory: Memory) => Estimate

export const METHOD = 'the estimate'
/** The offered fees of all refusals, as other tools add them up. */
export const NAIVE = 'sum of all refusals'

/** Everything that is judged, by name. */
export const ESTIMATORS: ReadonlyMap<string, Estimator> = new Map([
  [NAIVE, sumOfRefusals],
  ['sum of liquidity refusals', sumOfLiquidityRefusals],
])

function sumOfRefusals(memory: Memory): Estimate {
  return sumOfOffers(memory, () => true)
}

function sumOfLiquidityRefusals(memory: Memory): Estimate {
  return sumOfOffers(memory, ({ failure }) => failureFamily(failure) === 'liquidity')
}

function sumOfOffers(memory: Memory, isCounted: (refused: Refused) => boolean): Estimate {
  const peers = new Map<string, number>()
  let total = 0
  for (const { account, channel } of memory.book) {
    const { refused } = sideView(memory, account, OUTGOING, ALL, 0)
    const offered = refused
      .filter(isCounted)
      .reduce((sum, { offeredMsat }) => sum + Number(offeredMsat), 0)
    total += offered
    if (channel) peers.set(channel.peer.pubkey, (peers.get(channel.peer.pubkey) ?? 0) + offered)
  }
  return { peers, sum: { expected: total, low: total, high: total } }
}
