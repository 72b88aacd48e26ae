// A JSON string (skipped whole), or an integer with so many digits that a double may not hold it.
const TEXT_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?![\d.eE])/g
// Only one that is no JSON string stands behind such a character: a line that has none, as LND prints
// most, is parsed as it is, in a quarter of the time. (One within a text that is not an id takes the
// longer way to the same result.)
const LONG_INTEGER_AS_NUMBER = /(?:^|[\s:[,])-?\d{16}/

/**
 * Parses JSON as `JSON.parse` does, but gives integers of 16 digits and more as decimal strings:
 * channel ids printed as numbers stay exact.
 * @throws SyntaxError when it is not JSON.
 */
export function parseExactJson(json: string): unknown {
  if (!LONG_INTEGER_AS_NUMBER.test(json)) return JSON.parse(json)
  return JSON.parse(
    json.replace(TEXT_OR_LONG_INTEGER, (match) => (match.startsWith('"') ? match : `"${match}"`)),
  )
}
