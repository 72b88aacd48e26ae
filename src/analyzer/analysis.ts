import type { Scid } from '../lightning/scid.ts'
import type { Memory } from '../stats/memory.ts'
import { nodeView } from '../stats/memory-views.ts'
import { type Span, WINDOWS, type Window } from '../stats/views.ts'
import { type Scope, scopeOf } from './channel-cases.ts'
import { asSureAsItsParts, confidenceBy, Tally } from './confidence.ts'
import { type Estimate, estimate } from './estimate.ts'
import { NOTHING } from './gain.ts'
import { findOpportunities, nodeOpportunity } from './opportunities.ts'
import type { SpanEstimate } from './span-estimate.ts'
import type { Confidence, NodeOpportunity, Opportunity } from './views.ts'

/** What an analysis found for one window. */
export type WindowAnalysis = {
  span: Span
  estimate: SpanEstimate
  opportunities: readonly Opportunity[]
  node: NodeOpportunity
  /** Of the node's figure. */
  confidence: Confidence
}

/** One analysis of the memory: what was missed over each window, and the one thing to do about it. */
export type Analysis = {
  /** Epoch ms. */
  at: number
  windows: ReadonlyMap<Window, WindowAnalysis>
}

/**
 * Analyses the memory over all windows. Advice is that of a week at least: what an hour or a day shows
 * is shown with the week's advice. A generator, to be run in slices.
 */
export function* analyse(
  memory: Memory,
  now: number,
  pastCostPpm: Scope['pastCostPpm'],
): Generator<void, Analysis> {
  const scopes = WINDOWS.map((window) => scopeOf(memory, window, now, pastCostPpm))
  const spans = scopes.map(({ window, span }) => ({ name: window, from: span.from }))
  const estimated = yield* estimate(memory, spans, now)
  const windows = new Map<Window, WindowAnalysis>()
  // The longest first, so that the week is there when the day asks for its advice.
  for (const scope of scopes.toReversed()) {
    const found = yield* analyseWindow(memory, estimated, scope, windows.get('7d'))
    if (found) windows.set(scope.window, found)
  }
  return { at: now, windows }
}

function* analyseWindow(
  memory: Memory,
  { spans }: Estimate,
  scope: Scope,
  week: WindowAnalysis | undefined,
): Generator<void, WindowAnalysis | undefined> {
  const found = spans.get(scope.window)
  if (!found) return undefined
  const own = yield* findOpportunities(memory, found, scope)
  const opportunities = week ? withAdviceOf(week.opportunities, own) : own
  const { best } = week?.node ?? { best: undefined }
  const node = week ? { ...nodeOpportunity(own), best } : nodeOpportunity(own)
  const confidence = asSureAsItsParts(yield* nodeConfidence(memory, found, scope), own)
  return { span: scope.span, estimate: found, opportunities, node, confidence }
}

function* nodeConfidence(
  memory: Memory,
  found: SpanEstimate,
  { window, span, knownMs }: Scope,
): Generator<void, Confidence> {
  const counted = new Tally(found.node.expectedMsat > 0n)
  for (const demands of found.demands.values()) {
    counted.add(demands)
    yield
  }
  const folded = [...memory.demands.log.folded.since(span.from)]
  const missed = {
    liquidity: found.node,
    other: NOTHING,
    liquidityDemands: counted.demands,
    otherDemands: 0,
  }
  const grounds = {
    missed,
    knownMs,
    foldedDemands: folded.reduce((sum, one) => sum + one.demands, 0),
    outgoing: nodeView(memory, window, span.to).forwards,
  }
  return confidenceBy(grounds, counted, found.node)
}

function withAdviceOf(week: readonly Opportunity[], own: readonly Opportunity[]): Opportunity[] {
  const advice = new Map<Scid, Opportunity>(week.map((one) => [one.scid, one]))
  return own.map((one) => {
    const { recommendation, urgency, avoid, advice: of } = advice.get(one.scid) ?? one
    return { ...one, recommendation, urgency, avoid, advice: of }
  })
}
