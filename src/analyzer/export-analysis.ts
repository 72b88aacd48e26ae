import type { NewestDemands } from './answers.ts'
import type { ExportRow } from './export-report.ts'
import type { Opportunity } from './views.ts'

/** The columns of what the analysis found, in order; amounts are msat in decimal. */
export const ANALYSIS_COLUMNS = {
  demands: [
    ...['from', 'to', 'scid', 'alias', 'incoming', 'class', 'kind', 'attempts'],
    ...['wantedMsat', 'feeMsat', 'servedShare', 'chance', 'inflow', 'expectedMsat', 'leftOut'],
  ],
  opportunities: [
    ...['scid', 'alias', 'pubkey', 'refusedAttempts'],
    ...['missedMsat', 'missedLowMsat', 'missedHighMsat', 'otherMissedMsat', 'confidence'],
    ...['urgency', 'recommendation', 'amountMsat', 'maxPpm', 'fromPpm', 'toPpm'],
  ],
} as const satisfies Record<string, readonly string[]>

/** Demands as rows, oldest first. */
export function demandRows(demands: NewestDemands['rows']): readonly ExportRow[] {
  return [...demands]
    .sort((a, b) => a.at - b.at)
    .map((one) => ({
      from: iso(one.at),
      to: iso(one.lastAt),
      scid: one.scid,
      alias: one.alias,
      incoming: one.from?.scid ?? null,
      class: one.failure,
      kind: one.kind,
      attempts: one.attempts,
      wantedMsat: String(one.wantedMsat),
      feeMsat: String(one.feeMsat),
      servedShare: one.servedShare,
      chance: one.chance,
      inflow: one.inflow,
      expectedMsat: String(one.expectedMsat),
      leftOut: one.leftOut ?? null,
    }))
}

/** Channels as rows, the most urgent last: a file that is too small keeps the last rows. */
export function opportunityRows(opportunities: readonly Opportunity[]): readonly ExportRow[] {
  return [...opportunities].sort((a, b) => a.urgency.total - b.urgency.total).map(opportunityRow)
}

function opportunityRow(one: Opportunity): ExportRow {
  const { missed, recommendation } = one
  return {
    scid: one.scid,
    alias: one.alias,
    pubkey: one.pubkey ?? null,
    refusedAttempts: one.refusedAttempts,
    missedMsat: String(missed.liquidity.expectedMsat),
    missedLowMsat: String(missed.liquidity.lowMsat),
    missedHighMsat: String(missed.liquidity.highMsat),
    otherMissedMsat: String(missed.other.expectedMsat),
    confidence: one.confidence.level,
    urgency: one.urgency.total,
    recommendation: recommendation.type,
    amountMsat: amountOf(one),
    maxPpm: 'maxPpm' in recommendation ? recommendation.maxPpm : null,
    fromPpm: 'fromPpm' in recommendation ? recommendation.fromPpm : null,
    toPpm: 'toPpm' in recommendation ? recommendation.toPpm : null,
  }
}

/** What to move or add, or the limit to set. */
function amountOf({ recommendation }: Opportunity): string | null {
  if ('amountMsat' in recommendation) return String(recommendation.amountMsat)
  if ('addMsat' in recommendation) return String(recommendation.addMsat)
  return 'toMsat' in recommendation ? String(recommendation.toMsat) : null
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
