import type { Weights } from './random.ts'

const HOUR = 3_600_000

/** How an unpayable HTLC is used: one amount, rising amounts, the largest that passes, before paying. */
export type ProbeKind = 'probe' | 'ladder' | 'search' | 'probe then pay'

/** How those who pay and probe through us behave; shares are probabilities. */
export type Habits = {
  /** What people want of a flow, and what those want who never pay. */
  wants: Weights<'payment' | ProbeKind>
  probes: Weights<ProbeKind>
  /** How often a part is tried at most. */
  attempts: Weights<number>
  /** The next try comes minutes later in place of seconds. */
  slowShare: number
  /** The payment is given up after twenty minutes in place of one. */
  patientShare: number
  /** After a refusal a part goes on in halves. */
  halvesShare: number
  /** Payments from `leastMsat` on that start out in 2 … `mostParts` parts; some in unequal ones. */
  multiPart: { share: number; leastMsat: number; mostParts: number; unevenShare: number }
  /** The recipient can't be reached at all, whatever route is tried. */
  hopelessShare: number
  /** A search ends in a payment of what it found. */
  paysFoundShare: number
  /** How many buyers there are towards each peer: the fewer, the more often one comes back. */
  sendersPerPeer: number
  /** A buyer whom we refused stays away with that amount and more for so long, if it obeys. */
  avoidanceMs: number
  obeysShare: number
  /** Their gossip is hours old in place of minutes. */
  oldGossipShare: number
  /** Never looks at the largest and smallest HTLC that a policy allows. */
  ignoresLimitsShare: number
  /**
   * P(the rest of the route works) by outgoing amount in sat; between the points the logarithm of
   * the amount decides.
   */
  reach: readonly (readonly [number, number])[]
}

/** The habits of a mixed public. */
export const USUAL_HABITS: Habits = {
  wants: [
    ['payment', 56],
    ['probe', 24],
    ['ladder', 12],
    ['probe then pay', 8],
  ],
  probes: [
    ['probe', 1],
    ['ladder', 2],
  ],
  attempts: [
    [1, 18],
    [2, 14],
    [3, 13],
    [4, 13],
    [5, 12],
    [6, 11],
    [7, 10],
    [8, 9],
  ],
  slowShare: 0.06,
  patientShare: 0.1,
  halvesShare: 0.25,
  multiPart: { share: 0.3, leastMsat: 100_000_000, mostParts: 4, unevenShare: 0 },
  hopelessShare: 0,
  paysFoundShare: 0,
  sendersPerPeer: 250,
  // LND's penalty half-life of a failed pair is an hour (`routing/pathfind.go`).
  avoidanceMs: HOUR,
  obeysShare: 0.6,
  oldGossipShare: 0.3,
  ignoresLimitsShare: 0.4,
  // What routing nodes report per HTLC, falling steeply above a million.
  reach: [
    [1, 0.85],
    [1_000, 0.75],
    [10_000, 0.5],
    [60_000, 0.44],
    [450_000, 0.29],
    [1_500_000, 0.08],
    [10_000_000, 0.02],
  ],
}
