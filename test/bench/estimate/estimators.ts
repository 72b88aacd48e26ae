import { ALL_STEPS, type Steps } from '../../../src/analyzer/demand-cases.ts'
import { estimate, runToEnd } from '../../../src/analyzer/estimate.ts'
import { failureFamily } from '../../../src/lightning/failure.ts'
import { OUTGOING } from '../../../src/stats/account.ts'
import { ALL } from '../../../src/stats/cells.ts'
import type { Memory } from '../../../src/stats/memory.ts'
import { sideView } from '../../../src/stats/memory-views.ts'
import type { Refused } from '../../../src/stats/views.ts'
import { START } from './period.ts'

/** A figure in msat with its 80 % interval. */
export type Figure = { expected: number; low: number; high: number }

/** What a node missed for lack of balance: by the key of the peer asked for, and their sum. */
export type Estimate = { peers: ReadonlyMap<string, number>; sum: Figure }

/** What judges a memory that has listened to a node up to a time (epoch ms). */
export type Estimator = (memory: Memory, now: number) => Estimate

/** The program's own estimate. */
export const METHOD = 'the estimate'
/** The offered fees of all refusals, as other tools add them up. */
export const NAIVE = 'sum of all refusals'

/** Everything that is judged, by name. */
export const ESTIMATORS: ReadonlyMap<string, Estimator> = new Map<string, Estimator>([
  [NAIVE, sumOfRefusals],
  ['sum of liquidity refusals', sumOfLiquidityRefusals],
  [METHOD, (memory, now) => estimated(memory, now, ALL_STEPS)],
])

/** The steps of the method that can be left out. */
export const STEPS = Object.keys(ALL_STEPS) as (keyof Steps)[]

/** Returns the estimate without one of its steps. */
export function withoutStep(step: keyof Steps): Estimator {
  return (memory, now) => estimated(memory, now, { ...ALL_STEPS, [step]: false })
}

function estimated(memory: Memory, now: number, steps: Steps): Estimate {
  const span = { name: 'all', from: START } as const
  const { spans } = runToEnd(estimate(memory, [span], now, steps))
  const found = spans.get('all')
  if (!found) throw new Error('the estimate lacks the span that it was asked for')
  const peers = [...found.peers].map(
    ([peer, missed]) =>
      [memory.demands.peers.keyOf(peer) ?? '', Number(missed.expectedMsat)] as const,
  )
  const { expectedMsat, lowMsat, highMsat } = found.node
  const sum = { expected: Number(expectedMsat), low: Number(lowMsat), high: Number(highMsat) }
  return { peers: new Map(peers), sum }
}

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
