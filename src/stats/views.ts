import type { Channel, ChannelPolicies } from '../lightning/channel.ts'
import type { FailureFamily } from '../lightning/failure.ts'
import type { Scid } from '../lightning/scid.ts'

/** The windows that a question may name. `all` is everything since the store was made. */
export const WINDOWS = ['1h', '24h', '7d', '30d'] as const
export type Window = (typeof WINDOWS)[number]

/** The windows that a chart may show: an hour is a figure, not a curve. */
export const CHART_WINDOWS = ['24h', '7d', '30d'] as const satisfies Window[]
export type ChartWindow = (typeof CHART_WINDOWS)[number]

/** What an answer really covers: its bounds (epoch ms) and for how long of it the stream was up. */
export type Span = { from: number; to: number; coveredMs: number }

/** Refusals of one failure class on one side of a channel (or of the node). */
export type Refused = {
  /** LND's term: see `failureClass`. */
  failure: string
  attempts: number
  /** Fees offered (in − out), an upper bound of what was missed and mostly retries. */
  offeredMsat: bigint
  /** Outgoing amounts asked for. */
  volumeMsat: bigint
}

/** What passed on one side of a channel: outgoing by the channel used, or incoming. */
export type SideView = {
  settled: number
  failedDownstream: number
  /** In flight now. */
  pending: number
  /** Outgoing amounts of settled forwards. */
  volumeMsat: bigint
  earnedMsat: bigint
  /** Half of the settled forwards took at most this long; undefined without a settled one. */
  medianSettleMs: number | undefined
  /** Most attempts first. */
  refused: readonly Refused[]
}

/** One refusal, remembered for the chat: the last few of each channel. */
export type RecentRefusal = {
  at: number
  incoming: Scid | undefined
  outgoing: Scid
  failure: string
  /** 0 where LND gave no amounts. */
  outgoingMsat: bigint
  offeredMsat: bigint
}

/** A channel whole, over one window. */
export type ChannelView = {
  scid: Scid
  /** The peer's alias; empty when unknown. */
  alias: string
  pubkey: string | undefined
  /** The last that LND said of it; undefined when it was never listed (closed before we came). */
  channel: Channel | undefined
  policies: ChannelPolicies | undefined
  /** Epoch ms when it was found closed; undefined while open. */
  closedAt: number | undefined
  span: Span
  outgoing: SideView
  incoming: SideView
  /** Newest first, at most 5. */
  recent: readonly RecentRefusal[]
}

/** An open channel as LND last listed it. */
export type ChannelStand = {
  scid: Scid
  /** The peer's alias; empty when unknown. */
  alias: string
  channel: Channel
  policies: ChannelPolicies | undefined
}

/** The node as a whole, over one window. */
export type NodeView = {
  span: Span
  forwards: SideView
  own: { sent: number; sendFailed: number; received: number; receiveRefused: number }
  dropped: Dropped
}

/** Events that decided nothing, by reason (the contract's `dropped`). */
export type Dropped = {
  finals: number
  replays: number
  unmatched: number
  foreign: number
  unknown: number
}

export const RANK_ORDERS = ['missed', 'earned', 'volume', 'failures'] as const
export type RankOrder = (typeof RANK_ORDERS)[number]

/** The families that a ranking may be limited to. */
export const RANK_FAMILIES = [
  'liquidity',
  'fee',
  'limit',
  'peer',
] as const satisfies FailureFamily[]
export type RankFamily = (typeof RANK_FAMILIES)[number]

export type RankQuestion = {
  window: Window
  order: RankOrder
  /** Undefined: refusals of every class. */
  family: RankFamily | undefined
  offset: number
  limit: number
}

/** One line of a ranking. */
export type RankedChannel = {
  scid: Scid
  alias: string
  closed: boolean
  /** Of the family asked for. */
  refusedAttempts: number
  offeredMsat: bigint
  /** The class with the most attempts among them; undefined without a refusal. */
  mainFailure: string | undefined
  settled: number
  failedDownstream: number
  volumeMsat: bigint
  earnedMsat: bigint
  capacityMsat: bigint | undefined
  localMsat: bigint | undefined
}

export type Ranking = {
  question: RankQuestion
  span: Span
  /** Channels that have anything to rank by; `rows` is the page asked for. */
  total: number
  rows: readonly RankedChannel[]
}

/** What /status shows of the memory. */
export type MemoryStatus = {
  /** Epoch ms of the first event stream ever; undefined before it. */
  listeningSince: number | undefined
  streamUp: boolean
  lastEventAt: number | undefined
  openChannels: number
  closedChannels: number
  maxChannels: number
  inFlight: number
  /** Since the store was made. */
  events: number
  dropped: Dropped
  evictedChannels: number
  cleanedChannels: number
  /** In-flight HTLCs given up because LND no longer knew them or the cap was reached. */
  lostHtlcs: number
  /** Events whose detail (demands, refusals, settle times) was shed in a burst; counters are exact. */
  shedEvents: number
  /** Demands that ended early because too many were open. */
  demandsClosedEarly: number
  /** Demands of which only day totals are left, and day totals for which there was no room either. */
  foldedDemands: number
  droppedDayTotals: number
  /** The most recent gaps of the stream, newest first, at most 5. */
  gaps: readonly { from: number; to: number | undefined }[]
  /** Unknown enum values and event kinds by name and count, at most 20. */
  unknowns: readonly { name: string; count: number }[]
}

/** The questions that the bot may ask of the memory; all answers are copies. */
export type MemoryViews = {
  rank(question: RankQuestion, now: number): Ranking
  channel(scid: Scid, window: Window, now: number): ChannelView | undefined
  node(window: Window, now: number): NodeView
  status(now: number): MemoryStatus
  /** Channels that a text may mean: any scid notation, a channel point, or part of an alias or pubkey. */
  find(text: string): readonly ChannelMatch[]
}

export type ChannelMatch = {
  scid: Scid
  alias: string
  capacityMsat: bigint | undefined
  closed: boolean
}

/** What passed and what was refused within an hour or a UTC day. */
export type SeriesBucket = {
  /** Epoch ms; the running bucket ends now. */
  from: number
  to: number
  settled: number
  earnedMsat: bigint
  /** Refused attempts: for lack of balance, and for every other reason. */
  refusedForBalance: number
  refusedOtherwise: number
}

/** A time from one moment to another; epoch ms. */
export type TimeSpan = { from: number; to: number }

/** The hours (of 24h and 7d) or the UTC days (of 30d) of a window, oldest first and without holes. */
export type Series = {
  window: ChartWindow
  span: Span
  buckets: readonly SeriesBucket[]
  /** When nobody listened: refusals of these times are unknown. Oldest first, as in `unread`. */
  uncovered: readonly TimeSpan[]
  /** When nobody listened and LND's history has not been read yet: settled forwards are unknown, too. */
  unread: readonly TimeSpan[]
}

/** Our side of a channel through a window. */
export type BalanceSeries = {
  capacityMsat: bigint
  /** Oldest first; each holds until the next. Empty while nothing is known. */
  points: readonly { at: number; localMsat: bigint }[]
}

/** A channel through a window, as the outgoing one. */
export type ChannelSeries = {
  series: Series
  /** Undefined when LND never listed it. */
  balances: BalanceSeries | undefined
}

/** What charts are drawn from; all answers are copies. */
export type ChartViews = {
  /** The node as a whole. */
  node(window: ChartWindow, now: number): Promise<Series>
  /** Undefined when no channel of ours has that id. */
  channel(scid: Scid, window: ChartWindow, now: number): Promise<ChannelSeries | undefined>
}
