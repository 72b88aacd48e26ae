import { LOUDNESSES } from '../../alerts/preferences.ts'
import { ALERT_KINDS } from '../../analyzer/reading.ts'
import { kindPage, kindsPage, kindsSummary } from '../../messages/settings/kinds.ts'
import type { Setting } from '../setting.ts'

/** How loudly each kind is told. */
export const kindsSetting: Setting = {
  name: 'kinds',
  title: 'Kinds of alert',
  takes: `a kind, and ${LOUDNESSES.join(', ')}`,
  example: 'liq.low silent',
  summary: kindsSummary,
  page(preferences, [word]) {
    const kind = kindOf(word)
    return kind ? kindPage(kind, preferences) : kindsPage(preferences)
  },
  isChange: (words) => words.length > 1 || (words.length === 1 && !kindOf(words[0])),
  change([first, second, ...more], preferences) {
    const kind = kindOf(first)
    const loudness = LOUDNESSES.find((one) => one === second?.toLowerCase())
    if (kind === undefined || loudness === undefined || more.length > 0) return undefined
    return { ...preferences, loudness: { ...preferences.loudness, [kind]: loudness } }
  },
}

function kindOf(word: string | undefined) {
  return ALERT_KINDS.find((kind) => kind === word?.toLowerCase())
}
