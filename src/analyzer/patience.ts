/** One forwarded tick of an own timer: P of a first try, how many failures went before, how it ended. */
export type TimerTry = { chance: number; before: number; settled: boolean }

// What is considered, and the prior: log-normal around 2 with deviation 0.8 (simulated nodes).
const CANDIDATES = [0.5, 1, 2, 4, 8] as const
const PRIOR_MEDIAN = 2
const PRIOR_SD = 0.8

/**
 * Returns how much of a chance is left after failures downstream: after n of them a try has
 * p · φ / (φ + n). φ is the exponential of its mean logarithm, given how own timers fared.
 */
export function patienceOf(tries: readonly TimerTry[]): number {
  const logs = CANDIDATES.map((phi) => {
    const prior = -((Math.log(phi / PRIOR_MEDIAN) / PRIOR_SD) ** 2) / 2
    return tries.reduce((sum, one) => sum + Math.log(likelihood(one, phi)), prior)
  })
  const most = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - most))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = CANDIDATES.reduce(
    (sum, phi, i) => sum + (Math.log(phi) * (weights[i] ?? 0)) / total,
    0,
  )
  return Math.exp(mean)
}

/** Returns P(a try settles) after n failures downstream, `chance` being that of a first try. */
export function afterFailures(chance: number, failures: number, patience: number): number {
  return (chance * patience) / (patience + failures)
}

/** Returns P(one of so many ticks in a row settles) after n failures downstream. */
export function anyOfTicks(
  chance: number,
  ticks: number,
  failures: number,
  patience: number,
): number {
  let none = 1
  for (let i = 0; i < ticks; i++) none *= 1 - afterFailures(chance, failures + i, patience)
  return 1 - none
}

function likelihood({ chance, before, settled }: TimerTry, phi: number): number {
  const p = afterFailures(chance, before, phi)
  return Math.max(settled ? p : 1 - p, 1e-12)
}
