import { SENSITIVITIES } from '../../analyzer/reading.ts'
import { sensitivityLabel, sensitivityPage } from '../../messages/settings/sensitivity.ts'
import type { Setting } from '../setting.ts'

/** How readily spikes ring. */
export const sensitivitySetting: Setting = {
  name: 'sensitivity',
  title: 'Sensitivity',
  takes: SENSITIVITIES.join(', '),
  example: 'low',
  summary: ({ sensitivity }) => sensitivityLabel(sensitivity),
  page: ({ sensitivity }, _words, { ports }) =>
    sensitivityPage(sensitivity, ports.alerts.predictedPerWeek),
  isChange: (words) => words.length > 0,
  change(words, preferences) {
    const word = words.join(' ').toLowerCase()
    const sensitivity = SENSITIVITIES.find((one) => one === word)
    return sensitivity && { ...preferences, sensitivity }
  },
}
