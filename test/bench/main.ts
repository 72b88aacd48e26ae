import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { AnalysisTime } from './analysis.ts'
import type { Measured, Task } from './meter.ts'

// `npm run bench [EVENTS] [ROUNDS]`: the whole pipeline (own reader, join, statistics, store)
// against the bare decode, in turn, each run in a process of its own; medians of the same session.
const EVENTS = Number(process.argv[2] ?? 400_000)
const ROUNDS = Number(process.argv[3] ?? 5)
const CHANNELS = [100, 10_000] as const

// What the pipeline must reach on the machine that runs this; the bench fails below it.
const LEAST_RATIO = 0.85
const MOST_SLOWDOWN = 1.2

type Side = 'bare' | 'pipeline'
type Resident = { idleMb: number; rssMb: number; peakMb: number; loadMs: number }
type Medians = Record<Side, Measured>

async function main(): Promise<number> {
  print(`${EVENTS} events a run, medians of ${ROUNDS}, Node ${process.version}\n`)
  await printResident()
  await printAnalysis()
  const ratios: number[] = []
  for (const channels of CHANNELS) {
    const medians = await measure(channels)
    ratios.push(medians.pipeline.eventsPerSecond / medians.bare.eventsPerSecond)
    printSides(channels, medians)
  }
  const [few = 0, many = 0] = ratios
  const slowdown = few / many
  print(`ratio at ${CHANNELS[0]} channels: ${few.toFixed(3)} (target: at least ${LEAST_RATIO})`)
  print(`ratio at ${CHANNELS[1]} channels: ${many.toFixed(3)}, ${slowdown.toFixed(2)} times worse`)
  print(`  (target: at most ${MOST_SLOWDOWN})`)
  return few >= LEAST_RATIO && slowdown <= MOST_SLOWDOWN ? 0 : 1
}

/** Prints what the built program takes of memory, and how soon its figures are back after a start. */
async function printResident(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'missed-sats-bench-'))
  try {
    const url = `sqlite://${join(folder, 'bench.sqlite')}`
    await once(runScript('resident.mjs', ['fill', url]), 'exit')
    const resident = (await firstLine(runScript('resident.mjs', ['run', url]))) as Resident
    print('10000 channels, 8 days of hours on 1000 of them, 1000 events/s for 20 s')
    print(`  idle, nothing known yet: ${resident.idleMb.toFixed(0)} MB (target: at most 100)`)
    print(
      `  with that traffic: ${resident.rssMb.toFixed(0)} MB, at most ${resident.peakMb.toFixed(0)}`,
    )
    print('  (target: at most 170)')
    print(`  figures back after a start: ${resident.loadMs.toFixed(0)} ms (target: at most 2000)\n`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Prints what one analysis of the largest memory takes. */
async function printAnalysis(): Promise<void> {
  const time = (await firstLine(runScript('analysis.ts', []))) as AnalysisTime
  print(`250000 remembered demands, ${time.demands} of them refused, towards 2000 peers`)
  print(`  analysed in ${(time.cpuMs / 1000).toFixed(1)} s of CPU (target: at most 3)`)
  print(`  the event loop was held for ${time.longestDelayMs.toFixed(0)} ms (target: at most 50)\n`)
}

async function measure(channels: number): Promise<Medians> {
  const server = runScript('server.ts', [String(channels), String(EVENTS)])
  try {
    const { port, cert } = (await firstLine(server)) as { port: number; cert: string }
    const runs: Record<Side, Measured[]> = { bare: [], pipeline: [] }
    for (let round = 0; round < ROUNDS; round++) {
      // The order changes each round, so that neither side always comes first.
      const order: Side[] = round % 2 === 0 ? ['bare', 'pipeline'] : ['pipeline', 'bare']
      for (const side of order) runs[side].push(await runSide(side, { port, cert, channels }))
    }
    return { bare: median(runs.bare), pipeline: median(runs.pipeline) }
  } finally {
    server.kill()
  }
}

async function runSide(side: Side, task: Task): Promise<Measured> {
  const child = runScript(`${side}.ts`, [JSON.stringify(task)])
  const exited = once(child, 'exit')
  const measured = (await firstLine(child)) as Measured
  await exited
  if (measured.events === EVENTS) return measured
  throw new Error(`${side} saw ${measured.events} of ${EVENTS} events`)
}

function runScript(name: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(name, import.meta.url))
  const loader = name.endsWith('.ts') ? ['--import', 'tsx'] : []
  return spawn(process.execPath, [...loader, path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function firstLine(child: ChildProcess): Promise<unknown> {
  if (!child.stdout) throw new Error('the child has no output')
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line)
  throw new Error('a part of the bench ended without a result: see above')
}

/** Returns the run whose rate is the middle one, whole, so that its figures belong together. */
function median(runs: readonly Measured[]): Measured {
  const sorted = [...runs].sort((a, b) => a.eventsPerSecond - b.eventsPerSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (!middle) throw new Error('nothing was measured')
  return middle
}

function printSides(channels: number, { bare, pipeline }: Medians): void {
  print(`${channels} channels   events/s   CPU µs/event   RSS MB   peak MB`)
  for (const [name, run] of Object.entries({ bare, pipeline })) {
    const cells = [
      Math.round(run.eventsPerSecond).toString().padStart(10),
      run.cpuMicrosPerEvent.toFixed(2).padStart(14),
      run.rssMb.toFixed(0).padStart(8),
      run.peakRssMb.toFixed(0).padStart(9),
    ]
    print(`  ${name.padEnd(String(channels).length + 9)}${cells.join(' ')}`)
  }
  for (const [window, { first, median }] of Object.entries(pipeline.topMs ?? {})) {
    print(`  /top ${window}: ${median.toFixed(1)} ms (the first time ${first.toFixed(1)} ms)`)
  }
  const cpu = bare.cpuMicrosPerEvent / pipeline.cpuMicrosPerEvent
  print(`  the same ratio by CPU time: ${cpu.toFixed(3)}`)
  print('')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

process.exitCode = await main()
