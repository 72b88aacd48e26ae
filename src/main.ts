#!/usr/bin/env node
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type Config, ConfigError, parseConfig, secretsOf, unusedVariables } from './config.ts'
import { createLog, scrubber } from './log.ts'
import { VERSION } from './version.ts'

const USAGE = `Usage: missed-sats COMMAND

Commands:
  start     watches LND and answers in Telegram; configured by the environment and .env
  demo      the same program on a simulated node, with a chat in this terminal
  check     tests every connection and permission and says what to fix
  pair      prints a new pairing code
  replay EVENTS.jsonl [--channels FILE] [--policies FILE] [--json]
            reads a recorded event stream and prints what it says

Options:
  -h, --help     prints this
  -v, --version  prints the version

Exit codes: 0 done, 1 it failed, 2 called or configured wrongly.
`

// What has not closed 10 seconds after the signal never will (a database closes in well under one).
const LAST_RESORT_MS = 10_000

const REPLAY_OPTIONS = {
  channels: { type: 'string' },
  policies: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** Says how the program was called wrongly; it ends with exit code 2. */
class UsageError extends Error {}

/** Runs one command and returns the exit code. Its module is loaded when it is called for. */
type Command = (args: string[]) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = {
  start: async (args) => {
    readArgs({ args })
    const config = readConfig()
    warnOfUnused(config)
    const { run } = await import('./app.ts')
    await run(config, abortOnSignal())
    return 0
  },
  demo: async (args) => {
    readArgs({ args })
    const { runDemo } = await import('./demo/demo.ts')
    const { run } = await import('./app.ts')
    await runDemo({ input: process.stdin, output: process.stdout, signal: abortOnSignal(), run })
    return 0
  },
  check: async (args) => {
    readArgs({ args })
    const config = readConfig()
    const { check } = await import('./check.ts')
    return await check(config, (line) => process.stdout.write(`${line}\n`))
  },
  pair: async (args) => {
    readArgs({ args })
    const config = readConfig()
    const { pair } = await import('./pair.ts')
    return await pair(config, (line) => process.stdout.write(`${line}\n`))
  },
  replay: async (args) => {
    const { values, positionals } = readArgs({
      args,
      options: REPLAY_OPTIONS,
      allowPositionals: true,
    })
    const [eventsPath, ...rest] = positionals
    if (eventsPath === undefined || rest.length > 0) {
      throw new UsageError('replay reads one file of events')
    }
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

/** Runs the program with its arguments and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (args.includes('--help') || name === '-h') return print(USAGE)
  if (name === '--version' || name === '-v') return print(`${VERSION}\n`)
  try {
    const command = name !== undefined && Object.hasOwn(COMMANDS, name) && COMMANDS[name]
    if (!command) throw new UsageError(name ? `there is no command ${name}` : 'no command given')
    return await command(rest)
  } catch (error) {
    return fail(error)
  }
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

/** Says on stderr what went wrong, without secrets, and returns the exit code. */
function fail(error: unknown): number {
  const message = scrubber([])(error instanceof Error ? error.message : String(error))
  if (error instanceof UsageError) process.stderr.write(`missed-sats: ${message}\n\n${USAGE}`)
  else if (error instanceof ConfigError) process.stderr.write(`${message}\n`)
  else process.stderr.write(`missed-sats: ${message}\n`)
  return error instanceof UsageError || error instanceof ConfigError ? 2 : 1
}

function readArgs<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function readConfig(): Config {
  loadDotEnv()
  return parseConfig(process.env)
}

/** Reads `.env` of the working folder if there is one; what the environment sets already stays. */
function loadDotEnv(): void {
  try {
    process.loadEnvFile('.env')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    if (code !== 'ENOENT') throw new ConfigError([`.env cannot be read (${code})`])
  }
}

function warnOfUnused(config: Config): void {
  const variables = unusedVariables(process.env)
  if (variables.length === 0) return
  const log = createLog(config.logLevel, secretsOf(config))
  log.warn({ variables }, 'this version does not use these variables')
}

/** Returns a signal that aborts on SIGINT, SIGTERM and SIGHUP; what then still hangs ends with exit code 1. */
function abortOnSignal(): AbortSignal {
  const controller = new AbortController()
  const abort = (): void => {
    controller.abort()
    setTimeout(() => process.exit(1), LAST_RESORT_MS).unref()
  }
  process.on('SIGINT', abort)
  process.on('SIGTERM', abort)
  process.on('SIGHUP', abort)
  return controller.signal
}

// Whoever reads the output may have read enough (`missed-sats check | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
process.exitCode = await main(process.argv.slice(2))
