import { secondPage, secondWords } from '../../messages/settings/second.ts'
import type { Setting } from '../setting.ts'

/** Whether this chat is the last resort for what nobody took on. */
export const secondSetting: Setting = {
  name: 'second',
  title: 'This chat',
  example: 'yes',
  summary: ({ isSecond }) => secondWords(isSecond),
  page: ({ isSecond }) => secondPage(isSecond),
  isChange: (words) => words.length > 0,
  change([word], preferences) {
    if (word !== 'yes' && word !== 'no') return undefined
    return { ...preferences, isSecond: word === 'yes' }
  },
}
