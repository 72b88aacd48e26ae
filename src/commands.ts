import { type ParseArgsConfig, parseArgs } from 'node:util'
import { systemClock } from './clock.ts'
import {
  type Config,
  configOf,
  databaseUrlOf,
  type Environment,
  type Given,
  parseConfig,
  readVariables,
} from './config.ts'
import { merged, readSources } from './environment.ts'
import { scrubber } from './log.ts'
import { listenToSignals } from './signals.ts'

/** Says how the program was called wrongly; it ends with exit code 2. */
export class UsageError extends Error {}

/** Runs one command and returns the exit code. Its module is loaded when it is called for. */
export type Command = (args: string[]) => Promise<number>

const REPLAY_OPTIONS = {
  channels: { type: 'string' },
  policies: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const EXPORT_OPTIONS = {
  format: { type: 'string', default: 'json' },
  window: { type: 'string', default: '7d' },
} as const

/** The commands by name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  start: async (args) => {
    readArgs({ args })
    const signals = listenToSignals({ isDaemon: true })
    const { given, config } = readAll()
    const { run } = await import('./app.ts')
    const reloading = { given, read: readAll, onWish: signals.onHangUp }
    await run(config, signals.end, systemClock, reloading)
    return 0
  },
  demo: async (args) => {
    readArgs({ args })
    const { end } = listenToSignals({ isDaemon: false })
    const { runDemo } = await import('./demo/demo.ts')
    const { run } = await import('./app.ts')
    await runDemo({ input: process.stdin, output: process.stdout, signal: end, run })
    return 0
  },
  check: async (args) => {
    readArgs({ args })
    const { config } = readAll()
    const { check } = await import('./check/check.ts')
    return await check(config, printLine)
  },
  pair: async (args) => {
    readArgs({ args })
    const { config } = readAll()
    const { pair } = await import('./pair.ts')
    return await pair(config, printLine)
  },
  config: async (args) => {
    readArgs({ args })
    const sources = readSources()
    const { configReport } = await import('./config-report.ts')
    // A secret may have been put where none belongs.
    for (const line of configReport(sources)) printLine(scrubber([])(line))
    // Says on stderr what is wrong, as `start` would.
    parseConfig(merged(sources))
    return 0
  },
  backup: async (args) => {
    const file = onlyOne(readArgs({ args, allowPositionals: true }).positionals)
    if (file === undefined) throw new UsageError('backup writes one file')
    const { backup } = await import('./backup.ts')
    return await backup(readDatabaseUrl(), file, printLine)
  },
  export: async (args) => {
    const { values, positionals } = readArgs({
      args,
      options: EXPORT_OPTIONS,
      allowPositionals: true,
    })
    if (positionals.length > 1) throw new UsageError('export writes to one folder')
    const { exportMemory, isExportFormat, isExportWindow } = await import('./export.ts')
    const { format, window } = values
    if (!isExportFormat(format)) throw new UsageError('--format must be csv or json')
    if (!isExportWindow(window)) throw new UsageError('--window must be 24h, 7d or 30d')
    const url = readDatabaseUrl()
    return await exportMemory({ url, format, window, folder: positionals[0], out: process.stdout })
  },
  replay: async (args) => {
    const { values, positionals } = readArgs({
      args,
      options: REPLAY_OPTIONS,
      allowPositionals: true,
    })
    const eventsPath = onlyOne(positionals)
    if (eventsPath === undefined) throw new UsageError('replay reads one file of events')
    const { replay } = await import('./replay/replay.ts')
    return await replay({
      eventsPath,
      channelsPath: values.channels,
      policiesPath: values.policies,
      json: values.json,
      out: process.stdout,
      err: process.stderr,
    })
  },
}

function readArgs<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function onlyOne(words: readonly string[]): string | undefined {
  return words.length === 1 ? words[0] : undefined
}

function readEnvironment(): Environment {
  return merged(readSources())
}

function readAll(): { given: Given; config: Config } {
  const given = readVariables(readEnvironment())
  return { given, config: configOf(given) }
}

/** What works on the database alone asks for no other variable. */
function readDatabaseUrl(): string {
  return databaseUrlOf(readVariables(readEnvironment()))
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
