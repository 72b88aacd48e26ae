import { liquidityPage, liquidityWords } from '../../messages/settings/liquidity.ts'
import type { Setting } from '../setting.ts'

/** Below which share an outbound side is low. */
export const liquiditySetting: Setting = {
  name: 'liquidity',
  title: 'Low outbound',
  takes: '1 to 50 percent',
  example: '15',
  summary: ({ lowPct }) => liquidityWords(lowPct),
  page: ({ lowPct }) => liquidityPage(lowPct),
  isChange: (words) => words.length > 0,
  change(words, preferences) {
    const pct = /^([1-9]\d?)\s*%?$/.exec(words.join(' '))?.[1]
    // Over at twice the share: beyond 50 % it never would be.
    return pct === undefined || Number(pct) > 50
      ? undefined
      : { ...preferences, lowPct: Number(pct) }
  },
}
