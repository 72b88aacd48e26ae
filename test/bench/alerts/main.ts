import { parseArgs } from 'node:util'
import { Judge } from './judge.ts'
import { nothingPlayed, type Played, play } from './play.ts'
import { print, printTally, Tally } from './table.ts'
import { type Target, targetsOf } from './targets.ts'
import { World } from './world.ts'

// A full run: 5,000 channel-weeks of ordinary life and 1,000 full of timers and amount searches.
const WORLDS = { ordinary: 10, probes: 2 } as const
const BUDGET_CHANNELS = 500

type Scenario = keyof typeof WORLDS

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'ordinary,probes' },
    channels: { type: 'string', default: '100' },
    weeks: { type: 'string', default: '5' },
    worlds: { type: 'string' },
    seed: { type: 'string', default: '1001' },
    verbose: { type: 'boolean', default: false },
  },
})

const scenarios = values.scenario.split(',') as Scenario[]
const missed: Target[] = []
for (const scenario of scenarios) missed.push(...runScenario(scenario))
if (missed.length > 0) process.exitCode = 1

function runScenario(scenario: Scenario): Target[] {
  const tally = new Tally()
  const sum = nothingPlayed()
  const [channels, weeks] = [Number(values.channels), Number(values.weeks)]
  const worlds = Number(values.worlds ?? WORLDS[scenario])
  for (let i = 0; i < worlds; i++) {
    const seed = Number(values.seed) + i
    const world = new World({ seed, channels, weeks, hasProbes: scenario === 'probes' })
    const judge = new Judge(world)
    const played = play(world, weeks, judge, BUDGET_CHANNELS)
    tally.add(world, judge, { seed, weeks })
    for (const key of Object.keys(sum) as (keyof Played)[]) sum[key] += played[key]
    process.stderr.write(`${scenario}: world ${i + 1} of ${worlds}, ${tally.falseBy}\n`)
  }
  print(`\n${scenario}\n`)
  printTally(tally)
  printSpeed(sum, tally)
  if (values.verbose)
    for (const one of tally.falseAlarms) print(JSON.stringify({ ...one, incident: undefined }))
  return printTargets(targetsOf(scenario, tally))
}

function printSpeed(sum: Played, { channelWeeks }: Tally): void {
  const perMinute = (1000 * sum.judgingMs) / (channelWeeks * 10_080)
  const perEvent = (1000 * sum.countingMs) / sum.events
  print('')
  print(
    `${sum.events} events: ${seconds(sum.worldMs)} to draw them, ${seconds(sum.memoryMs)} to take in`,
  )
  print(
    `${perMinute.toFixed(2)} µs per channel-minute to judge, ${perEvent.toFixed(2)} µs per event to count`,
  )
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(0)} s`
}

function printTargets(targets: readonly Target[]): Target[] {
  print('')
  for (const { name, isMet, measured } of targets)
    print(`${isMet ? 'met   ' : 'MISSED'} ${name}: ${measured}`)
  return targets.filter(({ isMet }) => !isMet)
}
