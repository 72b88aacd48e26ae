import { quietPage, quietWords } from '../../messages/settings/quiet.ts'
import type { Setting } from '../setting.ts'
import { minutesOf } from '../time-of-day.ts'

/** Hours in which warnings wait. */
export const quietSetting: Setting = {
  name: 'quiet',
  title: 'Quiet hours',
  example: '22:00 07:00',
  summary: ({ quietHours }) => quietWords(quietHours),
  page: (preferences, _words, { reading }) => quietPage(preferences, reading),
  isChange: (words) => words.length > 0,
  change([first = '', second = ''], preferences) {
    if (first === 'off') return { ...preferences, quietHours: undefined }
    if (first === 'crit') return { ...preferences, critInQuiet: !preferences.critInQuiet }
    const from = minutesOf(first)
    const to = minutesOf(second)
    if (from === undefined || to === undefined || from === to) return undefined
    return { ...preferences, quietHours: { from, to } }
  },
}
