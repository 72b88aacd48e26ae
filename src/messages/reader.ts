/**
 * For whom a message is made: how the chat that reads it wants figures, times and names. Everything
 * that shows one (format.ts, names.ts) asks here, so that a setting holds for every sentence, button
 * and picture, and a new message cannot forget it.
 */
export type Reader = {
  /** A BCP 47 name such as `de-DE`: its separators of numbers and its order of day and month. */
  locale: string
  /** Undefined: as the locale has it. */
  clock: Clock | undefined
  /**
   * The letters by which a name or an id goes instead, where the chat is shown around: the same for
   * the same words, and no way back to them. Undefined: names and amounts are shown as they are.
   */
  pseudonym: ((words: string) => string) | undefined
}

export const CLOCKS = ['24h', '12h'] as const
export type Clock = (typeof CLOCKS)[number]

/** Who reads where nobody said otherwise: the terminal, and chats without such a setting. */
export const USUAL_READER: Reader = { locale: 'en-GB', clock: undefined, pseudonym: undefined }

/** Stands where an amount is hidden. */
export const HIDDEN = '•••'

// Passed as a parameter it would go through every function that builds a sentence, some hundreds,
// and the one call that leaves it out would show an amount that was to be hidden. Whoever runs
// messages for several chats at once (bot/) says here how to tell for which one is being made.
let source: () => Reader | undefined = () => undefined

/** Returns for whom the message under way is made. */
export function reader(): Reader {
  return source() ?? USUAL_READER
}

/** Returns whether names and amounts are hidden from this reader. */
export function isPrivate(): boolean {
  return reader().pseudonym !== undefined
}

/** Says how to tell for whom a message is being made; undefined: nobody in particular. */
export function tellReaderBy(tell: () => Reader | undefined): void {
  source = tell
}
