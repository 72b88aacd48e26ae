/** Reads the word of a page button, `from9`: how many rows come before it. */
export function fromOf(word: string | undefined): number | undefined {
  const from = /^from([1-9]\d{0,5})$/.exec(word ?? '')
  return from === null ? undefined : Number(from[1]) - 1
}
