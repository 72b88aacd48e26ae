import { createPairingCode } from './bot/pairing.ts'
import { systemClock } from './clock.ts'
import { type Config, secretsOf } from './config.ts'
import { createLog } from './log.ts'
import { openStore } from './store/open-store.ts'

/**
 * Prints a new pairing code, which a running program accepts, too: it is written to its store.
 * Returns the exit code. @throws StoreError when the store cannot be used.
 */
export async function pair(config: Config, print: (line: string) => void): Promise<number> {
  const log = createLog(config.logLevel, secretsOf(config))
  await using store = await openStore({ url: config.databaseUrl, log, lock: false })
  const code = await createPairingCode(store, systemClock.now())
  print(`Send this to the bot within 15 minutes:\n\n  /start ${code}\n`)
  return 0
}
