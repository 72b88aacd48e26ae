import type { ChannelMissed, Missed, Opportunity } from './views.ts'

/** The least that a channel must have to be listed. */
export type Least = { demands: number; expectedMsat: bigint }

export type ListQuestion = { least: Least; offset: number; limit: number }

/** A page of opportunities by expected missed, and how many `least` keeps off the list. */
export type Listing = {
  total: number
  hidden: number
  offset: number
  rows: readonly Opportunity[]
}

/**
 * Lists the channels that refused anything, by what they are expected to have missed. Past the end
 * it is the last page.
 */
export function listOpportunities(
  all: readonly Opportunity[],
  { least, offset, limit }: ListQuestion,
): Listing {
  const refusing = all.filter(({ refusedAttempts }) => refusedAttempts > 0)
  const listed = refusing.filter((one) => isListed(one, least)).sort(byExpected)
  const last = Math.max(0, Math.floor((listed.length - 1) / limit) * limit)
  const from = offset < listed.length ? offset : last
  return {
    total: listed.length,
    hidden: refusing.length - listed.length,
    offset: from,
    rows: listed.slice(from, from + limit),
  }
}

/**
 * Returns the larger of a channel's two figures. They are never added: each has remedies of its own.
 */
export function mainMissed(missed: ChannelMissed): Missed {
  return isMainlyLiquidity(missed) ? missed.liquidity : missed.other
}

/** Returns whether lack of balance is the larger of a channel's two figures, or the only one. */
export function isMainlyLiquidity(missed: ChannelMissed): boolean {
  const { liquidity, other, liquidityDemands, otherDemands } = missed
  if (liquidity.expectedMsat !== other.expectedMsat) {
    return liquidity.expectedMsat > other.expectedMsat
  }
  return liquidityDemands > 0 || otherDemands === 0
}

/** Returns the distinct demands of both figures: a demand has one class. */
export function demandsOf({ liquidityDemands, otherDemands }: ChannelMissed): number {
  return liquidityDemands + otherDemands
}

// A figure that is not shown for want of data must not hide its channel.
function isListed({ missed, confidence }: Opportunity, least: Least): boolean {
  if (demandsOf(missed) < least.demands) return false
  const isShown = confidence.level !== 'too-little-data'
  return !isShown || mainMissed(missed).expectedMsat >= least.expectedMsat
}

function byExpected(a: Opportunity, b: Opportunity): number {
  const left = mainMissed(a.missed).expectedMsat
  const right = mainMissed(b.missed).expectedMsat
  if (left !== right) return left < right ? 1 : -1
  return b.refusedAttempts - a.refusedAttempts
}
