import { failureClass, failureFamily } from '../lightning/failure.ts'
import { msatFromFloat } from '../lightning/msat.ts'
import { failureCodeOf, isRefusalGroup, OUTGOING, REFUSAL, SIDE } from '../stats/account.ts'
import type { Memory } from '../stats/memory.ts'
import { aliasOf, spanOf } from '../stats/memory-views.ts'
import type { OwnChannel } from '../stats/own-channel.ts'
import type { RankedChannel, RankFamily, Ranking, RankQuestion } from '../stats/views.ts'
import { WINDOW_COLUMNS } from '../stats/windows.ts'

/** What a channel is ranked by: Float64 msat or a count. */
type Ranked = { own: OwnChannel; key: number; attempts: number }

/** Refusals of a channel on its outgoing side; Float64 msat. */
type Refusals = { attempts: number; offered: number; mainCode: number | undefined }

/**
 * Ranks the channels over a window, outgoing side, from totals that are kept up to date. `missed`
 * orders by the fees offered on refusals: an upper bound, retries and probes included.
 */
export function rankChannels(memory: Memory, question: RankQuestion, now: number): Ranking {
  const { column } = WINDOW_COLUMNS[question.window]
  const ranked: Ranked[] = []
  for (const own of memory.book) {
    const one = rankOne(memory, own, column, question)
    if (one) ranked.push(one)
  }
  ranked.sort((a, b) => b.key - a.key || b.attempts - a.attempts || a.own.index - b.own.index)
  return {
    question,
    span: spanOf(memory, question.window, now),
    total: ranked.length,
    rows: ranked
      .slice(question.offset, question.offset + question.limit)
      .map(({ own }) => toRow(memory, own, column, question.family)),
  }
}

// Refusals of which LND gives no amounts rank too: by nothing offered, but they were refused.
function rankOne(
  memory: Memory,
  own: OwnChannel,
  column: number,
  { order, family }: RankQuestion,
): Ranked | undefined {
  if (order === 'earned' || order === 'volume') {
    const base = own.account.base(OUTGOING)
    if (base < 0 || memory.ledger.sum(base + SIDE.settled, column) === 0) return undefined
    return { own, key: memory.ledger.sum(base + SIDE[order], column), attempts: 0 }
  }
  const { attempts, offered } = refusalsOf(memory, own, column, family)
  if (attempts === 0) return undefined
  return { own, key: order === 'missed' ? offered : attempts, attempts }
}

function refusalsOf(
  memory: Memory,
  own: OwnChannel,
  column: number,
  family: RankFamily | undefined,
): Refusals {
  const sums: Refusals = { attempts: 0, offered: 0, mainCode: undefined }
  let most = 0
  for (const { id, base } of own.account.groups) {
    if (!isRefusalGroup(id, OUTGOING) || !isOf(id, family)) continue
    const attempts = memory.ledger.sum(base + REFUSAL.attempts, column)
    sums.attempts += attempts
    sums.offered += memory.ledger.sum(base + REFUSAL.offered, column)
    if (attempts > most) sums.mainCode = failureCodeOf(id)
    most = Math.max(most, attempts)
  }
  return sums
}

function isOf(groupId: number, family: RankFamily | undefined): boolean {
  return family === undefined || failureFamily(failureClass(failureCodeOf(groupId))) === family
}

function toRow(
  memory: Memory,
  own: OwnChannel,
  column: number,
  family: RankFamily | undefined,
): RankedChannel {
  const { attempts, offered, mainCode } = refusalsOf(memory, own, column, family)
  const side = memory.ledger.sums(own.account, OUTGOING, column)
  return {
    scid: own.scid,
    alias: aliasOf(own),
    closed: own.closedAt !== undefined,
    refusedAttempts: attempts,
    offeredMsat: msatFromFloat(offered),
    mainFailure: mainCode === undefined ? undefined : failureClass(mainCode),
    settled: side[SIDE.settled] ?? 0,
    failedDownstream: side[SIDE.failed] ?? 0,
    volumeMsat: msatFromFloat(side[SIDE.volume] ?? 0),
    earnedMsat: msatFromFloat(side[SIDE.earned] ?? 0),
    capacityMsat: own.channel?.capacityMsat,
    localMsat: own.channel?.localMsat,
  }
}
