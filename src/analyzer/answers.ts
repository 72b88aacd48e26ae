import type { Scid } from '../lightning/scid.ts'
import type { Span, Window } from '../stats/views.ts'
import type {
  ChannelMissed,
  Confidence,
  DemandKind,
  EstimatedDemand,
  Missed,
  Opportunity,
  Recommendation,
} from './views.ts'

/** What the last analysis says of the node over a window. */
export type Opportunities = {
  /** Epoch ms of the analysis: an answer may be up to an hour old. */
  at: number
  span: Span
  /** Every channel, in no order. */
  rows: readonly Opportunity[]
  node: NodeOpportunity
}

/** The node as a whole: what it missed ranks its channels and is not attainable. */
export type NodeOpportunity = {
  refusedAttempts: number
  /** Over all peers, with an interval of its own. */
  missed: ChannelMissed
  confidence: Confidence
  /** The channel whose recommendation alone is expected to bring most; undefined without any. */
  best: Opportunity | undefined
}

/** A demand as a person sees it; amounts in msat. */
export type DemandView = {
  /** See `EstimatedDemand.id`. */
  id: number
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

export type DemandQuestion = { scid: Scid; window: Window; offset: number; limit: number }

/** A page of the demands of a channel, the latest first. */
export type DemandPage = {
  at: number
  span: Span
  total: number
  rows: readonly DemandView[]
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
  afterChanceMsat: bigint
  /** What is left when neighbours can send no more than they had. */
  afterInflowMsat: bigint
  missed: Missed
  /** Demands that do not count: an operator said so, or an own policy change explains them. */
  ignoredDemands: number
  policyChangeDemands: number
  confidence: Confidence
}

/** What a recommendation was expected to earn, as it was given. */
export type Forecast = {
  scid: Scid
  alias: string
  /** Epoch ms when it was given. */
  at: number
  type: Recommendation['type']
  expected: Missed
  /** What was to be moved, in msat; undefined where nothing is. */
  amountMsat: bigint | undefined
}

/** A forecast against which the formerly refused demand is measured, since balance was added. */
export type MeasuredForecast = Forecast & {
  /** Epoch ms from when until when it is measured. */
  from: number
  until: number
  /** What that demand earned so far. */
  earnedMsat: bigint
}

/** How forecasts held up. */
export type TrackRecord = {
  /** Recommendations given so far, with a forecast each. */
  given: number
  /** Of those acted on: still being measured, and measured to the end. */
  running: number
  measured: number
  /** Median of earned ÷ expected over the measured ones; undefined without any. */
  medianRatio: number | undefined
  /** Measured ones whose earnings lay inside the interval. */
  inside: number
  /** The latest first, at most 10, running ones included. */
  last: readonly MeasuredForecast[]
}

/**
 * What the bot may ask of the analyzer; all answers are copies, of the last analysis. Undefined
 * until there was one.
 */
export type AnalyzerViews = {
  opportunities(window: Window): Opportunities | undefined
  demands(question: DemandQuestion): DemandPage | undefined
  /** One demand of a channel, by its id; undefined also when it is not remembered any more. */
  demand(scid: Scid, window: Window, id: number): DemandView | undefined
  /** For a channel, or for the node. */
  explain(scid: Scid | undefined, window: Window): Explanation | undefined
  track(): TrackRecord
  /**
   * Leaves a demand out of the figures, or counts it again; kept when it resolves. The answers about
   * demands say so at once, the figures from the next analysis on.
   */
  ignore(id: number, on: boolean): Promise<void>
  /**
   * Takes note that the operator rebalanced into a channel as recommended, or that saying so was a
   * mistake; kept when it resolves, with the forecast that it is about. Undefined when no rebalance
   * was recommended.
   */
  done(scid: Scid, on: boolean): Promise<Forecast | undefined>
}
