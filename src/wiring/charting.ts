import type { Account } from '../stats/account.ts'
import { partPrefix } from '../stats/closed-parts.ts'
import type { Memory } from '../stats/memory.ts'
import { balanceSeries, SERIES_BUCKETS, seriesOf } from '../stats/series.ts'
import type { ChartViews, ChartWindow, Series } from '../stats/views.ts'
import { WINDOW_COLUMNS } from '../stats/windows.ts'
import type { Store } from '../store/open-store.ts'
import type { Saver } from '../store/saver.ts'
import { readClosed } from './closed-buckets.ts'

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

/** Reads an account's rows of a window's closed buckets and makes its series of them. */
async function readSeries(
  account: Account,
  window: ChartWindow,
  now: number,
  { memory, store, saver }: Parts,
): Promise<Series> {
  const bucket = SERIES_BUCKETS[window]
  const closed = await readClosed({ memory, save: () => saver.flush() }, bucket, () => {
    const low = memory.ledger.lowOf(WINDOW_COLUMNS[window].horizon)
    const question = { prefix: partPrefix(bucket), from: partPrefix(bucket, low) }
    return store.readMember({ ...question, member: account.name })
  })
  return seriesOf(memory, account, window, closed, now)
}
