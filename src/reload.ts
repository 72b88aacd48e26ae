import type { Config, Given } from './config.ts'
import type { Log } from './log.ts'

/** How the configuration is read again while the program runs. */
export type Reloading = {
  /** What the program was started with. */
  given: Given
  /** Reads it again. @throws ConfigError */
  read(): { given: Given; config: Config }
  /** Calls back whenever it should be read again, until disposed. */
  onWish(listener: () => void): Disposable
}

/** The variables that take effect without a restart, and how each does. */
export type LiveVariables = Readonly<Record<string, (config: Config) => void>>

/**
 * Returns a function that reads the configuration again, puts into effect what may change while the
 * program runs, and says in the log what changed and what needs a restart. A configuration with
 * problems changes nothing. Values are never logged: some are secrets.
 */
export function reloader(reloading: Reloading, live: LiveVariables, log: Log): () => void {
  const inEffect: Record<string, string | undefined> = { ...reloading.given.values }
  return () => {
    const read = attempt(reloading, log)
    if (!read) return
    const { values } = read.given
    const names = new Set([...Object.keys(inEffect), ...Object.keys(values)])
    const different = [...names].filter((name) => values[name] !== inEffect[name]).sort()
    const changed = different.filter((name) => Object.hasOwn(live, name))
    const needRestart = different.filter((name) => !Object.hasOwn(live, name))
    for (const name of changed) {
      live[name]?.(read.config)
      inEffect[name] = values[name]
    }
    const level = needRestart.length > 0 ? 'warn' : 'info'
    log[level]({ changed, needRestart }, 'read the configuration again')
  }
}

function attempt(reloading: Reloading, log: Log): ReturnType<Reloading['read']> | undefined {
  try {
    return reloading.read()
  } catch (error) {
    const problems = error instanceof Error ? error.message.split('\n') : [String(error)]
    log.error({ problems }, 'the configuration has problems; nothing was changed')
    return undefined
  }
}
