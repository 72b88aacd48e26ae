import type { HealthFacts } from '../../src/http/health.ts'
import type { HttpPorts } from '../../src/http/routes.ts'
import { routes } from '../../src/http/routes.ts'
import { serveHttp } from '../../src/http/server.ts'
import { createLog } from '../../src/log.ts'
import { Memory } from '../../src/stats/memory.ts'
import {
  ALICE,
  BOB,
  CAROL,
  channel,
  failed,
  HOUR,
  MINUTE,
  NOON,
  offered,
  refused,
  settled,
} from '../support/events.ts'

/** A name that breaks lines and labels where it is not escaped. */
export const AWKWARD_ALIAS = 'a "quoted\\" \n{name}="1"'

/** A memory of an hour with three channels, of each kind of event one. */
export function hourOfMemory(): Memory {
  const memory = new Memory({ maxChannels: 100, retentionDays: 400 }, NOON)
  memory.streamUp(NOON)
  const alice = channel(ALICE, { peer: { pubkey: `02${'a'.repeat(64)}`, alias: AWKWARD_ALIAS } })
  memory.updateChannels([alice, channel(BOB), channel(CAROL)], NOON)
  const later = NOON + 30 * MINUTE
  memory.record(offered(1), NOON)
  memory.record(settled(1, { at: later }), later)
  memory.record(offered(2), later)
  memory.record(failed(2, { at: later }), later)
  memory.record(refused(3, { at: later, outgoing: CAROL }), later)
  memory.record(refused(4, { at: later, outgoing: ALICE, incoming: BOB }), later)
  // A class that this version has no name for, and a channel that is not ours.
  memory.record(refused(5, { at: later, failureDetail: 4_711 }), later)
  memory.record(refused(6, { at: later, outgoing: '999999x9x9', failureDetail: 22 }), later)
  memory.record(offered(7, { at: later }), later)
  return memory
}

/** What all is well looks like. */
export const WELL: HealthFacts = {
  lnd: { state: 'listening', since: NOON, detail: '0.20.0-beta', reconnects: 2 },
  telegramDownSince: undefined,
  saveFailingSince: undefined,
  savedAt: NOON + HOUR,
}

/** The program as the routes see it; a test changes it as it goes. */
export function ports(): HttpPorts & { facts: HealthFacts } {
  const memory = hourOfMemory()
  const seen = {
    facts: WELL,
    now: () => NOON + HOUR,
    memory,
    health: () => seen.facts,
    state: () => ({
      version: '0.1.0',
      lnd: seen.facts.lnd,
      node: {
        pubkey: `02${'ab'.repeat(32)}`,
        alias: AWKWARD_ALIAS,
        version: '0.20.0-beta commit=v0.20.0-beta',
        network: 'mainnet',
        blockHeight: 900_000,
        syncedToChain: true,
        syncedToGraph: true,
      },
      telegram: {
        username: 'hedgerow_bot',
        chats: 3,
        deadChats: 1,
        lastTroubleAt: undefined,
        droppedReplies: 4,
      },
      waiting: 5,
      alertsFiring: { 'spike.local': 2, 'lnd.down': 0 },
      oldestUntoldMs: 90_000,
      storeBytes: 90_112,
      savedAt: NOON + HOUR,
      saveFailures: 0,
      unsaved: 0,
      analysedAt: NOON,
      analysisMs: 340,
    }),
  }
  return seen
}

/** Serves the routes of these ports on loopback, and asks them. */
export async function served(given: HttpPorts) {
  const listen = { host: '127.0.0.1', port: 0 }
  const server = await serveHttp(listen, routes(given), createLog('silent'))
  return {
    port: server.port,
    ask: (path: string, init?: RequestInit) =>
      fetch(`http://127.0.0.1:${server.port}${path}`, init),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
