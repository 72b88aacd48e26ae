import { failureClass, failureFamily } from '../lightning/failure.ts'
import { msatFromFloat } from '../lightning/msat.ts'
import { OUTGOING, REFUSAL, refusalOf, SIDE } from '../stats/account.ts'
import type { OwnChannel } from '../stats/channel-book.ts'
import type { Memory } from '../stats/memory.ts'
import { aliasOf, spanOf } from '../stats/memory-views.ts'
import type { RankedChannel, RankFamily, Ranking, RankOrder, RankQuestion } from '../stats/views.ts'
import { WINDOW_COLUMNS } from '../stats/windows.ts'

/** The sums of one channel that rankings compare: Float64 msat and counts of one window. */
type Sums = {
  own: OwnChannel
  attempts: number
  offered: number
  mainCode: number | undefined
  settled: number
  failed: number
  volume: number
  earned: number
}

/**
 * Ranks the channels over a window, outgoing side, from totals that are kept up to date. `missed`
 * orders by the fees offered on refusals: an upper bound, retries and probes included.
 */
export function rankChannels(memory: Memory, question: RankQuestion, now: number): Ranking {
  const { column } = WINDOW_COLUMNS[question.window]
  const ranked = [...memory.book]
    .map((own) => sumsOf(memory, own, column, question.family))
    .filter((sums) => isRanked(sums, question.order))
    .sort((a, b) => keyOf(b, question.order) - keyOf(a, question.order) || tieBreak(a, b))
  return {
    question,
    span: spanOf(memory, question.window, now),
    total: ranked.length,
    rows: ranked.slice(question.offset, question.offset + question.limit).map(toRow),
  }
}

function sumsOf(
  memory: Memory,
  own: OwnChannel,
  column: number,
  family: RankFamily | undefined,
): Sums {
  const sums: Sums = { ...NOTHING, own }
  const { ledger } = memory
  let most = 0
  for (const { id, base } of own.account.groups) {
    if (id === OUTGOING) {
      sums.settled = ledger.sum(base + SIDE.settled, column)
      sums.failed = ledger.sum(base + SIDE.failed, column)
      sums.volume = ledger.sum(base + SIDE.volume, column)
      sums.earned = ledger.sum(base + SIDE.earned, column)
      continue
    }
    const refusal = refusalOf(id)
    if (refusal?.side !== OUTGOING) continue
    if (family !== undefined && failureFamily(failureClass(refusal.failureCode)) !== family) continue
    const attempts = ledger.sum(base + REFUSAL.attempts, column)
    sums.attempts += attempts
    sums.offered += ledger.sum(base + REFUSAL.offered, column)
    if (attempts > most) sums.mainCode = refusal.failureCode
    most = Math.max(most, attempts)
  }
  return sums
}

const NOTHING = {
  attempts: 0,
  offered: 0,
  mainCode: undefined,
  settled: 0,
  failed: 0,
  volume: 0,
  earned: 0,
} satisfies Omit<Sums, 'own'>

// Refusals of which LND gives no amounts rank too: by nothing offered, but they were refused.
function isRanked(sums: Sums, order: RankOrder): boolean {
  return order === 'earned' || order === 'volume' ? sums.settled > 0 : sums.attempts > 0
}

function keyOf(sums: Sums, order: RankOrder): number {
  switch (order) {
    case 'missed':
      return sums.offered
    case 'earned':
      return sums.earned
    case 'volume':
      return sums.volume
    case 'failures':
      return sums.attempts
  }
}

function tieBreak(a: Sums, b: Sums): number {
  return b.attempts - a.attempts || a.own.index - b.own.index
}

function toRow(sums: Sums): RankedChannel {
  const { own } = sums
  return {
    scid: own.scid,
    alias: aliasOf(own),
    closed: own.closedAt !== undefined,
    refusedAttempts: sums.attempts,
    offeredMsat: msatFromFloat(sums.offered),
    mainFailure: sums.mainCode === undefined ? undefined : failureClass(sums.mainCode),
    settled: sums.settled,
    failedDownstream: sums.failed,
    volumeMsat: msatFromFloat(sums.volume),
    earnedMsat: msatFromFloat(sums.earned),
    capacityMsat: own.channel?.capacityMsat,
    localMsat: own.channel?.localMsat,
  }
}
