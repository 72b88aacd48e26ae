import type { Estimate } from './estimators.ts'
import { mean, quantile, spearman } from './figures.ts'
import type { Truth } from './truth.ts'

/** How one estimate of one run compares with the truth. */
export type Verdict = {
  /** Estimate ÷ truth of the node; undefined where nothing was missed. */
  ratio: number | undefined
  /** The interval holds the truth. */
  isCovered: boolean
  /** Rank correlation over the peers that refused for lack of balance; undefined below three. */
  spearman: number | undefined
}

/** The same over many runs. */
export type Summary = {
  runs: number
  ratio: { median: number; low: number; high: number }
  covered: number
  spearman: number
}

const FEWEST_RANKED = 3

/** Judges an estimate; the node's truth is the sum over its peers, each alone with ample balance. */
export function judge(truth: Truth, { peers, sum }: Estimate): Verdict {
  const total = [...truth.values()].reduce((a, b) => a + b, 0)
  const pairs = [...truth].map(([peer, missed]) => [missed, peers.get(peer) ?? 0] as const)
  return {
    ratio: total > 0 ? sum.expected / total : undefined,
    isCovered: sum.low <= total && total <= sum.high,
    spearman: pairs.length < FEWEST_RANKED ? undefined : spearman(pairs),
  }
}

/** Sums verdicts up: ratios by their quantiles, the others by their means. */
export function summarize(verdicts: readonly Verdict[]): Summary {
  const ratios = verdicts.flatMap(({ ratio }) => ratio ?? [])
  return {
    runs: verdicts.length,
    ratio: {
      median: quantile(ratios, 0.5),
      low: quantile(ratios, 0.1),
      high: quantile(ratios, 0.9),
    },
    covered: mean(verdicts.map(({ isCovered }) => (isCovered ? 1 : 0))),
    spearman: mean(verdicts.flatMap((verdict) => verdict.spearman ?? [])),
  }
}
