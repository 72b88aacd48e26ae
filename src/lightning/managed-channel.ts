import { msatFromSat, ppmOf } from './msat.ts'

/**
 * What lnd-manage, a bookkeeper beside LND, says of one channel or of one peer with all its channels:
 * what LND itself does not keep. Amounts are of all time, in msat; a part that its version does not
 * know is undefined.
 */
export type ManagedReport = {
  /** How well the liquidity works, in msat earned a day for each million sat; undefined when too young. */
  rating: number | undefined
  /** Its warnings, in its own words. */
  warnings: readonly string[]
  fees: ManagedFees | undefined
  flow: ManagedFlow | undefined
  onChain: OnChainCosts | undefined
  rebalances: Rebalances | undefined
}

/** What forwards earned that left here, and what those earned elsewhere that came in here. */
export type ManagedFees = { earnedMsat: bigint; sourcedMsat: bigint }

/** What moved, by why. */
export type ManagedFlow = {
  forwardedOutMsat: bigint
  forwardedInMsat: bigint
  /** Received by payments to us. */
  receivedMsat: bigint
}

/** Fees paid to the chain for opening, closing, and sweeping what closing left. */
export type OnChainCosts = { openMsat: bigint; closeMsat: bigint; sweepMsat: bigint }

/** Our own circular payments: into the channel (more outbound) and out of it, with their fees. */
export type Rebalances = {
  inMsat: bigint
  inCostMsat: bigint
  outMsat: bigint
  outCostMsat: bigint
}

/** A channel and its peer; undefined where lnd-manage knows nothing or did not answer. */
export type Managed = {
  channel: ManagedReport | undefined
  peer: ManagedReport | undefined
}

// A hop's base fee is often 1 sat: below 100,000 sat it alone makes tens of ppm, which say nothing of
// what a real amount would cost.
const LEAST_REBALANCED_MSAT = msatFromSat(100_000)

/** Returns what refilling cost so far, in ppm of the amount; undefined when too little was moved. */
export function rebalanceCostPpm(amountMsat: bigint, costMsat: bigint): number | undefined {
  if (amountMsat < LEAST_REBALANCED_MSAT || costMsat < 0n) return undefined
  return ppmOf(costMsat, amountMsat)
}
