#!/usr/bin/env node
import { COMMANDS, UsageError } from './commands.ts'
import { ConfigError } from './config.ts'
import { scrubber } from './log.ts'
import { VERSION } from './version.ts'

const USAGE = `Usage: missed-sats COMMAND

Commands:
  start     watches LND and answers in Telegram; configured by the environment and .env
  demo      the same program on a simulated node, with a chat in the browser and in this terminal
  check     tests every connection and permission and says what to fix
  config    prints the configuration in effect and where each value came from
  pair      prints a new pairing code
  backup FILE
            writes a copy of the memory to a new file, also while the program runs
  export [--format csv|json] [--window 24h|7d|30d] [FOLDER]
            prints what the memory knows, or writes it into a folder; also while the program runs
  replay EVENTS.jsonl [--channels FILE] [--policies FILE] [--json]
            reads a recorded event stream and prints what it says

Options:
  -h, --help     prints this
  -v, --version  prints the version

Exit codes: 0 done, 1 it failed, 2 called or configured wrongly.
`

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

// Whoever reads the output may have read enough (`missed-sats check | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
process.exitCode = await main(process.argv.slice(2))
