import { type Summary, summarize, type Verdict } from './verdict.ts'

const COLUMNS = ['runs', 'estimate ÷ truth', '10–90 %', 'covered', 'Spearman']
const NAIVE_COLUMNS = ['naive ÷ truth', 'its Spearman']

/** A row of a table: what it is about, and the verdicts of its runs. */
export type Row = { name: string; verdicts: readonly Verdict[] }

/** Returns a Markdown table with a line for each row. */
export function table(heading: string, rows: readonly Row[]): string {
  return markdown([
    [heading, ...COLUMNS],
    ...rows.map(({ name, verdicts }) => [name, ...cells(summarize(verdicts))]),
  ])
}

/** Returns the same table with the naive sum's figures for the same runs beside. */
export function tableBesideNaive(
  heading: string,
  rows: readonly (Row & { naive: readonly Verdict[] })[],
): string {
  return markdown([
    [heading, ...COLUMNS, ...NAIVE_COLUMNS],
    ...rows.map(({ name, verdicts, naive }) => {
      const { ratio, spearman } = summarize(naive)
      return [name, ...cells(summarize(verdicts)), ratioText(ratio.median), rankText(spearman)]
    }),
  ])
}

function cells({ runs, ratio, covered, spearman }: Summary): string[] {
  return [
    String(runs),
    ratioText(ratio.median),
    `${ratioText(ratio.low)}–${ratioText(ratio.high)}`,
    `${Math.round(100 * covered)} %`,
    rankText(spearman),
  ]
}

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const rule = head.map((_, i) => (i === 0 ? '---' : '--:'))
  return [head, rule, ...rows].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

function ratioText(ratio: number): string {
  if (Number.isNaN(ratio)) return '–'
  return ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1)
}

function rankText(correlation: number): string {
  return Number.isNaN(correlation) ? '–' : correlation.toFixed(2)
}
