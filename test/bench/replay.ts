import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replay } from '../../src/replay/replay.ts'
import { listedChannels, writeRecording } from './recording.ts'

// `npm run bench:replay`: a month of a node with 200 channels, some million events of them.
const CHANNELS = 200
const DAYS = 30
// A share of the alerts' bench, in which a channel is busier: 30 million events.
const DEMAND = 0.0351
const MOST_SECONDS = 30

const folder = await mkdtemp(join(tmpdir(), 'missed-sats-replay-'))
try {
  const eventsPath = join(folder, 'events.jsonl')
  const channelsPath = join(folder, 'channels.json')
  const world = { seed: 1, channels: CHANNELS, days: DAYS, demand: DEMAND }
  const events = await writeRecording(eventsPath, world)
  await writeFile(channelsPath, JSON.stringify(listedChannels(CHANNELS)))
  print(`${events} events of ${CHANNELS} channels in ${DAYS} days`)
  await measure('without a list of channels', eventsPath, undefined)
  await measure('with one', eventsPath, channelsPath)
} finally {
  await rm(folder, { recursive: true })
}

async function measure(name: string, eventsPath: string, channelsPath: string | undefined) {
  const start = performance.now()
  const before = process.cpuUsage()
  await replay({
    eventsPath,
    channelsPath,
    policiesPath: undefined,
    json: true,
    out: { write: () => undefined },
    err: process.stderr,
  })
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(before)
  const cpu = (user + system) / 1e6
  print(`${name}: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU (at most ${MOST_SECONDS} s)`)
  if (seconds > MOST_SECONDS) process.exitCode = 1
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
