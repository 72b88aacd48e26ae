import { quietPage, quietWords } from '../../messages/settings/quiet.ts'
import type { Setting } from '../setting.ts'
import { minutesOf } from '../time-of-day.ts'

/** Hours in which warnings wait. */
export const quietSetting: Setting = {
  name: 'quiet',
  title: 'Quiet hours',
  takes: 'from and to, off, or crit (critical ones wait, too, or ring)',
  example: '22:00 07:00',
  summary: ({ quietHours }) => quietWords(quietHours),
  page: (preferences, _words, { reading }) => quietPage(preferences, reading),
  isChange: (words) => words.length > 0,
  change(words, preferences) {
    const [first = '', second = '', ...more] = words
    if (more.length > 0) return undefined
    if (words.join().toLowerCase() === 'off') return { ...preferences, quietHours: undefined }
    if (words.join().toLowerCase() === 'crit')
      return { ...preferences, critInQuiet: !preferences.critInQuiet }
    const from = minutesOf(first)
    const to = minutesOf(second)
    if (from === undefined || to === undefined || from === to) return undefined
    return { ...preferences, quietHours: { from, to } }
  },
}
