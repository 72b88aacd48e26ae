import { randomBytes } from 'node:crypto'
import { privacyPage, privacyWords } from '../../messages/settings/privacy.ts'
import type { Setting } from '../setting.ts'

/** Whether names and amounts are hidden, for chats that are shown around. */
export const privacySetting: Setting = {
  name: 'privacy',
  title: 'Privacy',
  takes: 'on, off',
  example: 'on',
  summary: (_preferences, { chat }) => privacyWords(chat.privacyKey !== undefined),
  page: (_preferences, _words, { chat }) => privacyPage(chat.privacyKey !== undefined),
  isChange: (words) => words.length > 0,
  changeChat(words, { privacyKey, formerPrivacyKey }) {
    const word = words.join(' ').toLowerCase()
    const known = privacyKey ?? formerPrivacyKey
    if (word === 'off' || word === 'show') return { privacyKey: undefined, formerPrivacyKey: known }
    // Names that were said before stay. 128 bits: nobody tries all keys to find out who peer KQZD is.
    return word === 'on' || word === 'hide'
      ? { privacyKey: known ?? randomBytes(16).toString('hex') }
      : undefined
  },
}
