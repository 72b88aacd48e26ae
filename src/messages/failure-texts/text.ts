/** What a failure class means to an operator, in plain words. */
export type FailureText = {
  /** For a row of a list, at most 23 characters; reads after a count: `42× too little to send`. */
  short: string
  means: string
  /** What helps. */
  does: string
  /** The mistake that the name invites. */
  not: string
}

export const NOTHING = 'nothing; it passes by itself.'
export const EARNS_NOTHING = 'change fees or channels for it: there is nothing to earn here.'
