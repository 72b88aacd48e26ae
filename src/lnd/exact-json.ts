// A JSON string (skipped whole), or an integer with so many digits that a double may not hold it.
const TEXT_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?![\d.eE])/g

/**
 * Parses JSON as `JSON.parse` does, but gives integers of 16 digits and more as decimal strings:
 * channel ids printed as numbers stay exact.
 * @throws SyntaxError when it is not JSON.
 */
export function parseExactJson(json: string): unknown {
  return JSON.parse(
    json.replace(TEXT_OR_LONG_INTEGER, (match) => (match.startsWith('"') ? match : `"${match}"`)),
  )
}
