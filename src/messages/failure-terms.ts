import { FAILURE_DETAILS, failureClass, failureCode, WIRE_FAILURES } from '../lightning/failure.ts'
import { failureText } from './failures.ts'

/** What a text that a person wrote may mean: one term for sure, or the nearest that there are. */
export type MeantTerm =
  | { kind: 'term'; term: string }
  /** A number that both of LND's lists have. */
  | { kind: 'number'; wire: string; detail: string }
  | { kind: 'unknown'; nearest: readonly string[] }

const DETAIL_NAMES = Object.values(FAILURE_DETAILS)
const WIRE_NAMES = Object.values(WIRE_FAILURES)
/** Every term that LND has for a failure, each once. */
export const FAILURE_TERMS: readonly string[] = [...new Set([...DETAIL_NAMES, ...WIRE_NAMES])]

/** LND's own sentences (`failure_string`), as its logs and lncli print them. */
const SENTENCES: Readonly<Record<string, string>> = {
  'insufficient bandwidth to route htlc': 'INSUFFICIENT_BALANCE',
  'htlc exceeds maximum policy amount': 'HTLC_EXCEEDS_MAX',
  'link not eligible': 'LINK_NOT_ELIGIBLE',
  'node configured to disallow forwards': 'FORWARDS_DISABLED',
  'same incoming and outgoing channel': 'CIRCULAR_ROUTE',
  'could not add downstream htlc': 'HTLC_ADD_FAILED',
  'failed after detecting incomplete forward': 'INCOMPLETE_FORWARD',
  'invoice not found': 'UNKNOWN_INVOICE',
  'not enough balance': 'INSUFFICIENT_BALANCE',
  'no balance': 'INSUFFICIENT_BALANCE',
}

/** Reads `15/6`, `DETAIL_6`, `WIRE_15`, `15`, a term however it is spelt, or LND's sentence for it. */
export function meantTerm(text: string): MeantTerm {
  return byNumber(text.trim().toLowerCase()) ?? byName(text)
}

function byNumber(text: string): MeantTerm | undefined {
  const pair = /^(\d{1,9})\s*[/,.:; -]\s*(\d{1,9})$/.exec(text)
  if (pair) return term(failureClass(failureCode(Number(pair[1]), Number(pair[2]))))
  const named = /^(detail|wire|code)[\s_#:-]*(\d{1,9})$/.exec(text)
  if (named?.[1] === 'detail') return term(detailName(Number(named[2])))
  if (named) return term(wireName(Number(named[2])))
  if (!/^\d{1,9}$/.test(text)) return undefined
  const number = Number(text)
  const [wire, detail] = [WIRE_FAILURES[number], FAILURE_DETAILS[number]]
  if (wire !== undefined && detail !== undefined) return { kind: 'number', wire, detail }
  return term(wire ?? detail ?? wireName(number))
}

function byName(text: string): MeantTerm {
  const wanted = squeezed(text)
  const exact = FAILURE_TERMS.find((name) => squeezed(name) === wanted)
  const said = Object.entries(SENTENCES).find(([sentence]) => squeezed(sentence) === wanted)
  if (exact ?? said) return term(exact ?? said?.[1] ?? '')
  const within = namedWithin(text)
  if (within !== undefined) return term(within)
  const words = text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)
  const holding = FAILURE_TERMS.filter((name) => words.every((word) => hasWord(name, word)))
  if (words.length > 0 && holding.length === 1) return term(holding[0] ?? '')
  const near = bySimilarity(wanted, words.length > 0 ? holding : [])
  return near.kind === 'unknown' && near.nearest.length === 0 ? byOurWords(words) : near
}

/**
 * Returns the one term that a longer text has as a single word, as errors of LND end:
 * `unable to route payment to destination: FeeInsufficient`. A word such as `unknown` is no name.
 */
function namedWithin(text: string): string | undefined {
  const words = new Set(text.split(/[^A-Za-z_]+/).map(squeezed))
  const named = FAILURE_TERMS.filter((name) => name.includes('_') && words.has(squeezed(name)))
  return named.length === 1 ? named[0] : undefined
}

/** People may ask by our own words for a failure, as lists show them: `peer was offline`. */
function byOurWords(words: readonly string[]): MeantTerm {
  const holding = FAILURE_TERMS.filter((name) => {
    const { short, means } = failureText(name)
    const ours = `${short} ${means}`.toLowerCase().split(/[^a-z0-9]+/)
    return words.length > 0 && words.every((word) => ours.includes(word))
  })
  const [only, ...others] = holding
  if (only !== undefined && others.length === 0) return term(only)
  return { kind: 'unknown', nearest: holding.slice(0, SHOWN_NEAREST) }
}

// Every term with any one letter left out, doubled or swapped with the next (3,153 of them): none is
// taken for another, and 64 are asked back because two terms are too much alike.
const SURE = 0.7
const LEAD = 0.1
const NEAR = 0.3
const SHOWN_NEAREST = 4

function bySimilarity(wanted: string, holding: readonly string[]): MeantTerm {
  const scored = FAILURE_TERMS.map((name) => ({
    name,
    score: similarity(wanted, squeezed(name)) + (holding.includes(name) ? 1 : 0),
  })).sort((a, b) => b.score - a.score)
  const [best, second] = scored
  const isSure = best && second && best.score >= SURE && best.score - second.score >= LEAD
  if (holding.length === 0 && isSure) return term(best.name)
  const near = scored.filter(({ score }) => score >= NEAR).slice(0, SHOWN_NEAREST)
  return { kind: 'unknown', nearest: near.map(({ name }) => name) }
}

/** The share of pairs of neighbouring letters that two words have in common (Dice's coefficient). */
function similarity(a: string, b: string): number {
  const left = pairsOf(a)
  const right = pairsOf(b)
  const total = left.length + right.length
  let common = 0
  for (const pair of left) {
    const at = right.indexOf(pair)
    if (at < 0) continue
    common += 1
    right.splice(at, 1)
  }
  return total === 0 ? 0 : (2 * common) / total
}

function pairsOf(word: string): string[] {
  return Array.from({ length: Math.max(0, word.length - 1) }, (_, i) => word.slice(i, i + 2))
}

function hasWord(name: string, word: string): boolean {
  return name
    .toLowerCase()
    .split('_')
    .some((part) => part === word)
}

function squeezed(text: string): string {
  // LND's longest term has 36 letters.
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 60)
}

function term(name: string): MeantTerm {
  return { kind: 'term', term: name }
}

function detailName(number: number): string {
  return FAILURE_DETAILS[number] ?? `DETAIL_${number}`
}

function wireName(number: number): string {
  return WIRE_FAILURES[number] ?? `WIRE_${number}`
}
