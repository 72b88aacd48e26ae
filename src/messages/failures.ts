import { type FailureFamily, failureFamily } from '../lightning/failure.ts'
import { FORWARD_TEXTS } from './failure-texts/forwards.ts'
import { OTHER_TEXTS } from './failure-texts/others.ts'
import { RECEIPT_TEXTS } from './failure-texts/receipts.ts'
import type { FailureText } from './failure-texts/text.ts'
import { type Html, html, join } from './html.ts'

/** Returns the text of a failure class by LND's term; unknown classes have one too. */
export function failureText(term: string): FailureText {
  // A name that objects have by themselves, such as `constructor`, is none of LND's.
  return (isExplained(term) && TEXTS[term]) || UNKNOWN
}

/** Returns whether there are words for this term. */
export function isExplained(term: string): boolean {
  return Object.hasOwn(TEXTS, term)
}

/** Returns the circle that marks the family of a class; the words beside say the same. */
export function failureMark(term: string | undefined): string {
  return term === undefined ? '⚪' : MARKS[failureFamily(term)]
}

/** Returns a failure class whole: count, plain words, LND's term, meaning, what to do and not. */
export function failureBlock(term: string, attempts: string): Html {
  const text = failureText(term)
  return join([
    html`${failureMark(term)} <b>${attempts}× ${text.short}</b>`,
    html`<code>${term}</code>`,
    text.means,
    html`<b>Do:</b> ${text.does}`,
    html`<b>Don't:</b> ${text.not}`,
  ])
}

const MARKS: Readonly<Record<FailureFamily, string>> = {
  liquidity: '🔴',
  peer: '🟠',
  limit: '🟡',
  fee: '🔵',
  node: '🟣',
  other: '⚪',
}

const TEXTS: Readonly<Record<string, FailureText>> = {
  ...FORWARD_TEXTS,
  ...RECEIPT_TEXTS,
  ...OTHER_TEXTS,
}

const UNKNOWN: FailureText = {
  short: 'reason not known yet',
  means: 'LND gave a reason for which this version has no words. It is counted under its own name.',
  does: "look the name up in LND's release notes, or update this program.",
  not: 'act on it before you know what it means.',
}
