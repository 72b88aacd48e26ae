import { connect } from './bot/connection.ts'
import type { CheckDeps, CheckedStore, CheckedTelegram } from './check.ts'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { connectLnd } from './lnd/lnd.ts'
import { createLog } from './log.ts'
import { openStore } from './store/open-store.ts'
import { StoreError } from './store/store-error.ts'

// `check` says itself what is wrong; the log of its parts would say it twice.
const log = createLog('silent')

/** LND, the store and Telegram as they are. */
export const REAL_DEPS: CheckDeps = {
  connectLnd: (config) => connectLnd(config.lnd, { clock: systemClock, log }),
  openStore: openEither,
  openTelegram,
}

/** Opens the store alone, or beside a running program that holds it. */
async function openEither(config: Config): Promise<{ store: CheckedStore; held: boolean }> {
  const options = { url: config.databaseUrl, log, clock: systemClock }
  try {
    return { store: await openStore(options), held: false }
  } catch (error) {
    if (!(error instanceof StoreError && error.problem === 'held')) throw error
    return { store: await openStore({ ...options, lock: false }), held: true }
  }
}

function openTelegram({ telegram, timeZone }: Config): CheckedTelegram {
  const { api } = connect({ ...telegram, timeZone })
  return {
    me: async () => (await api.getMe()).username,
    chat: async (id) => {
      const { title, first_name: firstName } = await api.getChat(id)
      return title ?? firstName ?? 'it can be reached'
    },
  }
}
