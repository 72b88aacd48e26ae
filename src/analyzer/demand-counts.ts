import { type DemandRow, FLAGS, NO_REFUSAL, rowsOf } from '../stats/demand-columns.ts'
import type { Memory } from '../stats/memory.ts'

/** Distinct demands: sessions with at least one refused attempt, served ones included. */
export type DemandCounts = {
  demands: number
  /** Those with a refusal of that class, by failure code; they may add up to more. */
  byClass: Map<number, number>
}

/** The counts of the node, and of channels by the serial of the one that was first refused. */
export type AllDemandCounts = { node: DemandCounts; channels: ReadonlyMap<number, DemandCounts> }

/** Counts all demands that are remembered, open ones included. */
export function countDemands(memory: Memory): AllDemandCounts {
  const node = noDemands()
  const channels = new Map<number, DemandCounts>()
  for (const rows of sessionsOf(memory)) {
    const [lead] = rows
    const codes = new Set(rows.map(({ failureCode }) => failureCode))
    codes.delete(NO_REFUSAL)
    if (!lead || codes.size === 0) continue
    const channel = channels.get(lead.firstRefused) ?? noDemands()
    channels.set(lead.firstRefused, channel)
    count(node, codes)
    count(channel, codes)
  }
  return { node, channels }
}

/** The counts of a channel that nobody was refused on. */
export function noDemands(): DemandCounts {
  return { demands: 0, byClass: new Map() }
}

function count(counts: DemandCounts, codes: ReadonlySet<number>): void {
  counts.demands++
  for (const code of codes) counts.byClass.set(code, (counts.byClass.get(code) ?? 0) + 1)
}

function* sessionsOf({ demands }: Memory): Generator<DemandRow[]> {
  let rows: DemandRow[] = []
  for (const { columns, from, to } of demands.log.chunks()) {
    for (let i = from; i < to; i++) {
      const row = columns.read(i)
      if ((row.flags & FLAGS.lead) !== 0) {
        yield rows
        rows = []
      }
      rows.push(row)
    }
  }
  yield rows
  for (const session of demands.sessions) yield rowsOf(session)
}
