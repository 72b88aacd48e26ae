import { WINDOWS, type Window } from '../stats/views.ts'

// Other ways to say the same, as people write them.
const SAME = new Map<string, Window>([
  ['hour', '1h'],
  ['day', '24h'],
  ['daily', '24h'],
  ['1d', '24h'],
  ['today', '24h'],
  ['week', '7d'],
  ['weekly', '7d'],
  ['1w', '7d'],
  ['month', '30d'],
  ['monthly', '30d'],
  ['1m', '30d'],
])

/** Returns the window that a word means. */
export function windowOf(word: string): Window | undefined {
  const said = word.toLowerCase()
  return SAME.get(said) ?? WINDOWS.find((one) => one === said)
}

/**
 * Takes the window off that stands first or last beside other words: buttons say it last, and a
 * name that stands alone may read like one.
 */
export function takeWindow(words: readonly string[]): {
  window: Window | undefined
  rest: readonly string[]
} {
  if (words.length < 2) return { window: undefined, rest: words }
  const last = windowOf(words.at(-1) ?? '')
  if (last !== undefined) return { window: last, rest: words.slice(0, -1) }
  const first = windowOf(words[0] ?? '')
  return { window: first, rest: first === undefined ? words : words.slice(1) }
}
