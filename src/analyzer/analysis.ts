import type { Scid } from '../lightning/scid.ts'
import type { Memory } from '../stats/memory.ts'
import { nodeView } from '../stats/memory-views.ts'
import { type Span, WINDOWS, type Window } from '../stats/views.ts'
import { type Scope, scopeOf } from './channel-cases.ts'
import { asSureAsItsParts, confidenceOf } from './confidence.ts'
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
  const confidence = asSureAsItsParts(nodeConfidence(memory, found, scope), own)
  return { span: scope.span, estimate: found, opportunities, node, confidence }
}

function nodeConfidence(memory: Memory, found: SpanEstimate, scope: Scope): Confidence {
  const { window, span, knownMs } = scope
  const demands = [...found.demands.values()].flat().sort((a, b) => a.demand.at - b.demand.at)
  const folded = [...memory.demands.log.folded.since(span.from)]
  return confidenceOf({
    demands,
    missed: {
      liquidity: found.node,
      other: NOTHING,
      liquidityDemands: demands.length,
      otherDemands: 0,
    },
    knownMs,
    foldedDemands: folded.reduce((sum, one) => sum + one.demands, 0),
    outgoing: nodeView(memory, window, span.to).forwards,
  })
}

function withAdviceOf(week: readonly Opportunity[], own: readonly Opportunity[]): Opportunity[] {
  const advice = new Map<Scid, Opportunity>(week.map((one) => [one.scid, one]))
  return own.map((one) => {
    const { recommendation, urgency, avoid, advice: of } = advice.get(one.scid) ?? one
    return { ...one, recommendation, urgency, avoid, advice: of }
  })
}
