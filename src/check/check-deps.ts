import { connect } from '../bot/connection.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { NodeInfo } from '../lightning/channel.ts'
import { connectLnd } from '../lnd/lnd.ts'
import { connectLndManage } from '../lnd-manage/lnd-manage.ts'
import { createLog } from '../log.ts'
import { openStore } from '../store/open-store.ts'
import { StoreError } from '../store/store-error.ts'
import { type Way, wayToListen, wayToLnd, wayToPing, wayToTelegram } from './check-ways.ts'

/** What `check` asks of LND; every method may throw an error with the `state` that it shows. */
export type CheckedLnd = AsyncDisposable & {
  nodeInfo(): Promise<NodeInfo>
  permissions(): Promise<readonly { rpc: string; ok: boolean; problem: string | undefined }[]>
}

/** What `check` finds of the store. `claim` throws when it is another node's. */
export type CheckedStore = AsyncDisposable & {
  sizeBytes(): Promise<number>
  claim(pubkey: string): Promise<void>
}

/** What `check` asks of Telegram. */
export type CheckedTelegram = {
  /** Returns the bot's name. */
  me(): Promise<string>
  /** Returns the title or the name of a chat that the bot can see. */
  chat(id: number): Promise<string>
}

/** What `check` asks of lnd-manage; throws an error that says why there is no answer. */
export type CheckedLndManage = AsyncDisposable & {
  blockHeight(): Promise<number>
}

/** How `check` reaches what it tests. */
export type CheckDeps = {
  connectLnd(config: Config): CheckedLnd
  /** Opens the store; `held` when a running missed-sats has it open. */
  openStore(config: Config): Promise<{ store: CheckedStore; held: boolean }>
  openTelegram(config: Config): CheckedTelegram
  ways: {
    toLnd(config: Config): Way
    toTelegram(config: Config): Way
    toListen(config: Config): Way
    toPing(config: Config): Way
  }
  connectLndManage(url: string): CheckedLndManage
}

// `check` says itself what is wrong; the log of its parts would say it twice.
const log = createLog('silent')

/** LND, the store and Telegram as they are. */
export const REAL_DEPS: CheckDeps = {
  connectLnd: (config) => connectLnd(config.lnd, { clock: systemClock, log }),
  openStore: openEither,
  openTelegram,
  ways: { toLnd: wayToLnd, toTelegram: wayToTelegram, toListen: wayToListen, toPing: wayToPing },
  connectLndManage: (url) => connectLndManage(url, { clock: systemClock, log }),
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
