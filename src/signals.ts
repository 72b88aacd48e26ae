import { closeSync, openSync } from 'node:fs'

// What has not closed 10 seconds after the signal never will (a database closes in well under one).
const LAST_RESORT_MS = 10_000

/** What the operating system tells a running program. */
export type Signals = {
  /** Aborts on SIGINT and SIGTERM; what then still hangs ends with exit code 1. */
  end: AbortSignal
  /** Calls back at each SIGHUP, from now until disposed. */
  onHangUp(listener: () => void): Disposable
}

/**
 * Listens to the signals. A SIGHUP ends the program, too, unless it is a daemon; of one, when the
 * terminal that it was started in is gone.
 */
export function listenToSignals({ isDaemon }: { isDaemon: boolean }): Signals {
  const controller = new AbortController()
  const listeners = new Set<() => void>()
  const end = (): void => {
    controller.abort()
    setTimeout(() => process.exit(1), LAST_RESORT_MS).unref()
  }
  const hangUp = (): void => {
    if (!isDaemon || isTerminalGone()) end()
    else for (const listener of listeners) listener()
  }
  process.on('SIGINT', end).on('SIGTERM', end).on('SIGHUP', hangUp)
  return {
    end: controller.signal,
    onHangUp(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
  }
}

/** Whether the program was started in a terminal that has been closed since. */
function isTerminalGone(): boolean {
  if (!process.stdin.isTTY) return false
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return false
  } catch {
    return true
  }
}
