import type { Account } from '../stats/account.ts'
import { partPrefix } from '../stats/closed-parts.ts'
import type { Memory } from '../stats/memory.ts'
import { balanceSeries, runningStart, SERIES_BUCKETS, seriesOf } from '../stats/series.ts'
import type { ChartViews, ChartWindow, Series } from '../stats/views.ts'
import { WINDOW_COLUMNS } from '../stats/windows.ts'
import type { Store } from '../store/open-store.ts'
import type { Saver } from '../store/saver.ts'

type Parts = {
  memory: Memory
  store: Pick<Store, 'readMember'>
  saver: Pick<Saver, 'flush'>
}

/** What charts are drawn from: the memory, and the closed buckets that the store keeps for it. */
export function chartViews(parts: Parts): ChartViews {
  const { memory } = parts
  return {
    node: (window, now) => readSeries(memory.node, window, now, parts),
    async channel(scid, window, now) {
      const own = memory.book.get(scid)
      if (!own) return undefined
      const series = await readSeries(own.account, window, now, parts)
      return { series, balances: balanceSeries(memory, scid, window, now) }
    },
  }
}

/** Reads an account's rows of the closed buckets, all of which must be on disk by then. */
async function readSeries(
  account: Account,
  window: ChartWindow,
  now: number,
  { memory, store, saver }: Parts,
): Promise<Series> {
  const prefix = partPrefix(SERIES_BUCKETS[window])
  for (;;) {
    const running = runningStart(memory, window)
    await saver.flush()
    const low = memory.ledger.lowOf(WINDOW_COLUMNS[window].horizon)
    const from = partPrefix(SERIES_BUCKETS[window], low)
    const closed = await store.readMember({ prefix, from, member: account.name })
    // A bucket that was closed meanwhile is neither among those read nor the running one.
    if (runningStart(memory, window) === running)
      return seriesOf(memory, account, window, closed, now)
  }
}
