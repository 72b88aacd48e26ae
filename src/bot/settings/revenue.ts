import { MSAT_PER_SAT } from '../../lightning/msat.ts'
import { revenuePage, revenueWords } from '../../messages/settings/revenue.ts'
import type { Setting } from '../setting.ts'

/** From how much on missed fees are told. */
export const revenueSetting: Setting = {
  name: 'revenue',
  title: 'Missed fees',
  takes: 'sats, or usual',
  example: '3000',
  summary: ({ revenueMsat }) => revenueWords(revenueMsat),
  page: ({ revenueMsat }) => revenuePage(revenueMsat),
  isChange: (words) => words.length > 0,
  change(words, preferences) {
    const word = words.join(' ').toLowerCase()
    if (['usual', 'default', 'by default'].includes(word))
      return { ...preferences, revenueMsat: undefined }
    // A day's fees of the largest node there is stay far below 10^9 sat.
    const digits = word.replace(/ ?sats?$/, '').replaceAll(',', '')
    if (!/^[1-9]\d{0,8}$/.test(digits)) return undefined
    return { ...preferences, revenueMsat: BigInt(digits) * MSAT_PER_SAT }
  },
}
