import { quietPage, quietWords } from '../../messages/settings/quiet.ts'
import type { Setting } from '../setting.ts'

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

/** Reads `7`, `07:30` or `22.15` as minutes after midnight. */
function minutesOf(text: string): number | undefined {
  const match = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(text)
  const [hour, minute] = [Number(match?.[1]), Number(match?.[2] ?? 0)]
  return match && hour < 24 && minute < 60 ? hour * 60 + minute : undefined
}
