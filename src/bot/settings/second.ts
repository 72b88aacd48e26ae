import { secondPage, secondWords } from '../../messages/settings/second.ts'
import type { Setting } from '../setting.ts'

/** Whether this chat is the last resort for what nobody took on. */
export const secondSetting: Setting = {
  name: 'second',
  title: 'This chat',
  takes: 'yes (last resort) or no (all)',
  example: 'yes',
  summary: ({ isSecond }) => secondWords(isSecond),
  page: ({ isSecond }) => secondPage(isSecond),
  isChange: (words) => words.length > 0,
  change(words, preferences) {
    const isSecond = WORDS.get(words.join(' ').toLowerCase())
    return isSecond === undefined ? undefined : { ...preferences, isSecond }
  },
}

const WORDS = new Map([
  ['yes', true],
  ['last resort', true],
  ['no', false],
  ['all', false],
])
