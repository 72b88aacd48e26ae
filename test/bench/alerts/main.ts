import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import type { WorldReport } from './report.ts'
import { print, printTally, Tally } from './table.ts'
import { type Scenario, type Target, targetsOf } from './targets.ts'
import type { WorldOptions } from './world.ts'

// A full run: 5,000 channel-weeks of ordinary life and 1,000 full of timers and amount searches.
const WORLDS: Readonly<Record<Scenario, number>> = { ordinary: 10, probes: 2 }
const ONE_WORLD = fileURLToPath(new URL('one-world.ts', import.meta.url))
const MAX_REPORT = 64 * 2 ** 20

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'ordinary,probes' },
    channels: { type: 'string', default: '100' },
    weeks: { type: 'string', default: '5' },
    worlds: { type: 'string' },
    seed: { type: 'string', default: '1001' },
    jobs: { type: 'string', default: '2' },
    verbose: { type: 'boolean', default: false },
  },
})

const missed: Target[] = []
for (const scenario of values.scenario.split(',') as Scenario[]) {
  missed.push(...(await runScenario(scenario)))
}
if (missed.length > 0) process.exitCode = 1

async function runScenario(scenario: Scenario): Promise<Target[]> {
  const tally = new Tally()
  const seeds = Array.from(
    { length: Number(values.worlds ?? WORLDS[scenario]) },
    (_, i) => Number(values.seed) + i,
  )
  const work = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      tally.add(await runWorld(scenario, seed))
      process.stderr.write(`${scenario}: world ${seed} done; false alarms: ${tally.falseBy}\n`)
    }
  }
  await Promise.all(Array.from({ length: Number(values.jobs) }, work))
  print(`\n${scenario}\n`)
  printTally(tally)
  if (values.verbose) for (const one of tally.falseAlarms) print(JSON.stringify(one))
  return printTargets(targetsOf(scenario, tally))
}

async function runWorld(scenario: Scenario, seed: number): Promise<WorldReport> {
  const options: WorldOptions = {
    seed,
    channels: Number(values.channels),
    weeks: Number(values.weeks),
    hasProbes: scenario === 'probes',
  }
  const args = [...process.execArgv, ONE_WORLD, JSON.stringify(options)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: MAX_REPORT })
  return JSON.parse(stdout) as WorldReport
}

function printTargets(targets: readonly Target[]): Target[] {
  print('')
  for (const { name, isMet, measured } of targets) {
    print(`${isMet ? 'met   ' : 'MISSED'} ${name}: ${measured}`)
  }
  return targets.filter(({ isMet }) => !isMet)
}
