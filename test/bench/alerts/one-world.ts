import { Judge } from './judge.ts'
import { play } from './play.ts'
import { reportOf } from './report.ts'
import { World, type WorldOptions } from './world.ts'

// Sensitivity Normal with the thresholds of a node of 500 channels, whatever the size of the world.
const BUDGET_CHANNELS = 500

// A process of its own for each world: they share nothing, and a machine has several cores.
const options = JSON.parse(process.argv[2] ?? '') as WorldOptions
const world = new World(options)
const judge = new Judge(world)
const played = play(world, options.weeks, judge, BUDGET_CHANNELS)
// On a shared machine the process gets a part of a core: what counts is the part that it used.
const { user, system } = process.cpuUsage()
const share = Math.min(1, (user + system) / 1000 / performance.now())
process.stdout.write(JSON.stringify(reportOf(world, judge, { ...options, played, share })))
