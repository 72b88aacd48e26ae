import type { Scid } from '../lightning/scid.ts'
import type { DoneOutcome } from '../stats/forecasts.ts'
import type { Span, Window } from '../stats/views.ts'
import type {
  Confidence,
  DemandKind,
  EstimatedDemand,
  Missed,
  NodeOpportunity,
  Opportunity,
  RankChange,
} from './views.ts'

/** What the last analysis says of the node over a window. */
export type Opportunities = {
  /** Epoch ms of the analysis: an answer may be up to an hour old. */
  at: number
  span: Span
  /** Every channel, in no order. */
  rows: readonly Opportunity[]
  node: NodeSummary
}

/** The node as a whole. */
export type NodeSummary = NodeOpportunity & {
  refusedAttempts: number
  /** Distinct demands among them. */
  demands: number
  confidence: Confidence
}

/** A demand as a person sees it; amounts in msat. */
export type DemandView = {
  /** See `EstimatedDemand.id`: undefined while it is still going on. */
  id: number | undefined
  /** Epoch ms of its first and last attempt. */
  at: number
  lastAt: number
  /** The channel that brought its best offer; undefined when it is not known any more. */
  from: { scid: Scid; alias: string } | undefined
  /** LND's term: see `failureClass`. */
  failure: string
  isLiquidity: boolean
  kind: DemandKind
  /** Attempts refused. */
  attempts: number
  wantedMsat: bigint
  /** The fee offered for it once, before any chance. */
  feeMsat: bigint
  /** Shares, 0 … 1: see EstimatedDemand and WindowDemand. */
  servedShare: number
  chance: number
  inflow: number
  /** What it adds to the expected figure. */
  expectedMsat: bigint
  leftOut: EstimatedDemand['leftOut']
}

/** What a peer's channels missed together for lack of balance: never the sum of their figures. */
export type PeerMissed = {
  pubkey: string
  alias: string
  /** One of its channels, to name it by where there is no alias. */
  scid: Scid
  channels: number
  /** Distinct demands with money in them. */
  demands: number
  missed: Missed
}

/** Peers by what they are expected to have missed; those with too little data are only counted. */
export type MissedByPeer = {
  at: number
  span: Span
  /** Of the node's figure: where it is too little data, so is every peer's. */
  confidence: Confidence
  rows: readonly PeerMissed[]
  /** Peers with refused demands of which too little is known. */
  hidden: number
}

export type DemandQuestion = { scid: Scid; window: Window; offset: number; limit: number }

/** A page of the demands of a channel, the latest first. */
export type DemandPage = {
  at: number
  span: Span
  total: number
  rows: readonly DemandView[]
}

/** The newest demands of all channels, and how many there are with the older ones. */
export type NewestDemands = {
  total: number
  /** The latest first, each with the channel that was asked for. */
  rows: readonly (DemandView & { scid: Scid; alias: string })[]
}

/**
 * How the figure for lack of balance comes about, step by step, for a channel or for the node;
 * amounts in msat.
 */
export type Explanation = {
  at: number
  span: Span
  /** Refused attempts that are in it, and all their fees added up: retries in it, never money missed. */
  attempts: number
  offeredMsat: bigint
  /** Distinct demands among them, what they wanted to move and one fee for each. */
  demands: number
  wantedMsat: bigint
  demandFeesMsat: bigint
  /** Demands of which a part or all was served after all, and the fees that are left. */
  servedDemands: number
  afterServedMsat: bigint
  /** The mean chance of settling, weighted by fee, 0 … 1, and the fees that are left. */
  meanChance: number
  /** Timers among them: one that gets through goes round more than once. */
  timers: number
  afterChanceMsat: bigint
  /** What is left when neighbours can send no more than they had. */
  afterInflowMsat: bigint
  /** What is added for demands of which only day totals are remembered: they have no steps. */
  foldedMsat: bigint
  missed: Missed
  /** Demands that do not count: an operator said so, or an own policy change explains them. */
  ignoredDemands: number
  policyChangeDemands: number
  confidence: Confidence
}

/** A forecast that was measured, from when balance was added until that was used up or long enough. */
export type ForecastResult = {
  scid: Scid
  /** Epoch ms. */
  endedAt: number
  addedMsat: bigint
  /** What was forecast for the amount that was really added. */
  expectedMsat: bigint
  lowMsat: bigint
  highMsat: bigint
  /** What the demand that had been refused earned since. */
  earnedMsat: bigint
}

/** How forecasts held up. */
export type TrackRecord = {
  /** Recommendations given so far, with a forecast each. */
  given: number
  /** Forecasts that are being measured now. */
  running: number
  /** Forecasts that were measured to the end. */
  n: number
  /** Of earned ÷ expected; undefined without a result. */
  medianRatio: number | undefined
  /** Share of results inside their 80 % interval, 0 … 1; undefined without a result. */
  insideShare: number | undefined
  /** The latest first. */
  results: readonly ForecastResult[]
}

/**
 * What the bot may ask of the analyzer; all answers are copies, of the last analysis. Undefined
 * until there was one.
 */
export type AnalyzerViews = {
  /** Makes an old analysis anew where that is quick, so that the answers are of now. */
  refresh(): Promise<void>
  opportunities(window: Window): Opportunities | undefined
  missedByPeer(window: Window): MissedByPeer | undefined
  demands(question: DemandQuestion): DemandPage | undefined
  /** Those of all channels, at most so many. */
  newestDemands(window: Window, most: number): NewestDemands | undefined
  /** One demand of a channel, by its id; undefined also when it is not remembered any more. */
  demand(scid: Scid, window: Window, id: number): DemandView | undefined
  /** For a channel, or for the node. */
  explain(scid: Scid | undefined, window: Window): Explanation | undefined
  /** Why a channel's rank is not what it was a day ago; undefined while nobody can tell. */
  rankChange(scid: Scid): RankChange | undefined
  track(): TrackRecord
  /**
   * Leaves a demand out of the figures, or counts it again; kept when it resolves. The answers about
   * demands say so at once, the figures from the next analysis on.
   */
  ignore(id: number, on: boolean): Promise<void>
  /** Takes note of recommendations that a chat was shown: their forecasts count from now on. */
  given(opportunities: readonly Opportunity[]): void
  /**
   * Takes note that the operator rebalanced into a channel; kept when it resolves. Nothing is
   * measured without a recommendation, nor before the balance is there.
   */
  done(scid: Scid): Promise<DoneOutcome>
}
