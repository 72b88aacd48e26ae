import type { LndState } from '../lightning/node-status.ts'
import { parseScid } from '../lightning/scid.ts'
import type { Connection } from './connection.ts'
import { type LndError, lndErrorOf } from './errors.ts'
import type { LndTimings } from './timings.ts'
import { METHODS, type Method, requests } from './wire.ts'

/** Whether the macaroon permits one of the calls that the program makes. */
export type Permission = { rpc: string; ok: boolean; problem: string | undefined }

// A refusal of another kind, such as an unknown channel, shows that the call was let in.
const REFUSALS: ReadonlySet<LndState> = new Set([
  'unreachable',
  'wallet-missing',
  'locked',
  'starting',
  'bad-certificate',
  'bad-macaroon',
  'no-permission',
  'too-old',
])

const NO_SUCH_CHANNEL = parseScid('1x1x1') ?? '1x1x1'

/** Tries each call of the program once, one after the other. Never rejects. */
export async function tryPermissions(
  connection: Connection,
  timings: LndTimings,
): Promise<readonly Permission[]> {
  const calls: readonly (readonly [Method, object])[] = [
    [METHODS.getState, {}],
    [METHODS.getInfo, {}],
    [METHODS.listChannels, requests.listChannels()],
    [METHODS.getChanInfo, requests.chanInfo(NO_SUCH_CHANNEL)],
    [METHODS.forwardingHistory, requests.forwards(0, 1, 0, 1)],
    [METHODS.pendingChannels, {}],
  ]
  const results: Permission[] = []
  for (const [method, request] of calls) {
    const attempt = connection.call(method, request)
    results.push(permissionOf(method, await attempt.then(() => undefined, lndErrorOf)))
  }
  for (const method of [METHODS.subscribeHtlcEvents, METHODS.subscribeChannelEvents]) {
    const attempt = tryStream(connection, method, timings.streamProbeMs)
    results.push(permissionOf(method, await attempt.catch(lndErrorOf)))
  }
  return results
}

function permissionOf(method: Method, error: LndError | undefined): Permission {
  const refused = error !== undefined && REFUSALS.has(error.state)
  return { rpc: method.path, ok: !refused, problem: refused ? error.message : undefined }
}

// LND refuses a stream at once, but says nothing when it permits one until there is something to say.
async function tryStream(
  connection: Connection,
  method: Method,
  waitMs: number,
): Promise<LndError | undefined> {
  const stream = connection.stream(await connection.session(), method, method.responseDeserialize)
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(undefined), waitMs)
    const done = (error: LndError | undefined) => {
      clearTimeout(timer)
      stream.cancel()
      resolve(error)
    }
    stream.once('data', () => done(undefined))
    stream.once('end', () => done(undefined))
    stream.on('error', (error) => done(lndErrorOf(error)))
  })
}
