import { randomBytes } from 'node:crypto'
import { privacyPage, privacyWords } from '../../messages/settings/privacy.ts'
import type { Setting } from '../setting.ts'

/** Whether names and amounts are hidden, for chats that are shown around. */
export const privacySetting: Setting = {
  name: 'privacy',
  title: 'Privacy',
  example: 'on',
  summary: (_preferences, { chat }) => privacyWords(chat.privacyKey !== undefined),
  page: (_preferences, _words, { chat }) => privacyPage(chat.privacyKey !== undefined),
  isChange: (words) => words.length > 0,
  changeChat([said = ''], { privacyKey }) {
    const word = said.toLowerCase()
    if (word === 'off') return { privacyKey: undefined }
    // Pressed twice, the names stay. 128 bits: nobody tries all keys to find out who peer KQZD is.
    return word === 'on' ? { privacyKey: privacyKey ?? randomBytes(16).toString('hex') } : undefined
  },
}
