import { parseArgs } from 'node:util'
import { ESTIMATORS, type Estimator, METHOD, NAIVE, STEPS, withoutStep } from './estimators.ts'
import { KINDS } from './kinds.ts'
import { listen } from './listen.ts'
import type { NodeKind } from './node-kind.ts'
import { beginPeriod } from './period.ts'
import { table, tableBesideNaive } from './tables.ts'
import { truthOf } from './truth.ts'
import { judge, type Verdict } from './verdict.ts'

// `npm run bench:estimate -- [--seeds N] [--days N] [--kind NAME]… [--without STEP]…`: plays simulated
// nodes of several kinds for a week (or so many days) and compares the estimate of what they missed
// with the truth. Where no step is named, each is left out in turn.
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    days: { type: 'string', default: '7' },
    kind: { type: 'string', multiple: true },
    without: { type: 'string', multiple: true },
  },
})

// Each kind draws its nodes from seeds of its own.
const SEEDS_PER_KIND = 1_000
// The memory of attempts reaches no further back.
const MOST_DAYS = 30

/** Verdicts of each estimator, by its name, run by run. */
type Judged = Map<string, Verdict[]>

function main(): void {
  const kinds = chosen('--kind', options.kind, KINDS, ({ name }) => name)
  const steps = chosen('--without', options.without, STEPS, (step) => step)
  const runs = {
    seeds: wholeNumber('--seeds', options.seeds, SEEDS_PER_KIND),
    days: wholeNumber('--days', options.days, MOST_DAYS),
  }
  const estimators = new Map([
    ...ESTIMATORS,
    ...steps.map((step) => [`without ${step}`, withoutStep(step)] as const),
  ])
  const judged = kinds.map((kind) => ({ kind, verdicts: judgeKind(kind, runs, estimators) }))
  printKinds(judged)
  printAll([...estimators.keys()], judged)
}

function judgeKind(
  kind: NodeKind,
  { seeds, days }: { seeds: number; days: number },
  estimators: ReadonlyMap<string, Estimator>,
): Judged {
  const judged: Judged = new Map([...estimators.keys()].map((name) => [name, []]))
  for (let n = 0; n < seeds; n++) {
    const seed = (1 + KINDS.indexOf(kind)) * SEEDS_PER_KIND + n
    const period = beginPeriod(kind, seed, days)
    const memory = listen(period)
    const truth = truthOf(period)
    for (const [name, estimate] of estimators) {
      judged.get(name)?.push(judge(truth, estimate(memory, period.endAt)))
    }
  }
  process.stderr.write(`${kind.name}: ${seeds} runs, ${process.cpuUsage().user / 1e6} s of CPU\n`)
  return judged
}

type JudgedKind = { kind: NodeKind; verdicts: Judged }

function printKinds(judged: readonly JudgedKind[]): void {
  const rows = judged.map(({ kind, verdicts }) => ({
    name: kind.name,
    verdicts: verdicts.get(METHOD) ?? [],
    naive: verdicts.get(NAIVE) ?? [],
  }))
  const all = {
    name: '**all**',
    verdicts: rows.flatMap(({ verdicts }) => verdicts),
    naive: rows.flatMap(({ naive }) => naive),
  }
  print(tableBesideNaive('kind of node', [...rows, all]))
}

function printAll(names: readonly string[], judged: readonly JudgedKind[]): void {
  const rows = names.map((name) => ({
    name,
    verdicts: judged.flatMap(({ verdicts }) => verdicts.get(name) ?? []),
  }))
  print(table('all kinds', rows))
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  throw new RangeError(`${option} must be a whole number from 1 to ${most}, not ${text}`)
}

function chosen<T>(
  option: string,
  names: readonly string[] | undefined,
  all: readonly T[],
  nameOf: (one: T) => string,
): readonly T[] {
  const known = new Map(all.map((one) => [nameOf(one), one]))
  return (names ?? [...known.keys()]).map((name) => {
    const one = known.get(name)
    if (one !== undefined) return one
    throw new RangeError(`${option} knows no ${name}, but: ${[...known.keys()].join(', ')}`)
  })
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`)
}

main()
