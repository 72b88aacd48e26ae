#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Config, ConfigError, parseConfig, secretsOf, unusedVariables } from './config.ts'
import { createLog, scrubber } from './log.ts'

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

/** Says how the program was called wrongly; ends with exit code 2. */
class UsageError extends Error {}

type Options = {
  channels?: string | undefined
  policies?: string | undefined
  json?: boolean | undefined
}
type Command = (operands: readonly string[], options: Options) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = {
  async start() {
    const config = readConfig()
    warnOfUnused(config)
    const { run } = await import('./app.ts')
    await run(config, abortOnSignal())
    return 0
  },
  async demo() {
    const { demo } = await import('./demo/demo.ts')
    await demo({ in: process.stdin, out: process.stdout, signal: abortOnSignal() })
    return 0
  },
  async check() {
    const { checkProblems } = await import('./check.ts')
    const problems = configProblems()
    if (problems) return checkProblems(problems, printLine)
    const { check } = await import('./check.ts')
    return check(readConfig(), printLine)
  },
  async pair() {
    const { pair } = await import('./pair.ts')
    return pair(readConfig(), printLine)
  },
  async replay(operands, { channels, policies, json }) {
    const [eventsPath, ...rest] = operands
    if (eventsPath === undefined) throw new UsageError('replay needs a file of events')
    if (rest.length > 0) throw new UsageError('replay reads one file of events')
    const { replay } = await import('./replay.ts')
    return replay({
      eventsPath,
      channelsPath: channels,
      policiesPath: policies,
      json: json ?? false,
      out: process.stdout,
      err: process.stderr,
    })
  },
}
