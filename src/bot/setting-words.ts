import type { Setting } from './setting.ts'
import { SETTINGS } from './settings.ts'

/** A setting that a person named, and the words after its name. */
export type NamedSetting = { setting: Setting; words: readonly string[] }

/** Reads `revenue 3000`, and as buttons name it: `missed fees 3000`, `Missed 3000`. */
export function readSetting(words: readonly string[]): NamedSetting | undefined {
  for (let size = Math.min(words.length, LONGEST_TITLE); size > 0; size--) {
    const said = words.slice(0, size).map(plain)
    const setting =
      SETTINGS.find(({ name }) => size === 1 && plain(name) === said[0]) ??
      SETTINGS.find(({ title }) => isSaid(title.split(' ').map(plain), said))
    if (setting) return { setting, words: words.slice(size) }
  }
  return undefined
}

// `Kinds of alert`.
const LONGEST_TITLE = 3
// Words of titles that name nothing by themselves.
const EMPTY_WORDS = new Set(['of', 'thi'])

function isSaid(title: readonly string[], said: readonly string[]): boolean {
  const [only = ''] = said
  if (said.length === 1) return title.includes(only) && !EMPTY_WORDS.has(only)
  return title.join(' ') === said.join(' ')
}

/** Without capitals and plurals: `Fees` is `fee`. */
function plain(word: string): string {
  return word.toLowerCase().replace(/s$/, '')
}
