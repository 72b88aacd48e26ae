import { failureFamily } from '../lightning/failure.ts'
import type { Scid } from '../lightning/scid.ts'
import type { NodeTraffic } from '../stats/node-traffic.ts'
import type {
  ChannelView,
  ChartWindow,
  MemoryStatus,
  NodeView,
  Refused,
  Series,
  Span,
} from '../stats/views.ts'
import type { Explanation, NodeSummary, Opportunities } from './answers.ts'
import type { Emptying } from './emptying.ts'
import { demandsOf, isMainlyLiquidity, listOpportunities, mainMissed } from './listing.ts'
import { mostUrgent } from './opportunities.ts'
import type { Missed, Opportunity, Recommendation } from './views.ts'

/** What a digest may be of, each with the window that it sums up. */
export const DIGEST_WINDOWS = { day: '24h', week: '7d', month: '30d' } as const satisfies Record<
  string,
  ChartWindow
>
export type DigestPeriod = keyof typeof DIGEST_WINDOWS

/** A channel that missed most, and the reason for most of it. */
export type DigestChannel = {
  scid: Scid
  alias: string
  /** Undefined where too little is known for a figure. */
  missed: Missed | undefined
  demands: number
  /** LND's term; undefined where none is remembered. */
  failure: string | undefined
}

/** What was refused, and what that is expected to have missed. */
export type DigestRefused = {
  /** As of now. */
  attempts: number
  /** As of the analysis, like the rest. */
  demands: number
  /**
   * For lack of balance, up to: what one node could have earned had every channel been filled, as
   * /top says it. Undefined: too little data.
   */
  missed: Missed | undefined
  /** Epoch ms of the analysis that says so. */
  at: number
}

/** The figures of a digest: all that it says but what differs from chat to chat. */
export type Digest = {
  period: DigestPeriod
  /** Epoch ms as of which they are. */
  at: number
  span: Span
  traffic: NodeTraffic
  /** The span before; undefined where it is not wholly known. */
  before: NodeTraffic | undefined
  /** What its chart is drawn from; undefined where that cannot be read. */
  series: Series | undefined
  /** The last 24 hours, in the digest of a week. */
  lastDay: NodeTraffic | undefined
  /** Undefined before the first analysis. */
  refused: DigestRefused | undefined
  /** At most three, the one that missed most first. */
  top: readonly DigestChannel[]
  /** What to do today: at most three, the most urgent first; none where nothing is worth doing. */
  actions: readonly Opportunity[]
  /** The first one first. */
  emptying: readonly Emptying[]
  /** How long of the span, since the program first listened, it heard nothing; ms. */
  blindMs: number
  /** Epoch ms since when it listens, where that is within the span. */
  listeningSince: number | undefined
  /** Whether settled forwards of the span are still being read from LND's history. */
  isFilling: boolean
}

/** What a digest is made of. */
export type DigestParts = {
  period: DigestPeriod
  now: number
  /** Over the window of the period. */
  node: NodeView
  /** Over 24 hours. */
  day: NodeView
  before: NodeTraffic | undefined
  series: Series | undefined
  isFilling: boolean
  status: Pick<MemoryStatus, 'listeningSince'>
  opportunities: Opportunities | undefined
  /** The node's figure. */
  explanation: Explanation | undefined
  channel(scid: Scid): ChannelView | undefined
  emptying: readonly Emptying[]
}

/** Rows of each list: what an operator does before breakfast is over. */
const SHOWN = 3

/** Puts the figures of a digest together. */
export function digestOf(parts: DigestParts): Digest {
  const { period, now, node, day, before, isFilling, opportunities, emptying } = parts
  const { span } = node
  const { listeningSince = now } = parts.status
  const heardFrom = Math.max(span.from, listeningSince)
  return {
    period,
    at: now,
    span,
    traffic: trafficOf(node),
    before,
    series: parts.series,
    lastDay: period === 'week' ? trafficOf(day) : undefined,
    refused: opportunities && refusedOf(node, opportunities, parts.explanation),
    top: opportunities ? topOf(opportunities, parts) : [],
    actions: opportunities ? actionsOf(opportunities.rows) : [],
    emptying,
    blindMs: Math.max(0, span.to - heardFrom - span.coveredMs),
    listeningSince: listeningSince > span.from ? listeningSince : undefined,
    isFilling,
  }
}

/** Returns whether there is anything in a digest beside what was forwarded. */
export function isQuietDigest({ refused, actions, emptying }: Digest): boolean {
  return (refused?.attempts ?? 0) === 0 && actions.length === 0 && emptying.length === 0
}

function trafficOf({ span, forwards }: NodeView): NodeTraffic {
  const { settled, volumeMsat, earnedMsat } = forwards
  return { from: span.from, to: span.to, settled, volumeMsat, earnedMsat }
}

/** Attempts are those of now, as in the chart; demands and fees as of the analysis. */
function refusedOf(
  { forwards }: NodeView,
  { node, at }: { node: NodeSummary; at: number },
  explanation: Explanation | undefined,
): DigestRefused {
  const attempts = forwards.refused.reduce((sum, one) => sum + one.attempts, 0)
  const isKnown = explanation && explanation.confidence.level !== 'too-little-data'
  return {
    attempts,
    demands: node.demands,
    missed: isKnown ? attainable(explanation.missed, node.upToMsat) : undefined,
    at,
  }
}

/** The sum over channels, which compete for the same sats, brought down to what one node can have. */
function attainable({ expectedMsat, lowMsat, highMsat }: Missed, upToMsat: bigint): Missed {
  if (upToMsat >= expectedMsat) return { expectedMsat, lowMsat, highMsat }
  const part = (msat: bigint) => (msat * upToMsat) / expectedMsat
  return { expectedMsat: upToMsat, lowMsat: part(lowMsat), highMsat: part(highMsat) }
}

function topOf({ rows }: Opportunities, { channel }: DigestParts): readonly DigestChannel[] {
  const least = { demands: 1, expectedMsat: 1n }
  const listing = listOpportunities(rows, { least, offset: 0, limit: SHOWN })
  return listing.rows.map((row) => ({
    scid: row.scid,
    alias: row.alias,
    missed: row.confidence.level === 'too-little-data' ? undefined : mainMissed(row.missed),
    demands: demandsOf(row.missed),
    failure: reasonOf(row, channel(row.scid)),
  }))
}

/** The class with most attempts among those that the larger figure is of. */
function reasonOf({ missed }: Opportunity, view: ChannelView | undefined): string | undefined {
  const refused: readonly Refused[] = view?.outgoing.refused ?? []
  const isLiquidity = isMainlyLiquidity(missed)
  const main = refused.find(
    ({ failure }) => (failureFamily(failure) === 'liquidity') === isLiquidity,
  )
  return (main ?? refused[0])?.failure
}

function actionsOf(rows: readonly Opportunity[]): readonly Opportunity[] {
  return mostUrgent(
    rows.filter(({ recommendation }) => isStep(recommendation)),
    SHOWN,
  )
}

function isStep({ type }: Recommendation): boolean {
  return !['wait', 'leave_alone', 'too_little_data'].includes(type)
}
