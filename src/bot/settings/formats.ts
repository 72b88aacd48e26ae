import { localeOf } from '../../messages/locale.ts'
import { CLOCKS } from '../../messages/reader.ts'
import { formatsPage, formatsWords } from '../../messages/settings/formats.ts'
import type { Setting } from '../setting.ts'

/** How figures, dates and times look. */
export const formatsSetting: Setting = {
  name: 'formats',
  title: 'Formats',
  takes: `a locale, ${CLOCKS.join(', ')}`,
  example: 'de-DE',
  summary: () => formatsWords(),
  page: (_preferences, _words, { chat, reading }) => formatsPage(chat, reading),
  isChange: (words) => words.length > 0,
  changeChat(words) {
    const word = words.join(' ')
    const clock = CLOCKS.find((one) => one === word.toLowerCase())
    if (clock !== undefined) return { clock }
    const locale = localeOf(word)
    // Whoever chooses a country chooses its clock.
    return locale === undefined ? undefined : { locale, clock: undefined }
  },
}
