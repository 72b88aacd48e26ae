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
